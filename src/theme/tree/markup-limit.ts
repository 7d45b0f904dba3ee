/** Markup that is nested too deeply or has too many nodes to be worth reading; who reads it lets the page through. */
export class MarkupLimit extends Error {
	readonly limit: 'depth' | 'nodes';

	constructor(limit: 'depth' | 'nodes', most: number) {
		super(limit === 'depth' ? `Elements are nested more than ${most} deep.` : `There are more than ${most} nodes.`);
		this.name = 'MarkupLimit';
		this.limit = limit;
	}
}
