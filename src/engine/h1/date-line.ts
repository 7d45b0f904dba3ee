/** The Date line of responses (RFC 9110 section 6.6.1), made when it is first asked for in a second. */

/** '' when the second is over. */
let line = '';

export function dateLine(): string {
	return line === '' ? newLine() : line;
}

function newLine(): string {
	const now = Date.now();
	line = `Date: ${new Date(now).toUTCString()}\r\n`;
	setTimeout(forget, 1000 - (now % 1000)).unref();
	return line;
}

function forget(): void {
	line = '';
}
