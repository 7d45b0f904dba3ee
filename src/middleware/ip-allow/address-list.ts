/** A list of addresses, part of which may stand in files, which are read again when they have changed. */
import { AddressSet, checkedRanges } from '../../addresses/index.ts';
import { ReloadedFile } from '../reloaded-file.ts';

/** A text as `AddressSet` takes it, or a file with one a line; what follows `#` is a comment. */
export type ListEntry = string | { readonly file: string };

export class AddressList {
	private readonly where: string;
	private readonly written: readonly string[];
	private readonly files: readonly ReloadedFile<readonly string[]>[];
	private set: AddressSet;
	/** What the files said when `set` was made. */
	private made: readonly (readonly string[])[];

	/** Throws TypeError for what is no address, and the system's error for a file that cannot be read. */
	constructor(where: string, entries: readonly ListEntry[], log: (message: string) => void) {
		const report = ({ message }: Error): void => log(`${where}: the list stays as it was: ${message}`);
		const paths = entries.flatMap((entry) =>
			typeof entry === 'object' && entry !== null ? [fileOf(where, entry)] : [],
		);
		this.where = where;
		this.written = entries.filter((entry) => typeof entry !== 'object' || entry === null) as readonly string[];
		this.files = paths.map((path) => new ReloadedFile(where, path, (text) => linesOf(where, path, text), report));
		this.made = this.read();
		this.set = this.setOf(this.made);
	}

	/** Number of ranges. */
	get size(): number {
		return this.set.size;
	}

	/** Null when the files were looked at just now; else settles when they have been, and never rejects. */
	look(): Promise<unknown> | null {
		const { files } = this;
		let looks: Promise<void>[] | null = null;
		for (let i = 0; i < files.length; i++) {
			const look = (files[i] as ReloadedFile<unknown>).look();
			if (look !== null) (looks ??= []).push(look);
		}
		return looks === null ? null : Promise.all(looks);
	}

	has(address: string): boolean {
		if (this.files.length > 0 && this.files.some(({ value }, i) => value !== this.made[i])) {
			this.made = this.read();
			this.set = this.setOf(this.made);
		}
		return this.set.has(address);
	}

	private read(): (readonly string[])[] {
		return this.files.map(({ value }) => value);
	}

	private setOf(lists: readonly (readonly string[])[]): AddressSet {
		return new AddressSet(this.where, [...this.written, ...lists.flat()]);
	}
}

function fileOf(where: string, entry: { readonly file?: unknown }): string {
	const { file } = entry;
	if (typeof file !== 'string' || file === '' || Object.keys(entry).length !== 1) {
		throw new TypeError(`${where}: an entry is a text or { file: 'path' }`);
	}
	return file;
}

/** The ranges in a file's text. Throws TypeError with file and line. */
function linesOf(where: string, file: string, content: string): string[] {
	return content.split('\n').flatMap((line, index) => {
		const [text = ''] = line.split('#', 1);
		const range = text.trim();
		if (range === '') return [];
		// Read here for the number of the line, and again with all others.
		if (range !== 'unix') checkedRanges(`${where}: ${file}:${index + 1}`, range);
		return [range];
	});
}
