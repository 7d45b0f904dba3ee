/** Selectors in YAML and code: CSS, unless they begin with `/` or `xpath:`; a map where more has to be said. */
import { type Data, MapReader, mapOf, type TextValue, textOf } from './data/index.ts';
import type { Mistakes } from './mistakes.ts';
import type { Expression, Selection } from './model.ts';

/** Prefixes in scope, for XPath. */
export type Prefixes = ReadonlyMap<string, string>;

const MARK = /^xpath:\s*/;

export function readSelector(data: Data, what: string, prefixes: Prefixes, mistakes: Mistakes): Expression | null {
	if (data.kind === 'map') return fromMap(data, what, prefixes, mistakes);
	const text = textOf(data, what, mistakes);
	if (text === null) return null;
	const mark = MARK.exec(text.value)?.[0] ?? '';
	if (mark === '' && !text.value.startsWith('/')) return css(text, null, what, mistakes);
	return xpath(text, mark.length, what, prefixes, mistakes);
}

function fromMap(data: Data, what: string, prefixes: Prefixes, mistakes: Mistakes): Expression | null {
	const map = mapOf(data, what, mistakes);
	if (map === null) return null;
	const reader = new MapReader(map, what, ['css', 'xpath', 'prefix'], mistakes);
	const [asCss, asXPath, prefix] = [reader.text('css'), reader.text('xpath'), reader.text('prefix')];
	if (asCss !== null && asXPath === null) return css(asCss, prefix?.value ?? null, what, mistakes);
	if (asXPath !== null && asCss === null && prefix === null) return xpath(asXPath, 0, what, prefixes, mistakes);
	mistakes.error('bad-value', `${what} is {css, prefix} or {xpath}.`, map.place);
	return null;
}

function css(text: TextValue, prefix: string | null, what: string, mistakes: Mistakes): Expression | null {
	if (isMissing(text, 0, what, mistakes)) return null;
	return { language: 'css', text: text.value, place: text.place, prefix };
}

/** An expression that is XPath in any case, marked or not. */
export function readXPath(data: Data, what: string, namespaces: Prefixes, mistakes: Mistakes): Expression | null {
	const text = textOf(data, what, mistakes);
	if (text === null) return null;
	return xpath(text, MARK.exec(text.value)?.[0].length ?? 0, what, namespaces, mistakes);
}

function xpath(
	text: TextValue,
	skip: number,
	what: string,
	namespaces: Prefixes,
	mistakes: Mistakes,
): Expression | null {
	if (isMissing(text, skip, what, mistakes)) return null;
	const rest = text.value.slice(skip);
	const place = text.locate?.(skip, rest.length) ?? text.place;
	return { language: 'xpath', text: rest, place, namespaces };
}

function isMissing({ value, place }: TextValue, skip: number, what: string, mistakes: Mistakes): boolean {
	if (value.slice(skip).trim() !== '') return false;
	mistakes.error('empty-selector', `${what} is empty: it selects nothing.`, place);
	return true;
}

/** `theme` or `themeChildren`, `content` or `contentChildren`. */
export function readSelection(
	map: MapReader,
	name: 'theme' | 'content',
	prefixes: Prefixes,
	mistakes: Mistakes,
): Selection | null {
	const children = `${name}Children`;
	if (map.has(name) && map.has(children)) {
		const message = `${map.what} has both ${name} and ${children}.`;
		mistakes.error('two-selectors', message, map.keyPlace(children), 'Keep one of them.');
	}
	const from = map.has(name) ? name : children;
	const data = map.get(from);
	const select = data === null ? null : readSelector(data, from, prefixes, mistakes);
	return select === null ? null : { select, children: from === children };
}
