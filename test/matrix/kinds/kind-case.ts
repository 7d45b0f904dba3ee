/** What a case is that every kind of app is asked: a sentence that holds, or what holds instead for a kind that cannot. */
import type { Bench } from '../case.ts';
import type { Kind } from './kinds.ts';

/** What a kind of app cannot do, by its own nature or by that of the server that runs it. */
export type Gap =
	/** It has no words for a connection that is handed over. */
	| 'no tunnels'
	/** It is asked for the path below the mount, and not told what was taken off. */
	| 'untold mounts'
	/** `%2F` in a segment is left to the app to decode. */
	| 'encoded slashes'
	/** Paths are decoded before they are split. */
	| 'decoded paths'
	/** A generator that throws ends the body as if all were well. */
	| 'swallowed failures'
	/** The server says nothing at all when the app throws. */
	| 'silent failures'
	/** A body without a length ends where the connection does, or looks as if it did. */
	| 'unseen truncation'
	/** A body of unknown length is taken in whole before the app is asked. */
	| 'whole bodies'
	/** And that is bounded by a megabyte. */
	| 'bounded bodies'
	/** The body of a POST is read before the script begins; others in blocks of 16 KiB. */
	| 'POST first'
	/** Who does not write is not told that the client has left. */
	| 'unseen departures';

/** What is seen where a kind has that gap. */
export interface Substitute {
	/** For the page: in a few words. */
	readonly otherwise: string;
	readonly run: (bench: Bench) => Promise<void>;
}

export interface KindCase {
	/** A behaviour, as a sentence. */
	readonly name: string;
	readonly run: (bench: Bench) => Promise<void>;
	readonly instead?: Partial<Record<Gap, Substitute>>;
}

export interface KindTheme {
	readonly title: string;
	readonly cases: readonly KindCase[];
}

/** What is run for that kind instead of the case, if it has a gap there. */
export function substitute({ gaps }: Kind, { instead }: KindCase): Substitute | null {
	for (const gap of gaps) {
		const found = instead?.[gap];
		if (found !== undefined) return found;
	}
	return null;
}
