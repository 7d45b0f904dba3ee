/** Large bodies whose every byte is known, and readers and writers of them that stall at will. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { pause } from '../support/until.ts';

const BLOCK = 256 * 1024;

/** Numbers from 0 up to 1, the same for the same seed. */
export function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const noise = Buffer.alloc(BLOCK);
const next = numbers(1);
for (let i = 0; i < BLOCK; i++) noise[i] = Math.floor(next() * 256);

/** The block with that number of the body with that name: bytes of another block, or of another body, are not in it. */
function block(name: number, index: number): Buffer {
	const bytes = Buffer.from(noise);
	for (let at = 0; at < BLOCK; at += 1024) bytes.writeUInt32LE(name * 65_536 + index, at);
	return bytes;
}

/** A body of `blocks` blocks. */
export class Bulk {
	readonly length: number;
	readonly hash: string;
	private readonly name: number;
	private readonly blocks: number;

	constructor(name: number, blocks: number) {
		this.name = name;
		this.blocks = blocks;
		this.length = blocks * BLOCK;
		const hash = createHash('sha256');
		for (let index = 0; index < blocks; index++) hash.update(block(name, index));
		this.hash = hash.digest('hex');
	}

	/** Writes it in pieces of any size, as the socket takes it and now and then in a later turn: with a length, or as chunks. */
	async pour(socket: Socket, chunked: boolean): Promise<void> {
		const random = numbers(this.name);
		for (let index = 0; index < this.blocks; index++) {
			const bytes = block(this.name, index);
			for (let at = 0; at < BLOCK; ) {
				const end = Math.min(BLOCK, at + 1 + Math.floor(random() ** 2 * BLOCK));
				const piece = bytes.subarray(at, end);
				const framed = chunked
					? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])
					: piece;
				at = end;
				if (socket.destroyed) return;
				if (!socket.write(framed)) await drained(socket);
				else if (random() < 0.4) await new Promise((later) => setImmediate(later));
			}
		}
		if (chunked) socket.write('0\r\n\r\n');
	}
}

/** Resolves when the socket takes more, or never will. */
function drained(socket: Socket): Promise<void> {
	return new Promise((resolve) => {
		const go = () => {
			socket.off('drain', go).off('close', go);
			resolve();
		};
		socket.on('drain', go).on('close', go);
	});
}

/** Reads a message from the socket, stalling at random, and answers its head and the hash of its body. */
export function swallow(socket: Socket, seed: number): Promise<{ head: string; length: number; hash: string }> {
	const random = numbers(seed);
	const hash = createHash('sha256');
	const body = new BodyReader((bytes) => hash.update(bytes));
	return new Promise((resolve, reject) => {
		socket.on('error', reject);
		socket.on('close', () => reject(new Error(`The connection ended after ${body.length} bytes.`)));
		socket.on('data', (chunk: Buffer) => {
			try {
				body.take(chunk);
			} catch (error) {
				socket.destroy(error as Error);
				return;
			}
			if (body.complete) {
				socket.removeAllListeners('close');
				resolve({ head: body.head, length: body.length, hash: hash.digest('hex') });
			} else if (random() < (body.length < 1_000_000 ? 0.5 : 0.08)) {
				socket.pause();
				void pause(random() * 15).then(() => socket.resume());
			}
		});
	});
}

/** A reader of one message with Content-Length or chunks. */
class BodyReader {
	head = '';
	length = 0;
	complete = false;
	private readonly body: (bytes: Buffer) => void;
	private chunked = false;
	/** Body bytes to come before something else must be read. */
	private remaining = 0;
	private line = '';

	constructor(body: (bytes: Buffer) => void) {
		this.body = body;
	}

	take(chunk: Buffer): void {
		let at = 0;
		while (at < chunk.length && !this.complete) {
			if (this.remaining > 0) at = this.takeBody(chunk, at);
			else at = this.takeText(chunk, at);
		}
	}

	private takeBody(chunk: Buffer, at: number): number {
		const end = Math.min(chunk.length, at + this.remaining);
		this.body(chunk.subarray(at, end));
		this.length += end - at;
		this.remaining -= end - at;
		if (this.remaining === 0 && !this.chunked) this.complete = true;
		return end;
	}

	private takeText(chunk: Buffer, at: number): number {
		this.line += String.fromCharCode(chunk[at] as number);
		if (!this.line.endsWith('\n')) return at + 1;
		if (this.head === '' || !this.head.endsWith('\r\n\r\n')) {
			this.head += this.line;
			if (this.head.endsWith('\r\n\r\n')) this.begin();
		} else if (this.line !== '\r\n') {
			this.remaining = Number.parseInt(this.line, 16);
			if (Number.isNaN(this.remaining)) throw new Error(`Not a chunk size: ${JSON.stringify(this.line)}`);
			this.complete = this.remaining === 0;
		}
		this.line = '';
		return at + 1;
	}

	private begin(): void {
		this.chunked = /\r\ntransfer-encoding: chunked/i.test(this.head);
		this.remaining = Number(/\r\ncontent-length: (\d+)/i.exec(this.head)?.[1] ?? 0);
		this.complete = !this.chunked && this.remaining === 0;
	}
}
