/**
 * Lines for people and log shippers, on stdout or at the end of a file. They are collected and written a few times a
 * second, so that a line costs no system call; what is collected when the process exits is written then.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

/** Milliseconds that a line may wait. */
const WAIT = 200;
/** Characters that are written without waiting. */
const BATCH = 65_536;
/** Characters that are kept when nobody takes them; what comes beyond is counted and dropped. */
const MOST = 16_777_216;

export interface LineLog {
	/** Takes a line without its end. */
	write(line: string): void;
	/** Writes what was collected. */
	flush(): void;
	close(): void;
}

/** `-` is stdout; anything else is a file to append to. Throws the system's error when it cannot be opened. */
export function lineLog(to: string): LineLog {
	return to === '-' ? new Lines((text) => void process.stdout.write(text, 'latin1'), () => {}) : fileLines(to);
}

function fileLines(path: string): LineLog {
	const file = openSync(path, 'a');
	return new Lines(
		(text) => writeWhole(file, Buffer.from(text, 'latin1')),
		() => closeSync(file),
	);
}

function writeWhole(file: number, bytes: Buffer): void {
	for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

class Lines implements LineLog {
	private readonly output: (text: string) => void;
	private readonly end: () => void;
	private collected = '';
	private timer: ReturnType<typeof setTimeout> | null = null;
	private dropped = 0;
	private readonly atExit = (): void => this.flush();

	constructor(output: (text: string) => void, end: () => void) {
		this.output = output;
		this.end = end;
		process.once('exit', this.atExit);
	}

	write(line: string): void {
		if (this.collected.length > MOST) {
			this.dropped++;
			return;
		}
		this.collected += `${line}\n`;
		if (this.collected.length >= BATCH) this.flush();
		else this.timer ??= setTimeout(() => this.flush(), WAIT).unref();
	}

	flush(): void {
		if (this.timer !== null) clearTimeout(this.timer);
		this.timer = null;
		if (this.collected === '') return;
		const text = this.dropped === 0 ? this.collected : `${this.collected}(${this.dropped} lines could not be written)\n`;
		try {
			this.output(text);
			this.collected = '';
			this.dropped = 0;
		} catch {
			// A full disk must not stop the service; the lines are tried again with the next one.
		}
	}

	close(): void {
		this.flush();
		process.off('exit', this.atExit);
		this.end();
	}
}
