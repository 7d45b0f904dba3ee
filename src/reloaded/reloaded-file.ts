/**
 * A file, of credentials or rules, that is read again when it has changed. It is looked at when somebody asks, once a second at most,
 * so that a user who is taken out stays out from then on; nothing watches it in between. A file that cannot be read, or
 * holds a mistake, leaves what was read before in force, and the operator is told.
 */
import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { toldSafely } from '../observe/index.ts';

/** Milliseconds. */
const LOOK_EVERY = 1_000;
/** Bytes; a file that is larger is a mistake. */
const LARGEST = 16_777_216;

export class ReloadedFile<T> {
	/** What the file said when it was last read well. */
	value: T;
	/** How often it was read. */
	reads = 1;
	/** The option that names it, for messages. */
	private readonly where: string;
	private readonly path: string;
	private readonly parse: (text: string) => T;
	private readonly report: (error: Error) => void;
	private readonly encoding: 'utf8' | 'latin1';
	private version: string;
	private lookedAt: number = performance.now();
	private looking: Promise<void> | null = null;

	/** Reads the file. With `latin1` each character is a byte. Throws the system's error behind `where`, or that of `parse`. */
	constructor(
		where: string,
		path: string,
		parse: (text: string) => T,
		report: (error: Error) => void,
		encoding: 'utf8' | 'latin1' = 'utf8',
	) {
		this.where = where;
		this.path = path;
		this.parse = parse;
		this.report = toldSafely(report);
		this.encoding = encoding;
		let text: string;
		try {
			this.version = versionOf(statSync(path, { bigint: true }));
			text = readFileSync(path, encoding);
		} catch (error) {
			throw unreadable(where, error as NodeJS.ErrnoException);
		}
		this.value = parse(text);
	}

	/** Null when it was looked at just now; else settles when it has been, and never rejects. */
	look(): Promise<void> | null {
		if (this.looking !== null) return this.looking;
		if (performance.now() - this.lookedAt < LOOK_EVERY) return null;
		this.looking = this.read().finally(() => {
			this.looking = null;
			this.lookedAt = performance.now();
		});
		return this.looking;
	}

	private async read(): Promise<void> {
		try {
			const found = await stat(this.path, { bigint: true });
			const version = versionOf(found);
			if (version === this.version) return;
			// Remembered first: a mistake is told once, not every second.
			this.version = version;
			if (found.size > LARGEST) throw new RangeError(`${this.path} is larger than ${LARGEST} bytes`);
			this.value = this.parse(await readFile(this.path, this.encoding));
			this.reads++;
		} catch (error) {
			const gone = (error as NodeJS.ErrnoException).code !== undefined;
			if (gone && this.version === 'gone') return;
			if (gone) this.version = 'gone';
			this.report(gone ? unreadable(this.where, error as NodeJS.ErrnoException) : (error as Error));
		}
	}
}

/** The system's words name a file, and not the option that it was given in. */
function unreadable(where: string, error: NodeJS.ErrnoException): Error {
	const { code, message } = error;
	return Object.assign(new Error(`${where}: the file cannot be read: ${message}`, { cause: error }), { code });
}

interface FileFacts {
	readonly ino: bigint;
	readonly size: bigint;
	readonly mtimeNs: bigint;
}

function versionOf({ ino, size, mtimeNs }: FileFacts): string {
	return `${ino}:${size}:${mtimeNs}`;
}

/** One line on standard error. */
export function reportToStderr(error: Error): void {
	process.stderr.write(`turnabout: warn: ${error.message}; what was read before stays in force\n`);
}
