/** 1xx responses on their way to the client. */
import { type Context, DerivedContext } from '../../convention/index.ts';
import type { Fields } from '../../fields/index.ts';
import type { Scrubber } from './scrubber.ts';

export class ScrubbedContext extends DerivedContext {
	private readonly scrubber: Scrubber;

	constructor(outer: Context, scrubber: Scrubber) {
		super(outer);
		this.scrubber = scrubber;
	}

	override inform(status: number, fields?: Fields): void {
		this.outer.inform(status, fields === undefined ? undefined : this.scrubber.fields(fields));
	}
}
