/** Why a secret cannot be used. The message never holds its value. */
export class SecretError extends Error {
	override readonly name: string = 'SecretError';
}

/**
 * The text as the bytes of its UTF-8, one in each code unit, without the end of its last line. Throws SecretError for what
 * could not stand in a field: a line break in a secret would begin a field of its own.
 */
export function checkedText(where: string, text: string): string {
	const line = text.replace(/\r?\n$/, '');
	if (line === '') throw new SecretError(`${where} is empty`);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
	if (/[\x00-\x1f\x7f]/.test(line)) throw new SecretError(`${where} holds a line break or another control character`);
	if (line !== line.trim()) throw new SecretError(`${where} begins or ends with white space`);
	return Buffer.from(line, 'utf8').toString('latin1');
}
