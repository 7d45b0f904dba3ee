/** What can be said of any kind of payload without touching its bytes. */
import { bytesSource, type FileRange, type Source } from '../bytes/index.ts';
import type { Payload } from './app.ts';

/** Whether a payload is a part of a file. */
export function isFileRange(payload: Payload): payload is FileRange {
	// A source of somebody's may have a path as well; its `start` is a method.
	return typeof payload === 'object' && payload !== null && 'path' in payload && typeof payload.start === 'number';
}

/** Whether a payload is a source, which somebody must start or cancel. */
export function isSource(payload: Payload): payload is Source {
	return typeof payload === 'object' && payload !== null && 'start' in payload && typeof payload.start === 'function';
}

/** Bytes on the wire, or null when nobody knows yet. No payload has the length 0. */
export function payloadLength(payload: Payload): number | null {
	if (payload === null) return 0;
	if (typeof payload === 'string') return utf8Length(payload);
	return payload.length;
}

/** Any payload but a file as a source; null stays null. */
export function payloadSource(payload: Exclude<Payload, FileRange>): Source | null {
	return typeof payload === 'string' || payload instanceof Uint8Array ? bytesSource(payload) : payload;
}

/** Gives a payload up: cancels a source, and has nothing to do for the other kinds. */
export function cancelPayload(payload: Payload, reason?: unknown): void {
	if (isSource(payload)) payload.cancel(reason);
}

function utf8Length(text: string): number {
	let length = text.length;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code < 0x80) continue;
		// Two bytes up to 7ff, three up to ffff: a well-formed pair of surrogates is two units and four bytes.
		if (code < 0x800) length += 1;
		else if (code >= 0xd800 && code <= 0xdbff && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
			length += 2;
			i++;
		} else length += 2;
	}
	return length;
}
