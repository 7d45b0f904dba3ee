/** How large the body of a request may be. */
import { checkNames, shown } from '../../names/index.ts';

export interface BodyLimitOptions {
	/** The most bytes, as they come over the wire; 0 is none at all. */
	readonly limit: number;
}

/** Throws TypeError or RangeError for what cannot be meant, naming the option. */
export function bytesOf(options: number | BodyLimitOptions): number {
	if (typeof options !== 'number' && (typeof options !== 'object' || options === null)) {
		throw new TypeError(`bodyLimit: ${shown(options)} is neither a number of bytes nor options`);
	}
	if (typeof options === 'object') checkNames('bodyLimit: ', options, ['limit']);
	const limit: unknown = typeof options === 'number' ? options : options.limit;
	if (typeof limit !== 'number') throw new TypeError(`bodyLimit: limit is ${shown(limit)}, not a number`);
	if (!Number.isSafeInteger(limit) || limit < 0)
		throw new RangeError(`bodyLimit: limit is ${limit}, not a whole number from 0`);
	return limit;
}
