/** What the apps of all JavaScript kinds do alike: bodies to send, and ways to read one. */
import { note, released } from '../../journal.ts';

export const LARGE: Uint8Array<ArrayBuffer> = new Uint8Array(3_000_000).fill(0x62);

const PIECE = new Uint8Array(16_384).fill(0x61);
const MOST = 64_000_000;

/** Bytes that were made, by key. */
const made: Map<string, number> = new Map();

export const poured = (key: string): string => String(made.get(key) ?? 0);

/** Makes pieces as long as somebody takes them; bounded, should nobody ever say stop. */
export async function* pour(key: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	let bytes = 0;
	try {
		for (; bytes < MOST; bytes += PIECE.length) {
			made.set(key, bytes);
			// Who takes everything must still be able to leave.
			if (bytes % (8 * PIECE.length) === 0) await new Promise((resolve) => setTimeout(resolve));
			yield PIECE;
		}
	} finally {
		note(key, bytes < MOST ? 'cancelled' : 'all of it');
	}
}

/** One event at once, and the next when it is released. */
export async function* events(key: string): AsyncGenerator<string> {
	yield 'one';
	await released(key);
	yield 'two';
}

/** Sends half of what was meant. */
export async function* half(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	yield new TextEncoder().encode('half');
	await new Promise((resolve) => setTimeout(resolve, 5));
	throw new Error('the rest cannot be found');
}

type Body = AsyncIterable<Uint8Array> | null;

/** Reads to the end, and tells the length. */
export async function count(body: Body, key: string): Promise<string> {
	note(key, 'asked');
	try {
		let bytes = 0;
		for await (const chunk of body ?? []) bytes += chunk.length;
		return String(bytes);
	} catch (error) {
		note(key, 'failed');
		throw error;
	}
}

/** Takes the first piece, then nothing until it is released. */
export async function sip(body: Body, key: string): Promise<string> {
	let bytes = 0;
	for await (const chunk of body ?? []) {
		if (bytes === 0) {
			note(key, 'sipped');
			await released(key);
		}
		bytes += chunk.length;
	}
	note(key, `read ${bytes}`);
	return String(bytes);
}
