/** What the codec said, as plain values, whatever the pieces its bytes came in. */
import { FastCgiConnection, type FastCgiLimits, fastCgiLimits } from '../../../src/protocol/fastcgi/index.ts';

/** A record as an application writes it. */
export function record(type: number, content: string, padding = 0, id = 1, version = 1): string {
	const head = [version, type, id >> 8, id & 0xff, content.length >> 8, content.length & 0xff, padding, 0];
	return String.fromCharCode(...head) + content + '\0'.repeat(padding);
}

export const stdout = (text: string, padding = 0): string => record(6, text, padding);
export const stderr = (text: string, padding = 0): string => record(7, text, padding);
export const end = (status = 0, padding = 0): string =>
	record(3, `\0\0\0\0${String.fromCharCode(status)}\0\0\0`, padding);

export interface Recorded {
	head: { status: number; reason: string; raw: string[]; length: number; redirect: string | null } | null;
	body: string;
	stderr: string;
	complete: 'whole' | 'excess' | null;
	violation: string | null;
	reusable: boolean;
}

export interface Reading {
	readonly method?: string;
	readonly limits?: Partial<FastCgiLimits>;
	/** Whether the connection ends behind the bytes. */
	readonly ended?: boolean;
	/** Whether a request was made. */
	readonly asked?: boolean;
}

/** Feeds `pieces`, latin1, one after the other. */
export function read(pieces: readonly string[], reading: Reading = {}): Recorded {
	const recorded: Recorded = {
		...{ head: null, body: '', stderr: '', complete: null, violation: null, reusable: false },
	};
	const text = (bytes: Uint8Array, from: number, to: number): string =>
		Buffer.from(bytes.subarray(from, to)).toString('latin1');
	const codec = new FastCgiConnection(
		{
			head: ({ status, reason, fields, length, redirect }) => {
				recorded.head = { status, reason, raw: fields.raw, length, redirect };
			},
			body: (bytes, from, to) => (recorded.body += text(bytes, from, to)),
			stderr: (bytes, from, to) => (recorded.stderr += text(bytes, from, to)),
			complete: (excess) => (recorded.complete = excess ? 'excess' : 'whole'),
			violation: ({ code }) => (recorded.violation = code),
		},
		{ ...fastCgiLimits, ...reading.limits },
	);
	if (reading.asked !== false) codec.begin(reading.method ?? 'GET');
	for (const piece of pieces) {
		const bytes = Buffer.from(piece, 'latin1');
		codec.receive(bytes, 0, bytes.length);
	}
	if (reading.ended === true) codec.receiveEnd();
	recorded.reusable = codec.reusable;
	return recorded;
}

/** The text cut in two at every place, and byte by byte. */
export function* cuts(text: string): Generator<string[]> {
	for (let at = 0; at <= text.length; at++) yield [text.slice(0, at), text.slice(at)];
	yield text.split('');
}
