/** One case of a suite laid out like Diazo's: a folder with rules, content, perhaps themes and options, and what must come out. */
import { ThemeError } from '../diagnostics/index.ts';
import { ThemeFileError, ThemeFiles } from '../files/index.ts';
import { compilePlan, PageRun, type PlanOptions } from '../plan/index.ts';
import { loadRules } from '../rules/index.ts';
import { parseHtml } from '../tree/index.ts';
import { compileXPath, type XPathContext } from '../xpath/index.ts';
import { difference } from './compare.ts';

export interface CaseOutcome {
	readonly name: string;
	readonly passed: boolean;
	/** What is wrong, in words; '' when it passed. */
	readonly reason: string;
}

export interface CaseOptions {
	readonly mode?: 'html' | 'xhtml';
	readonly compat?: 'diazo' | null;
}

/** Runs the case in `folder`. A case that has neither output.html nor xpaths.txt has to compile and run. */
export function runCase(folder: string, options: CaseOptions = {}): CaseOutcome {
	const name = folder.replace(/\/+$/, '').replace(/^.*\//, '');
	try {
		const reason = judge(folder, options);
		return { name, passed: reason === '', reason };
	} catch (error) {
		return {
			name,
			passed: false,
			reason: error instanceof ThemeError ? error.message : String((error as Error).stack),
		};
	}
}

function judge(folder: string, { mode = 'xhtml', compat = 'diazo' }: CaseOptions): string {
	const files = new ThemeFiles({ root: folder });
	const optional = (name: string): string | null => optionalText(files, name);
	const settings = caseSettings(optional('options.cfg') ?? '');
	const theme = settings.get('theme') ?? 'theme.html';
	const set = loadRules(optional('rules.xml') === null ? 'rules.yaml' : 'rules.xml', files, { compat });
	const planOptions: PlanOptions = {
		mode,
		compat,
		theme: theme !== '' && optional(theme) !== null ? theme : null,
		prefix: settings.get('absolute-prefix') || null,
		parameters: parametersOf(settings),
	};
	const plan = compilePlan(set, files, planOptions);
	const path = settings.get('path') ?? '';
	const run = new PageRun(plan, {
		path,
		query: '',
		host: 'localhost',
		scheme: 'http',
		parameters: {},
		header: () => null,
	});
	const content = asLibxml2Decodes(files.read('content.html', null).text);
	const early = run.write(content);
	const { text, themed } = run.end();
	const result = themed ? early + text : content;
	return xpathFailure(optional('xpaths.txt'), result) || outputFailure(optional('output.html'), result);
}

function optionalText(files: ThemeFiles, name: string): string | null {
	try {
		return files.read(name, null).text;
	} catch (error) {
		if (error instanceof ThemeFileError && error.code === 'missing-file') return null;
		throw error;
	}
}

/** `key = value` lines of an ini file with one section. */
function caseSettings(text: string): Map<string, string> {
	const settings = new Map<string, string>();
	for (const line of text.split('\n')) {
		const at = line.search(/[=:]/);
		if (at > 0 && !line.startsWith('[') && !line.startsWith('#'))
			settings.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
	}
	return settings;
}

/** `extra-params = name[:default] …`; other settings give their values. */
function parametersOf(settings: ReadonlyMap<string, string>): Record<string, string> {
	const parameters: Record<string, string> = {};
	for (const entry of (settings.get('extra-params') ?? '').split(/\s+/)) {
		if (entry === '') continue;
		const [name = '', value = ''] = entry.split(':');
		parameters[name] = settings.get(name) ?? value;
	}
	return parameters;
}

function outputFailure(expected: string | null, result: string): string {
	return expected === null ? '' : (difference(expected, result) ?? '');
}

/** libxml2 takes a page that does not say its charset for ISO 8859-1. */
function asLibxml2Decodes(text: string): string {
	if (/<meta[^>]*charset|^\ufeff/i.test(text)) return text;
	const bytes = new TextEncoder().encode(text);
	return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** Every expression must hold on the result read as HTML, without the meta element that libxml2 adds. */
function xpathFailure(expressions: string | null, result: string): string {
	if (expressions === null) return '';
	const tree = parseHtml(withoutAddedMeta(result), { dialect: 'libxml2' });
	const context: XPathContext = {
		tree,
		node: 0,
		position: 1,
		size: 1,
		current: { tree, node: 0 },
		variable: () => undefined,
		document: () => null,
		index: () => null,
		memo: null,
	};
	for (const line of expressions.split('\n')) {
		const expression = line.trim();
		if (expression === '' || expression.startsWith('#')) continue;
		if (!compileXPath(expression).boolean(context)) return `does not hold: ${expression}`;
	}
	return '';
}

const withoutAddedMeta = (html: string): string => html.replace(/<meta\b[^>]*http-equiv="Content-Type"[^>]*>/i, '');
