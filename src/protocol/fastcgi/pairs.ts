/**
 * Name-value pairs (section 3.4): two lengths, then the two byte strings. A length below 128 is one byte; any other is four
 * with the first bit set. Strings are latin1 here, one byte in each code unit, so that a head leaves as one text.
 */

/** A pair longer than this cannot be said. */
const MOST = 0x7fffffff;

/** One pair. Throws RangeError for what is too long. */
export function pair(name: string, value: string): string {
	return length(name.length) + length(value.length) + name + value;
}

/** A name that is used often, with its length made ready. */
export interface PreparedName {
	readonly length: string;
	readonly name: string;
}

export function preparedName(name: string): PreparedName {
	return { length: length(name.length), name };
}

/** The same as `pair`, for such a name. */
export function pairOf({ length: nameLength, name }: PreparedName, value: string): string {
	return nameLength + length(value.length) + name + value;
}

function length(number: number): string {
	if (number < 0x80) return String.fromCharCode(number);
	if (number > MOST) throw new RangeError('A FastCGI parameter is too long');
	return String.fromCharCode((number >>> 24) | 0x80, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff);
}

/** All pairs of a complete stream, in order; null when it is malformed. */
export function parsePairs(text: string): [name: string, value: string][] | null {
	const pairs: [string, string][] = [];
	let at = 0;
	const number = (): number => {
		const first = text.charCodeAt(at);
		if (first < 0x80) {
			at++;
			return first;
		}
		const rest = (text.charCodeAt(at + 1) << 16) | (text.charCodeAt(at + 2) << 8) | text.charCodeAt(at + 3);
		at += 4;
		return ((first & 0x7f) << 24) | rest;
	};
	while (at < text.length) {
		const nameLength = number();
		if (at >= text.length) return null;
		const valueLength = number();
		if (at + nameLength + valueLength > text.length) return null;
		pairs.push([text.slice(at, at + nameLength), text.slice(at + nameLength, at + nameLength + valueLength)]);
		at += nameLength + valueLength;
	}
	return pairs;
}
