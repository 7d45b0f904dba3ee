/** What the old site remembers while it runs, and what a page is given to answer with. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Sessions } from './sessions.ts';
import { Visitors } from './visitors.ts';

export class Site {
	readonly sessions = new Sessions();
	readonly visitors = new Visitors();
	/** The address it believes to be its own, as once written into its configuration. */
	readonly address: string;
	visits = 1931;
	messages = 0;

	constructor(address: string) {
		this.address = address;
	}
}

/** One request to the old site, and what the site knows. */
export interface Visit {
	readonly site: Site;
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly query: URLSearchParams;
}
