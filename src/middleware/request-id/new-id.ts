/**
 * New ids: 26 characters in the form of a ULID, the time first, so that they sort by it. Behind the milliseconds stand 80
 * random bits, drawn many at a time: an id that was seen tells nothing about the next one.
 */

/** Crockford's digits: none that is taken for another. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Any ten bits as two digits. */
const PAIRS: readonly string[] = Array.from({ length: 1024 }, (_, bits) => digit(bits >> 5) + digit(bits));

function digit(bits: number): string {
	return DIGITS[bits & 31] as string;
}

/** Ids for which one draw is enough. */
const DRAWN = 512;
/** Numbers of 16 bits, of which ten are used. */
const PER_ID = 8;

const pool = new Uint16Array(DRAWN * PER_ID);
let left = 0;
let millisecond = -1;
let time = '';

/** A new id. */
export function newId(): string {
	const now = Date.now();
	if (now !== millisecond) {
		millisecond = now;
		time = timeText(now);
	}
	if (left === 0) {
		crypto.getRandomValues(pool);
		left = pool.length;
	}
	left -= PER_ID;
	return time + pair(0) + pair(1) + pair(2) + pair(3) + pair(4) + pair(5) + pair(6) + pair(7);
}

function pair(at: number): string {
	return PAIRS[(pool[left + at] as number) & 1023] as string;
}

/** 48 bits of milliseconds in ten digits. */
function timeText(milliseconds: number): string {
	let text = '';
	let rest = milliseconds;
	for (let i = 0; i < 5; i++) {
		text = (PAIRS[rest % 1024] as string) + text;
		rest = Math.floor(rest / 1024);
	}
	return text;
}
