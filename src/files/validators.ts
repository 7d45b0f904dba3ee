/** ETag and Last-Modified of a file (RFC 9110 section 8.8). */
import type { BigIntStats } from 'node:fs';
import { type EntityTag, formatHttpDate } from '../fields/index.ts';

export interface Validators {
	readonly tag: EntityTag;
	/** Milliseconds, whole seconds. */
	readonly modified: number;
	/** As fields. */
	readonly etag: string;
	readonly lastModified: string;
}

/** A file that changed this recently may change again within what its clock can tell apart (section 8.8.1). */
const SETTLED = 2_000;
const LATEST = 253_402_300_799_000;

/** From the moment of change, to the nanosecond, and the size. `coding` tells a compressed variant from its original. */
export function validatorsOf(stat: BigIntStats, coding: string, now: number): Validators {
	const milliseconds = Math.min(Math.max(Number(stat.mtimeMs), 0), LATEST);
	const opaque = `"${stat.mtimeNs.toString(36)}-${stat.size.toString(36)}${coding === '' ? '' : `-${coding}`}"`;
	const weak = now - milliseconds < SETTLED;
	// RFC 9110 section 8.8.2.1: never later than the response itself.
	const modified = Math.floor(Math.min(milliseconds, now) / 1000) * 1000;
	return {
		tag: { weak, opaque },
		modified,
		etag: weak ? `W/${opaque}` : opaque,
		lastModified: formatHttpDate(modified),
	};
}
