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
	/**
	 * Writes it, and opens the file by its name again: for whoever has moved it away. Throws the system's error when it cannot
	 * be opened, and goes on with the old one. Nothing happens to stdout.
	 */
	reopen(): void;
	/** Writes it and closes the file; lines that come later are dropped. */
	close(): void;
	/** Opens the file, also again after `close`. Throws the system's error. Where nobody calls it, the first line does. */
	open(): void;
	statistics(): LineLogStatistics;
}

export interface LineLogStatistics {
	/** Lines that were taken. */
	readonly lines: number;
	/** Lines for which there was no room, because nobody took those before them. */
	readonly dropped: number;
}

/** Where the lines go. */
interface Output {
	/** Says how many of the bytes were taken; the rest is kept. */
	write(bytes: Buffer): number;
	/** Opens what is not open. Throws the system's error. */
	open(): void;
	/** Opens it once more, and closes what was open. */
	reopen(): void;
	end(): void;
}

/** `-` is stdout; anything else is a file to append to, which is not touched before `open` or the first line. */
export function lineLog(to: string): LineLog {
	return new Lines(to === '-' ? new StandardOutput() : new File(to));
}

let guarded = false;

class StandardOutput implements Output {
	constructor() {
		// Whoever read our lines may have gone (EPIPE); the service goes on without them.
		if (!guarded) process.stdout.on('error', () => {});
		guarded = true;
	}

	write(bytes: Buffer): number {
		process.stdout.write(Buffer.from(bytes));
		return bytes.length;
	}

	open(): void {}

	reopen(): void {}

	end(): void {}
}

class File implements Output {
	private readonly path: string;
	/** Null when it is not open. */
	private file: number | null = null;
	private complained = false;

	constructor(path: string) {
		this.path = path;
	}

	/** A full disk may take a part. */
	write(bytes: Buffer): number {
		let at = 0;
		if (this.file === null && !this.opened()) return 0;
		try {
			while (at < bytes.length) at += writeSync(this.file as number, bytes, at);
		} catch {
			// What is left is tried again with the next lines.
		}
		return at;
	}

	open(): void {
		this.file ??= openSync(this.path, 'a');
	}

	/** Where no server has opened it before, and so nobody has heard why it cannot be. */
	private opened(): boolean {
		try {
			this.open();
			return true;
		} catch (error) {
			if (!this.complained)
				process.stderr.write(`turnabout: error: a log cannot be opened: ${(error as Error).message}\n`);
			this.complained = true;
			return false;
		}
	}

	reopen(): void {
		const opened = openSync(this.path, 'a');
		this.end();
		this.file = opened;
	}

	end(): void {
		if (this.file !== null) closeSync(this.file);
		this.file = null;
	}
}

/** Lines become bytes at once: kept as strings, they would hold on to the heads that their parts were cut from. */
class Lines implements LineLog {
	private readonly output: Output;
	private readonly bytes: Buffer = Buffer.allocUnsafeSlow(ROOM);
	private used = 0;
	private timer: ReturnType<typeof setTimeout> | null = null;
	private taken = 0;
	private dropped = 0;
	/** Of the dropped ones, those of which the log does not tell yet. */
	private untold = 0;
	private begun = false;
	private closed = false;
	private readonly atExit = (): void => this.flush();

	constructor(output: Output) {
		this.output = output;
		process.once('exit', this.atExit);
	}

	write(line: string): void {
		// The file's number may be somebody else's by now.
		if (this.closed) return;
		if (!this.begun) this.begin();
		if (line.length >= ROOM - this.used) {
			this.dropped++;
			this.untold++;
			return;
		}
		this.taken++;
		this.add(line);
		if (this.used >= BATCH) this.flush();
		else this.timer ??= setTimeout(() => this.flush(), WAIT).unref();
	}

	/** Where no server has opened it; what is wrong is tried again, and told, when the line is written. */
	private begin(): void {
		this.begun = true;
		try {
			this.output.open();
		} catch {}
	}

	flush(): void {
		if (this.timer !== null) clearTimeout(this.timer);
		this.timer = null;
		this.writeOut();
		if (this.used > 0 || this.untold === 0) return;
		this.add(`(${this.untold} lines could not be written)`);
		this.untold = 0;
		this.writeOut();
	}

	private add(line: string): void {
		this.used += this.bytes.write(line, this.used, 'latin1');
		this.bytes[this.used++] = 0x0a;
	}

	/** A full disk must not stop the service: what it does not take is tried again with the next lines. */
	private writeOut(): void {
		if (this.used === 0) return;
		const taken = this.output.write(this.bytes.subarray(0, this.used));
		this.bytes.copyWithin(0, taken, this.used);
		this.used -= taken;
	}

	reopen(): void {
		if (this.closed) return;
		this.flush();
		this.output.reopen();
	}

	close(): void {
		if (this.closed) return;
		this.flush();
		this.closed = true;
		process.off('exit', this.atExit);
		this.output.end();
	}

	open(): void {
		this.output.open();
		if (!this.closed) return;
		this.closed = false;
		process.once('exit', this.atExit);
	}

	statistics(): LineLogStatistics {
		return { lines: this.taken, dropped: this.dropped };
	}
}
