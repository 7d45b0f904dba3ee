/**
 * JSON in ASCII alone, whatever encoding a log is read in. A log takes a character for a byte: one beyond them, U+010A say,
 * would end up as the end of a line.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const PLAIN = /^[ !#-[\]-~]*$/;
const NOT_ASCII = /[^\x00-\x7e]/g;

/** A text as JSON has it. */
export function quotedText(value: string): string {
	return PLAIN.test(value) ? '"' + value + '"' : asciiJson(JSON.stringify(value));
}

/** What JSON.stringify has made. */
export function asciiJson(json: string): string {
	return json.replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
