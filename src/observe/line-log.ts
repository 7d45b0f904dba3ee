/**
 * Lines for people and log shippers, on stdout or at the end of a file. They are collected and written a few times a
 * second, so that a line costs no system call; what is collected when the process exits is written then.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

/** Milliseconds that a line may wait. */
const WAIT = 200;
/** Bytes that are kept until they are written; when nobody takes them, what comes beyond is counted and dropped. */
const ROOM = 262_144;
/** Bytes that are written without waiting. */
const BATCH = 65_536;

export interface LineLog {
	/** Takes a line without its end. */
	write(line: string): void;
	/** Writes what was collected. */
	flush(): void;
	/** Writes it and closes the file; lines that come later are dropped. */
	close(): void;
}

/** `-` is stdout; anything else is a file to append to. Throws the system's error when it cannot be opened. */
export function lineLog(to: string): LineLog {
	return to === '-' ? stdoutLines() : fileLines(to);
}

let guarded = false;

function stdoutLines(): LineLog {
	// Whoever read our lines may have gone (EPIPE); the service goes on without them.
	if (!guarded) process.stdout.on('error', () => {});
	guarded = true;
	return new Lines(
		(bytes) => {
			process.stdout.write(Buffer.from(bytes));
			return bytes.length;
		},
		() => {},
	);
}

function fileLines(path: string): LineLog {
	const file = openSync(path, 'a');
	return new Lines(
		(bytes) => writeSome(file, bytes),
		() => closeSync(file),
	);
}

/** How many bytes the file took: a full disk may take a part. */
function writeSome(file: number, bytes: Buffer): number {
	let at = 0;
	try {
		while (at < bytes.length) at += writeSync(file, bytes, at);
	} catch {
		// What is left is tried again with the next lines.
	}
	return at;
}

/** Lines become bytes at once: kept as strings, they would hold on to the heads that their parts were cut from. */
class Lines implements LineLog {
	/** Says how many of the bytes were taken; the rest is kept. */
	private readonly output: (bytes: Buffer) => number;
	private readonly end: () => void;
	private readonly bytes: Buffer = Buffer.allocUnsafeSlow(ROOM);
	private used = 0;
	private timer: ReturnType<typeof setTimeout> | null = null;
	private dropped = 0;
	private closed = false;
	private readonly atExit = (): void => this.flush();

	constructor(output: (bytes: Buffer) => number, end: () => void) {
		this.output = output;
		this.end = end;
		process.once('exit', this.atExit);
	}

	write(line: string): void {
		// The file's number may be somebody else's by now.
		if (this.closed) return;
		if (line.length >= ROOM - this.used) {
			this.dropped++;
			return;
		}
		this.add(line);
		if (this.used >= BATCH) this.flush();
		else this.timer ??= setTimeout(() => this.flush(), WAIT).unref();
	}

	flush(): void {
		if (this.timer !== null) clearTimeout(this.timer);
		this.timer = null;
		this.writeOut();
		if (this.used > 0 || this.dropped === 0) return;
		this.add(`(${this.dropped} lines could not be written)`);
		this.dropped = 0;
		this.writeOut();
	}

	private add(line: string): void {
		this.used += this.bytes.write(line, this.used, 'latin1');
		this.bytes[this.used++] = 0x0a;
	}

	/** A full disk must not stop the service: what it does not take is tried again with the next lines. */
	private writeOut(): void {
		if (this.used === 0) return;
		const taken = this.output(this.bytes.subarray(0, this.used));
		this.bytes.copyWithin(0, taken, this.used);
		this.used -= taken;
	}

	close(): void {
		if (this.closed) return;
		this.flush();
		this.closed = true;
		process.off('exit', this.atExit);
		this.end();
	}
}
