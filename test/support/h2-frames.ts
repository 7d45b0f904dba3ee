/** HTTP/2 byte by byte (RFC 9113 section 4.1), for clients that no library would let one be. */

export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export const types = {
	DATA: 0,
	HEADERS: 1,
	PRIORITY: 2,
	RST_STREAM: 3,
	SETTINGS: 4,
	PUSH_PROMISE: 5,
	PING: 6,
	GOAWAY: 7,
	WINDOW_UPDATE: 8,
	CONTINUATION: 9,
} as const;

export const flags = { END_STREAM: 1, ACK: 1, END_HEADERS: 4, PADDED: 8, PRIORITY: 32 } as const;

/** Payloads are latin1. */
export function frame(type: number, flag: number, stream: number, payload = ''): string {
	const { length } = payload;
	return (
		String.fromCharCode((length >>> 16) & 255, (length >>> 8) & 255, length & 255, type, flag) + u32(stream) + payload
	);
}

export function u32(value: number): string {
	return String.fromCharCode((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

export const settings = (...pairs: (readonly [id: number, value: number])[]): string =>
	frame(
		types.SETTINGS,
		0,
		0,
		pairs.map(([id, value]) => String.fromCharCode(id >>> 8, id & 255) + u32(value)).join(''),
	);

export const SETTINGS_ACK: string = frame(types.SETTINGS, flags.ACK, 0);

/** Field lines as literals that are not indexed (RFC 7541 section 6.2.2); no text is longer than 126 bytes. */
export function block(fields: readonly (readonly [name: string, value: string])[]): string {
	const text = (one: string): string => String.fromCharCode(one.length) + one;
	return fields.map(([name, value]) => `\0${text(name)}${text(value)}`).join('');
}

export const request = (method: string, path: string): (readonly [string, string])[] => [
	[':method', method],
	[':scheme', 'http'],
	[':path', path],
	[':authority', 'a'],
];

/** HEADERS with all of a request; `ends`: it has no body. */
export const ask = (stream: number, method = 'GET', path = '/', ends = true): string =>
	frame(types.HEADERS, flags.END_HEADERS | (ends ? flags.END_STREAM : 0), stream, block(request(method, path)));

export interface Frame {
	readonly type: number;
	readonly flag: number;
	readonly stream: number;
	readonly payload: string;
}

/** The whole frames of what came. */
export function framesOf(text: string): Frame[] {
	const found: Frame[] = [];
	const code = (at: number): number => text.charCodeAt(at);
	for (let at = 0; at + 9 <= text.length; ) {
		const next = at + 9 + code(at) * 65_536 + code(at + 1) * 256 + code(at + 2);
		if (next > text.length) break;
		const stream = ((code(at + 5) & 127) << 24) | (code(at + 6) << 16) | (code(at + 7) << 8) | code(at + 8);
		found.push({ type: code(at + 3), flag: code(at + 4), stream, payload: text.slice(at + 9, next) });
		at = next;
	}
	return found;
}
