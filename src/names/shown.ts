/** The longest text that is shown of a value. */
const LONGEST = 80;

/** A value that was given, for the message that refuses it: in one line, and not the whole of something long. Never throws. */
export function shown(value: unknown): string {
	const text = textOf(value);
	return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function textOf(value: unknown): string {
	if (typeof value === 'bigint') return `${value}n`;
	// JSON has neither NaN nor Infinity.
	if (typeof value === 'number') return String(value);
	if (typeof value === 'function') return 'a function';
	try {
		return JSON.stringify(value) ?? String(value);
	} catch {
		// A client of some library, with circles in it, or a symbol.
		return typeof value === 'object' ? 'an object' : typeof value;
	}
}
