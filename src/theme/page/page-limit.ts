/** A page cannot be finished within its limits. */
export class PageLimit extends Error {
	readonly limit: string;

	constructor(limit: string, message: string) {
		super(message);
		this.name = 'PageLimit';
		this.limit = limit;
	}
}
