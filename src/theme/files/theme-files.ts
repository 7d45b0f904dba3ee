/**
 * Reading the files of a theme: rules, includes, HTML. Nothing outside the theme's folder is ever read, whatever a path
 * or a symbolic link says, and nothing from the network. Every file is read once per load, and remembered.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from '../diagnostics/index.ts';
import { decodeText } from './decode-text.ts';
import { ThemeFileError } from './theme-file-error.ts';

export interface ThemeFilesOptions {
	/** The theme's folder. Paths in messages begin with it as it is given here. */
	readonly root: string;
	/** Other folders that may be read from: parts shared between themes. */
	readonly allowed?: readonly string[];
	/** Bytes that a file may have; 16 MiB by default. */
	readonly maxBytes?: number;
	/** Told of every path before it is looked for, whether it is there or not: for watching. */
	readonly asked?: (path: string) => void;
}

const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

export class ThemeFiles {
	readonly #root: string;
	readonly #folders: readonly { readonly real: string; readonly given: string }[];
	readonly #maxBytes: number;
	readonly #asked: (path: string) => void;
	readonly #read = new Map<string, SourceFile>();
	readonly #paths = new Map<SourceFile, string>();

	constructor({ root, allowed = [], maxBytes = 16 * 1024 * 1024, asked = () => {} }: ThemeFilesOptions) {
		this.#folders = [root, ...allowed].map((given) => ({ given, real: realFolder(given) }));
		this.#root = this.#folders[0]?.real ?? '';
		this.#maxBytes = maxBytes;
		this.#asked = asked;
	}

	/** All that was read, in the order of reading. */
	get files(): readonly SourceFile[] {
		return [...this.#paths.keys()];
	}

	/** The absolute path of a file that was read here, for watching; null for any other. */
	pathOf(file: SourceFile): string | null {
		return this.#paths.get(file) ?? null;
	}

	/**
	 * The file that `href` names, seen from the file it stands in; from the root when `from` is null or was not read here.
	 * Throws ThemeFileError.
	 */
	read(href: string, from: SourceFile | null): SourceFile {
		const path = this.#confine(href, this.#locate(href, from));
		const known = this.#read.get(path);
		if (known !== undefined) return known;
		const file: SourceFile = { name: this.#nameOf(path), text: decodeText(this.#bytes(href, path)) };
		this.#read.set(path, file);
		this.#paths.set(file, path);
		return file;
	}

	/** Candidates, the likelier first: the name as it is, then with its percent signs decoded, as a URL has them. */
	#locate(href: string, from: SourceFile | null): string[] {
		if (href.includes('\0')) throw new ThemeFileError('missing-file', `The path has a NUL in it.`, null);
		const scheme = SCHEME.exec(href)?.[1]?.toLowerCase();
		if (scheme === 'file') return [filePath(href)];
		if (scheme !== undefined || href.startsWith('//')) {
			const message = `'${href}' is not a file: rules and themes are read from files only, network was not allowed.`;
			throw new ThemeFileError('network', message, 'Save a copy beside the rules, and name that.');
		}
		const standing = from === null ? undefined : this.#paths.get(from);
		const base = standing === undefined ? this.#root : dirname(standing);
		return [...new Set([href, decoded(href)])].map((name) => (isAbsolute(name) ? name : resolve(base, name)));
	}

	#confine(href: string, candidates: readonly string[]): string {
		for (const candidate of candidates) {
			this.#asked(candidate);
			const path = realPath(candidate);
			// Outside, whether a file is there or not is nobody's business: both are refused alike.
			const inside = this.#folders.some(({ real }) => within(path ?? candidate, real));
			if (!inside) throw outside(href);
			if (path !== null) return path;
		}
		throw new ThemeFileError('missing-file', `There is no file '${href}'.`, `Looked for ${candidates[0] ?? href}.`);
	}

	#bytes(href: string, path: string): Uint8Array {
		const stat = statSync(path);
		if (!stat.isFile()) throw new ThemeFileError('missing-file', `'${href}' is not a file.`, null);
		if (stat.size > this.#maxBytes) {
			throw new ThemeFileError('file-too-large', `'${href}' has more than ${this.#maxBytes} bytes.`, null);
		}
		try {
			return readFileSync(path);
		} catch (cause) {
			throw new ThemeFileError('unreadable-file', `'${href}' cannot be read: ${(cause as Error).message}.`, null);
		}
	}

	/** The path as somebody who gave the root would write it. */
	#nameOf(path: string): string {
		const folder = this.#folders.find(({ real }) => within(path, real));
		return folder === undefined ? path : join(folder.given, relative(folder.real, path));
	}
}

function outside(href: string): ThemeFileError {
	const hint = 'Files are read from inside it only; move the file there.';
	return new ThemeFileError('outside-root', `'${href}' is outside the theme's folder.`, hint);
}

function realFolder(given: string): string {
	const path = realPath(resolve(given));
	if (path === null || !statSync(path).isDirectory()) {
		throw new ThemeFileError('missing-file', `There is no folder '${given}'.`, null);
	}
	return path;
}

function realPath(path: string): string | null {
	try {
		return realpathSync(path);
	} catch {
		return null;
	}
}

function within(path: string, folder: string): boolean {
	return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function filePath(href: string): string {
	try {
		return fileURLToPath(href);
	} catch {
		throw new ThemeFileError('missing-file', `'${href}' does not name a file on this machine.`, null);
	}
}

function decoded(href: string): string {
	try {
		return decodeURIComponent(href);
	} catch {
		return href;
	}
}
