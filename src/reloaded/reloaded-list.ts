/** A list of texts, part of which may stand in files, which are read again when they have changed; and what is made of it. */
import { shown } from '../names/index.ts';
import { ReloadedFile } from './reloaded-file.ts';

/** A text, or a file with one a line; what follows `#` at a line's beginning or behind white space is a comment. */
export type ListEntry = string | { readonly file: string };

export interface ListReading<T> {
	/** Throws, beginning with `where`, for a text that cannot stand in the list: asked about each line of a file, for its number. */
	readonly check: (where: string, text: string) => unknown;
	/** Made of all texts, at first and whenever a file has changed. */
	readonly make: (texts: readonly string[]) => T;
	/** Told when a changed file cannot be used; the list stays as it was. */
	readonly report: (error: Error) => void;
}

export class ReloadedList<T> {
	private readonly written: readonly string[];
	private readonly files: readonly ReloadedFile<readonly string[]>[];
	private readonly make: (texts: readonly string[]) => T;
	private made: T;
	/** What the files said when `made` was made. */
	private madeOf: readonly (readonly string[])[];

	/**
	 * `where`: the option's name, which every message begins with. Throws TypeError for an entry that is none, what `check` and
	 * `make` throw, and the system's error for a file that cannot be read.
	 */
	constructor(where: string, entries: readonly ListEntry[], { check, make, report }: ListReading<T>) {
		this.written = entries.filter((entry) => typeof entry === 'string');
		this.files = entries.flatMap((entry) => {
			if (typeof entry === 'string') return [];
			const path = fileOf(where, entry);
			return [new ReloadedFile(where, path, (text) => linesOf(where, path, text, check), report)];
		});
		this.make = make;
		this.madeOf = this.read();
		this.made = this.makeNow();
	}

	/** Null when the files were looked at just now, or there are none; else settles when they have been, and never rejects. */
	look(): Promise<unknown> | null {
		const { files } = this;
		let looks: Promise<void>[] | null = null;
		for (let i = 0; i < files.length; i++) {
			const look = (files[i] as ReloadedFile<unknown>).look();
			if (look !== null) (looks ??= []).push(look);
		}
		return looks === null ? null : Promise.all(looks);
	}

	get value(): T {
		if (this.files.length > 0 && this.files.some(({ value }, i) => value !== this.madeOf[i])) {
			this.madeOf = this.read();
			this.made = this.makeNow();
		}
		return this.made;
	}

	private read(): (readonly string[])[] {
		return this.files.map(({ value }) => value);
	}

	private makeNow(): T {
		return this.make([...this.written, ...this.madeOf.flat()]);
	}
}

function fileOf(where: string, entry: { readonly file?: unknown } | null): string {
	const file = typeof entry === 'object' ? entry?.file : undefined;
	if (typeof file === 'string' && file !== '' && Object.keys(entry as object).length === 1) return file;
	throw new TypeError(`${where}: an entry is a text or { file: 'path' }, not ${shown(entry)}`);
}

/** The texts in a file. Throws what `check` throws. */
function linesOf(where: string, file: string, content: string, check: ListReading<unknown>['check']): string[] {
	return content.split('\n').flatMap((line, index) => {
		const text = withoutComment(line).trim();
		if (text === '') return [];
		check(`${where}: ${file}:${index + 1}`, text);
		return [text];
	});
}

/** A `#` within a word is part of it: a path or a user's name may have one. */
function withoutComment(line: string): string {
	if (line.startsWith('#')) return '';
	const comment = line.search(/\s#/);
	return comment < 0 ? line : line.slice(0, comment);
}
