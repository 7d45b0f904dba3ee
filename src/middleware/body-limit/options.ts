/** How large the body of a request may be. */
import { checkNames, shown } from '../../names/index.ts';

export interface BodyLimitOptions {
	/** The most bytes, as they come over the wire; 0 is none at all. */
	readonly bytes: number;
}

/** Throws TypeError or RangeError for what cannot be meant, naming the option. */
export function bytesOf(options: number | BodyLimitOptions): number {
	if (typeof options !== 'number' && (typeof options !== 'object' || options === null)) {
		throw new TypeError(`bodyLimit: ${shown(options)} is neither a number of bytes nor options`);
	}
	if (typeof options === 'object') checkNames('bodyLimit: ', options, ['bytes']);
	const bytes: unknown = typeof options === 'number' ? options : options.bytes;
	if (typeof bytes !== 'number') throw new TypeError(`bodyLimit: bytes is ${shown(bytes)}, not a number`);
	if (!Number.isSafeInteger(bytes) || bytes < 0)
		throw new RangeError(`bodyLimit: bytes is ${bytes}, not a whole number from 0`);
	return bytes;
}
