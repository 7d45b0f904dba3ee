/** Digits and nothing else (RFC 9110 section 8.6 and others): no sign, no space, no number that could not be counted up to. */

/** The number, or -1 when `text` is none. */
export function wholeNumber(text: string): number {
	const { length } = text;
	if (length === 0 || length > 16) return -1;
	let number = 0;
	for (let i = 0; i < length; i++) {
		const digit = text.charCodeAt(i) - 0x30;
		if (digit < 0 || digit > 9) return -1;
		number = number * 10 + digit;
	}
	return number <= Number.MAX_SAFE_INTEGER ? number : -1;
}
