/** Where a session lives, as `LiveSession` sees it: in its cookie (cookie-keeper.ts) or in a store (store-keeper.ts). */
import type { Fields } from '../../fields/index.ts';
import type { Changes, SessionData } from './session-data.ts';

/** What the app has done with a session. */
export interface Draft {
	readonly changes: Changes;
	readonly rotated: boolean;
	/** Destroyed first; `changes` came afterwards. */
	readonly destroyed: boolean;
}

export interface SessionCounts {
	/** Sessions that were found, for requests that asked. */
	read: number;
	/** Cookies that were no session: forged, expired, unknown, destroyed. */
	refused: number;
	written: number;
	destroyed: number;
	/** Changes of a session that was destroyed or rotated away meanwhile. */
	dropped: number;
}

export interface Keeper {
	/** The session that a request brings; null when it brings none that is good. */
	load(fields: Fields): SessionData | null | Promise<SessionData | null>;
	/** Keeps what has changed. The value for Set-Cookie, or null when the browser needs none. `held` is what `load` gave. */
	keep(fields: Fields, held: SessionData | null, draft: Draft): string | null | Promise<string | null>;
}

export const NOTHING: ReadonlyMap<string, unknown> = new Map();
