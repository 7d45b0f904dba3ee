/**
 * A list of addresses, part of which may stand in files. Files are looked at again by the requests that come, every two
 * seconds at most: no timer, no watcher that misses a file put in another's place. One with a fault in it changes nothing.
 */
import { readFileSync, statSync } from 'node:fs';
import { AddressSet, checkedRanges } from '../../addresses/index.ts';

/** A text as `AddressSet` takes it, or a file with one a line; what follows `#` is a comment. */
export type ListEntry = string | { readonly file: string };

/** Milliseconds between two looks at the files. */
const PAUSE = 2000;

export class AddressList {
	private readonly where: string;
	private readonly written: readonly string[];
	private readonly files: readonly string[];
	private readonly log: (message: string) => void;
	private set: AddressSet;
	private version: string;
	private looked: number;
	/** What was wrong at the last look. */
	private told = '';

	constructor(where: string, entries: readonly ListEntry[], log: (message: string) => void) {
		this.where = where;
		this.log = log;
		this.files = entries.flatMap((entry) =>
			typeof entry === 'object' && entry !== null ? [fileOf(where, entry)] : [],
		);
		this.written = entries.filter((entry) => typeof entry !== 'object' || entry === null) as readonly string[];
		this.version = this.versions();
		this.set = this.read();
		this.looked = performance.now();
	}

	/** Number of ranges. */
	get size(): number {
		return this.set.size;
	}

	has(address: string): boolean {
		if (this.files.length > 0) this.look();
		return this.set.has(address);
	}

	private look(): void {
		const now = performance.now();
		if (now - this.looked < PAUSE) return;
		this.looked = now;
		try {
			const version = this.versions();
			if (version === this.version) return;
			this.version = version;
			this.set = this.read();
			this.told = '';
		} catch (error) {
			this.tell(error instanceof Error ? error.message : String(error));
		}
	}

	/** Once for each thing that is wrong, not with every look. */
	private tell(message: string): void {
		if (message !== this.told) this.log(`${this.where}: the list stays as it was: ${message}`);
		this.told = message;
	}

	private versions(): string {
		return this.files
			.map((file) => {
				const { mtimeMs, size, ino } = readable(this.where, file, () => statSync(file));
				return `${mtimeMs} ${size} ${ino}`;
			})
			.join();
	}

	private read(): AddressSet {
		const own = new AddressSet(this.where, this.written);
		if (this.files.length === 0) return own;
		const read = this.files.map((file) => linesOf(this.where, file));
		return new AddressSet(this.where, [...this.written, ...read.flat()]);
	}
}

function fileOf(where: string, entry: { readonly file?: unknown }): string {
	const { file } = entry;
	if (typeof file !== 'string' || file === '' || Object.keys(entry).length !== 1) {
		throw new TypeError(`${where}: an entry is a text or { file: 'path' }`);
	}
	return file;
}

/** The system's words name a file, and not the option that it was given in. */
function readable<T>(where: string, file: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw Object.assign(
			new Error(`${where}: { file: ${JSON.stringify(file)} } cannot be read: ${message}`, { cause: error }),
			{ code },
		);
	}
}

/** The ranges of a file. Throws TypeError with file and line. */
function linesOf(where: string, file: string): string[] {
	return readable(where, file, () => readFileSync(file, 'utf8'))
		.split('\n')
		.flatMap((line, index) => {
			const [text = ''] = line.split('#', 1);
			const range = text.trim();
			if (range === '') return [];
			// Read here for the number of the line, and again with all others.
			if (range !== 'unix') checkedRanges(`${where}: ${file}:${index + 1}`, range);
			return [range];
		});
}
