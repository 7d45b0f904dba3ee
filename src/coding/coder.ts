/** Codings put on and taken off piece by piece, each piece answered with what came out of it. */
import { type Coding, rowOf, type Zlib } from './codings.ts';

/** More came out than was allowed: a page that is too large, or a bomb. */
export class TooMuch extends Error {
	override readonly name = 'TooMuch';
}

/** A stream of zlib as calls: one at a time, each waits for the work of the one before. */
export class Coder {
	private readonly coding: Coding;
	private readonly decodes: boolean;
	private readonly limit: number;
	private zlib: Zlib | null = null;
	private out: Uint8Array[] = [];
	private total = 0;
	private error: Error | null = null;
	private destroyed = false;
	private settle: (() => void) | null = null;

	private constructor(coding: Coding, decodes: boolean, limit: number) {
		this.coding = coding;
		this.decodes = decodes;
		this.limit = limit;
	}

	/** Rejects with TooMuch past `limit` bytes, and with zlib's error for what is not in this coding, or cut short. */
	static decoder(coding: Coding, limit: number): Coder {
		return new Coder(coding, true, limit);
	}

	static encoder(coding: Coding): Coder {
		return new Coder(coding, false, Number.POSITIVE_INFINITY);
	}

	/** Whether anything was written. */
	get used(): boolean {
		return this.zlib !== null;
	}

	/** What comes out by itself; the bytes given must stay as they are meanwhile. */
	write(bytes: Uint8Array): Promise<Uint8Array[]> {
		const zlib = this.open(bytes);
		return this.work((done) => zlib.write(bytes, done));
	}

	/** All that was written so far comes out, for an encoder. */
	flush(): Promise<Uint8Array[]> {
		return this.work((done) => this.zlib?.flush(rowOf(this.coding).flush, done));
	}

	/** The rest comes out. */
	end(): Promise<Uint8Array[]> {
		const zlib = this.open(new Uint8Array(0));
		return this.work((done) => {
			zlib.once('end', done);
			zlib.end();
		});
	}

	/** Frees what zlib holds. Calls that wait for their answer wait for ever. */
	destroy(): void {
		this.destroyed = true;
		this.zlib?.destroy();
	}

	private open(first: Uint8Array): Zlib {
		if (this.zlib !== null) return this.zlib;
		const row = rowOf(this.coding);
		const zlib = this.decodes ? row.decoder(first[0] ?? 0) : row.encoder();
		zlib.on('data', (chunk: Uint8Array) => this.take(chunk));
		zlib.on('error', (error) => this.fail(error));
		if (this.destroyed) zlib.destroy();
		this.zlib = zlib;
		return zlib;
	}

	private take(chunk: Uint8Array): void {
		this.total += chunk.length;
		if (this.total <= this.limit) this.out.push(chunk);
		else if (this.error === null) {
			this.fail(new TooMuch(`The decoded body is larger than ${this.limit} bytes`));
			this.zlib?.destroy();
		}
	}

	private fail(error: Error): void {
		this.error ??= error;
		this.settle?.();
	}

	private work(begin: (done: () => void) => void): Promise<Uint8Array[]> {
		return new Promise((resolve, reject) => {
			this.settle = () => {
				this.settle = null;
				this.error ??= this.zlib?.errored ?? null;
				// What zlib has ready and has not told yet is told when it is asked for.
				if (this.error === null) drain(this.zlib);
				const { out } = this;
				this.out = [];
				if (this.error === null) resolve(out);
				else reject(this.error);
			};
			if (this.error !== null) this.settle();
			else begin(() => this.settle?.());
		});
	}
}

/** Every chunk read is told to whoever listens for data. */
function drain(zlib: Zlib | null): void {
	let chunk: unknown = zlib?.read();
	while (chunk !== null && chunk !== undefined) chunk = zlib?.read();
}
