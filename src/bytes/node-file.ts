/** Reads a part of a file, for engines and middleware that cannot have the system send it. */
import { close, open, read } from 'node:fs';
import { CutShortError } from './cut-short.ts';
import { usedAlready } from './once.ts';
import type { FileRange, Sink, Source } from './source.ts';

/** Bytes of one read; also what one open file costs in memory. */
const READ = 65_536;

const FRESH = 0;
const READING = 1;
const PAUSED = 2;
const DONE = 3;

/** Bytes to be sent as they are, or a part of the file. */
export type FilePiece = Uint8Array | { readonly start: number; readonly length: number };

/**
 * Pieces of a file that is open already, one after the other. The source closes it when it has ended, failed or was
 * cancelled, whether it was started or not. Otherwise as `fileSource`.
 */
export function openFileSource(file: number, pieces: readonly FilePiece[]): Source {
	return new FileSource('', pieces, file);
}

/**
 * The bytes of a part of a file. The file is opened when the source is started and closed when it has ended, failed or
 * was cancelled. It fails with the system's error, or with CutShortError when the file is shorter than the range.
 * Throws RangeError for a range that no file can have.
 */
export function fileSource({ path, start, length }: FileRange): Source {
	return new FileSource(path, [{ start, length }], -1);
}

class FileSource implements Source {
	readonly length: number;
	private readonly path: string;
	private readonly pieces: readonly FilePiece[];
	/** Which piece comes next. */
	private at = 0;
	/** Of the part that is being read. */
	private position = 0;
	private left = 0;
	private file: number;
	private buffer: Uint8Array<ArrayBuffer> | null = null;
	private sink: Sink | null = null;
	private state = FRESH;
	/** The system is at work for us: the file must not be closed under it. */
	private busy = false;

	constructor(path: string, pieces: readonly FilePiece[], file: number) {
		this.path = path;
		this.pieces = pieces;
		this.file = file;
		this.length = pieces.reduce((sum, piece) => sum + checkedLength(piece), 0);
	}

	start(sink: Sink): void {
		if (this.state !== FRESH) throw usedAlready();
		this.state = READING;
		this.sink = sink;
		if (this.length === 0) return this.finish(null);
		if (this.file === -1) this.open();
		else this.next();
	}

	private open(): void {
		this.busy = true;
		open(this.path, 'r', (error, file) => {
			this.busy = false;
			if (error !== null) return this.finish(error);
			this.file = file;
			if (this.state === DONE) return this.release();
			this.next();
		});
	}

	resume(): void {
		if (this.state !== PAUSED) return;
		this.state = READING;
		this.next();
	}

	cancel(): void {
		this.state = DONE;
		this.sink = null;
		if (!this.busy) this.release();
	}

	private next(): void {
		while (this.left === 0) {
			const piece = this.pieces[this.at++];
			if (piece === undefined) return this.finish(null);
			if (piece instanceof Uint8Array) return this.deliver(piece);
			this.position = piece.start;
			this.left = piece.length;
		}
		this.read();
	}

	private read(): void {
		this.buffer ??= new Uint8Array(Math.min(READ, this.length));
		const { buffer } = this;
		this.busy = true;
		read(this.file, buffer, 0, Math.min(buffer.length, this.left), this.position, (error, count) => {
			this.busy = false;
			if (this.state === DONE) return this.release();
			if (error !== null) return this.finish(error);
			if (count === 0) return this.finish(new CutShortError(`${this.left} bytes are missing at the end of the file`));
			this.position += count;
			this.left -= count;
			this.deliver(buffer.subarray(0, count));
		});
	}

	private deliver(chunk: Uint8Array): void {
		const more = (this.sink as Sink).write(chunk);
		if (this.state === DONE) return;
		if (more) this.next();
		else this.state = PAUSED;
	}

	private finish(error: Error | null): void {
		const { sink } = this;
		this.cancel();
		if (error === null) sink?.end();
		else sink?.fail(error);
	}

	private release(): void {
		this.buffer = null;
		const { file } = this;
		this.file = -1;
		// Nothing was written, so nothing can be lost: an error on closing has no one to go to.
		if (file !== -1) close(file, () => {});
	}
}

function checkedLength(piece: FilePiece): number {
	const { length } = piece;
	if (piece instanceof Uint8Array) return length;
	const { start } = piece;
	if (!Number.isSafeInteger(start) || start < 0) throw new RangeError(`A file range cannot start at ${start}`);
	if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`A file range cannot have ${length} bytes`);
	return length;
}
