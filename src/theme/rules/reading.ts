/** What goes along while rules are read: where files come from, and what comes of it all. */
import type { Diagnostic, Diagnostics, Place, SourceFile } from '../diagnostics/index.ts';
import { ThemeFileError, type ThemeFiles } from '../files/index.ts';
import { Mistakes } from './mistakes.ts';
import type { Condition, ContentEdit, Import, LinkMap, MarkupElement, Rule, ThemeChoice } from './model.ts';

/** A set of rules while it is being read. */
export interface Draft {
	readonly themes: ThemeChoice[];
	readonly nothemes: { readonly condition: Condition; readonly place: Place }[];
	readonly rules: Rule[];
	readonly xsl: MarkupElement[];
	readonly imports: Import[];
	links: LinkMap | null;
}

/** The function that `name` means in a file; null when there is none. */
export type EditFinder = (name: string, file: SourceFile) => ContentEdit | null;

export class Reading extends Mistakes {
	readonly files: ThemeFiles;
	readonly draft: Draft = { themes: [], nothemes: [], rules: [], xsl: [], imports: [], links: null };

	/** Functions by the names that YAML has for them. */
	readonly edits: EditFinder;
	/** Files that were used so far. */
	used = 0;
	/** Stylesheets that were brought in so far, and those of them that were imported. */
	stylesheets = 0;
	imports = 0;

	constructor(files: ThemeFiles, diagnostics: Diagnostics, compat: boolean, edits: EditFinder = () => null) {
		super(diagnostics, compat);
		this.files = files;
		this.edits = edits;
	}

	/** A file, or null when it cannot be read, which has been told. `others`: files it may be relative to as well. */
	file(href: string, place: Place, others: readonly SourceFile[] = []): SourceFile | null {
		let told: Omit<Diagnostic, 'severity'> | null = null;
		for (const from of [place.file, ...others]) {
			try {
				return this.files.read(href, from);
			} catch (error) {
				if (!(error instanceof ThemeFileError)) throw error;
				const { code, message, hint } = error;
				told ??= { code, message, hint, place };
			}
		}
		if (told !== null) this.error(told.code, told.message, place, told.hint);
		return null;
	}
}
