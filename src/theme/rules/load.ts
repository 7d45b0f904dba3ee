/** From rules in any of the languages to the set that a plan is made from. */
import { Diagnostics, type SourceFile } from '../diagnostics/index.ts';
import { ThemeFileError, type ThemeFiles } from '../files/index.ts';
import { readCodeRules } from './from-code.ts';
import { readRulesFile } from './from-yaml.ts';
import type { RuleSet } from './model.ts';
import { type EditFinder, Reading } from './reading.ts';
import type { RulesInput } from './rules-input.ts';
import { byPrecedence } from './stylesheet-from-xml.ts';

export interface LoadOptions {
	/** `diazo`: what Diazo passes over in silence (unknown elements and attributes) is a warning, not an error. */
	readonly compat?: 'diazo' | null;
	/** A theme behind all those in the rules: a path, seen from the root. */
	readonly theme?: string | null;
	/** The functions that `edit: { fn: name }` means in YAML. Without it, there are none. */
	readonly edits?: EditFinder;
	/** Where mistakes and warnings are collected; warnings are dropped otherwise. */
	readonly diagnostics?: Diagnostics;
}

/**
 * Reads rules: a path, seen from the root of `files` (`.xml`, `.yaml`, `.yml`), or rules in code. Throws ThemeError with all
 * mistakes that were found.
 */
export function loadRules(source: string | RulesInput, files: ThemeFiles, options: LoadOptions = {}): RuleSet {
	const diagnostics = options.diagnostics ?? new Diagnostics();
	const reading = new Reading(files, diagnostics, options.compat === 'diazo', options.edits);
	if (typeof source !== 'string') readCodeRules(source, reading);
	else {
		const file = fileAt(source, reading);
		if (file !== null && isKnown(source, file, reading)) readRulesFile(file, [], reading);
	}
	const { theme } = options;
	const file = theme === undefined || theme === null ? null : fileAt(theme, reading);
	if (theme !== undefined && file !== null) {
		const place = { file, offset: 0, length: 0 };
		reading.draft.themes.push({ href: theme, body: null, file, prefix: null, condition: [], place });
	}
	diagnostics.check();
	return { ...reading.draft, xsl: byPrecedence(reading.draft.xsl), files: files.files };
}

function isKnown(name: string, file: SourceFile, reading: Reading): boolean {
	if (/\.(?:xml|ya?ml)$/i.test(name)) return true;
	const place = { file, offset: 0, length: 0 };
	reading.error('unknown-language', `'${name}' is neither .xml nor .yaml.`, place, 'Rules in TypeScript are imported.');
	return false;
}

/** A file that no rule names: there is no place to tell. */
function fileAt(href: string, reading: Reading): SourceFile | null {
	try {
		return reading.files.read(href, null);
	} catch (error) {
		if (!(error instanceof ThemeFileError)) throw error;
		reading.error(error.code, error.message, null, error.hint);
		return null;
	}
}
