/** Documents that rules bring in by href: files of the theme are read when rules are compiled, all others for each page. */
import type { Diagnostics, SourceFile } from '../diagnostics/index.ts';
import { type Reference, sourceTree } from '../rules/index.ts';
import { type Dialect, parseHtml, type Tree } from '../tree/index.ts';

/** Reads a file of the theme; null when there is none of that name. */
export type ReadFile = (href: string, from: SourceFile) => SourceFile | null;

export class Documents {
	/** By href, ready. */
	readonly fixed: Map<string, Tree> = new Map();
	/** To be fetched for each page. */
	readonly wanted: Map<string, Reference> = new Map();
	private readonly sources: Map<SourceFile, Tree | null> = new Map();
	private readonly readFile: ReadFile;
	private readonly dialect: Dialect;
	private readonly diagnostics: Diagnostics;

	constructor(readFile: ReadFile, dialect: Dialect, diagnostics: Diagnostics) {
		this.readFile = readFile;
		this.dialect = dialect;
		this.diagnostics = diagnostics;
	}

	/** A file of rules as it is; read when it is asked for first. */
	source(file: SourceFile): Tree | null {
		let tree = this.sources.get(file);
		if (tree === undefined) {
			tree = sourceTree(file);
			this.sources.set(file, tree);
		}
		return tree;
	}

	want(reference: Reference): void {
		const { href, place } = reference;
		if (this.fixed.has(href) || this.wanted.has(href)) return;
		if (!isRemote(href)) {
			try {
				const file = this.readFile(href, place.file);
				if (file !== null) this.fixed.set(href, parseHtml(file.text, { dialect: this.dialect }));
				else this.diagnostics.error('missing-file', `There is no file '${href}'.`, place);
			} catch (error) {
				const {
					code = 'missing-file',
					message,
					hint = null,
				} = error as Error & { code?: string; hint?: string | null };
				this.diagnostics.error(code, message, place, hint);
			}
			return;
		}
		this.wanted.set(href, reference);
	}
}

/** A URL, or a path on this server: nothing in the theme's folder. */
export function isRemote(href: string): boolean {
	return href.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(href);
}
