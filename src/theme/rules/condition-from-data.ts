/**
 * `when` in YAML and code: a map whose tests must all hold, or a list of maps that must all hold. A path is Diazo's: `/news`
 * is it and all below it, `/news/` that page alone, `news/` what ends so, `news` what contains it; a list names alternatives.
 * Stars say the same more visibly: two behind a path mean all below it, two in front of it wherever it stands.
 */
import type { Place } from '../diagnostics/index.ts';
import { type Data, kindName, MapReader, mapOf } from './data/index.ts';
import type { Mistakes } from './mistakes.ts';
import type { Test } from './model.ts';
import { type Prefixes, readSelector, readXPath } from './selector-from-data.ts';

interface TestKey {
	readonly kind: Test['kind'];
	readonly negated: boolean;
	readonly children?: true;
}

const TESTS: Readonly<Record<string, TestKey>> = {
	content: { kind: 'content', negated: false },
	missing: { kind: 'content', negated: true },
	contentChildren: { kind: 'content', negated: false, children: true },
	missingChildren: { kind: 'content', negated: true, children: true },
	path: { kind: 'path', negated: false },
	notPath: { kind: 'path', negated: true },
	header: { kind: 'header', negated: false },
	notHeader: { kind: 'header', negated: true },
	if: { kind: 'expression', negated: false },
	ifNot: { kind: 'expression', negated: true },
};

export function readWhen(data: Data | null, prefixes: Prefixes, mistakes: Mistakes): readonly Test[] {
	if (data === null) return [];
	if (data.kind === 'list') return data.items.flatMap((item) => readWhen(item, prefixes, mistakes));
	const map = mapOf(data, 'when', mistakes);
	if (map === null) return [];
	const reader = new MapReader(map, 'when', Object.keys(TESTS), mistakes);
	if (map.entries.length === 0) mistakes.error('empty-condition', 'when has no tests.', map.place);
	return map.entries.flatMap(({ key }): Test[] => {
		const test = TESTS[key];
		const value = test === undefined ? null : reader.get(key);
		return test === undefined || value === null ? [] : readTest(key, test, value, prefixes, mistakes);
	});
}

function readTest(key: string, test: TestKey, value: Data, prefixes: Prefixes, mistakes: Mistakes): Test[] {
	const { kind, negated } = test;
	if (kind === 'path') return readPaths(key, value, negated, mistakes);
	if (kind === 'header') return readHeaders(key, value, negated, mistakes);
	const isXPath = kind === 'expression';
	const expression = isXPath ? readXPath(value, key, prefixes, mistakes) : readSelector(value, key, prefixes, mistakes);
	if (expression === null) return [];
	if (kind === 'expression') return [{ kind, expression, negated }];
	return [{ kind, expression, negated, ...(test.children === true ? { children: true } : {}) }];
}

function readPaths(key: string, value: Data, negated: boolean, mistakes: Mistakes): Test[] {
	const all = value.kind === 'list' ? value.items : [value];
	const patterns = all.flatMap((one) => {
		if (one.kind === 'value' && typeof one.value === 'string') return pathPattern(one.value, one.place, mistakes) ?? [];
		mistakes.error('bad-value', `${key} is a text or a list of texts, not ${kindName(one)}.`, one.place);
		return [];
	});
	return patterns.length === 0 ? [] : [{ kind: 'path', patterns, negated, place: value.place }];
}

/** Null for what cannot be said, which is told. */
function pathPattern(path: string, place: Place, mistakes: Mistakes): string | null {
	const anywhere = path.startsWith('**/');
	const below = path.endsWith('/**');
	const core = path.slice(anywhere ? 3 : 0, below ? -3 : undefined);
	if (core === '' || core.includes('*') || /\s/.test(core)) {
		const hint = 'Stars stand as /x/**, **/x and **/x/** only; anything else can be said with if, in XPath.';
		mistakes.error('bad-path', `The path '${path}' cannot be matched.`, place, hint);
		return null;
	}
	if (!anywhere) return below ? core.replace(/\/+$/, '') : path;
	const name = core.replace(/^\/+|\/+$/g, '');
	return below ? name : `${name}/`;
}

/** A name, or a map from names to what they are; true for any value. */
function readHeaders(key: string, value: Data, negated: boolean, mistakes: Mistakes): Test[] {
	if (value.kind === 'value' && typeof value.value === 'string') {
		return headerTest(value.value, null, negated, value.place, mistakes);
	}
	const map = mapOf(value, key, mistakes);
	return (map?.entries ?? []).flatMap(({ key: name, keyPlace, value: wanted }) => {
		const given = wanted.kind === 'value' ? wanted.value : null;
		if (given === true) return headerTest(name, null, negated, keyPlace, mistakes);
		if (typeof given === 'string' || typeof given === 'number') {
			return headerTest(name, String(given), negated, keyPlace, mistakes);
		}
		mistakes.error('bad-value', `A header is a text, or true for any, not ${kindName(wanted)}.`, wanted.place);
		return [];
	});
}

function headerTest(name: string, value: string | null, negated: boolean, place: Place, mistakes: Mistakes): Test[] {
	if (/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return [{ kind: 'header', name: name.toLowerCase(), value, negated }];
	mistakes.error('bad-header', `'${name}' is not the name of a header.`, place, 'Write header: { name: value }.');
	return [];
}
