/** One rule in YAML or code: a map with one key, the action. */
import type { Place } from '../diagnostics/index.ts';
import { readAttributeRules } from './attributes-from-data.ts';
import { readBody } from './body-from-data.ts';
import { readWhen } from './condition-from-data.ts';
import { type DataEntry, MapReader, mapOf } from './data/index.ts';
import { ACTION_KEYS, DATA_SPELLINGS } from './data-vocabulary.ts';
import { readEdit } from './edit-from-data.ts';
import { CONDITIONAL_MARKUP, STYLESHEET_MARKUP, THEME_MARKUP } from './markup-from-xml.ts';
import type { Condition, Markup, Reference, Rule, Selection } from './model.ts';
import type { Reading } from './reading.ts';
import { readReference } from './reference-from-data.ts';
import { type Prefixes, readSelection } from './selector-from-data.ts';
import type { Spelling } from './vocabulary.ts';

/** The rules that an action makes: one, but `attrs` may make several. */
export function readAction(entry: DataEntry, outer: Condition, prefixes: Prefixes, reading: Reading): Rule[] {
	const { key, value, keyPlace } = entry;
	const map = mapOf(value, key, reading);
	if (map === null) return [];
	const reader = new MapReader(map, key, ACTION_KEYS[key] ?? [], reading);
	const condition = [...outer, ...readWhen(reader.get('when'), prefixes, reading)];
	const found: Found = { reader, condition, place: keyPlace, prefixes };
	if (key === 'attrs') return readAttributeRules(found, reading);
	if (key === 'edit') return readEdit(found, reading);
	const spelling = DATA_SPELLINGS[key];
	const rule = spelling === undefined ? null : plainRule(found, spelling, reading);
	return rule === null ? [] : [rule];
}

export interface Found {
	readonly reader: MapReader;
	readonly condition: Condition;
	/** Of the action's key. */
	readonly place: Place;
	readonly prefixes: Prefixes;
}

function plainRule(found: Found, spelling: Spelling, reading: Reading): Rule | null {
	const { reader, condition, place, prefixes } = found;
	const theme = readSelection(reader, 'theme', prefixes, reading);
	const content = contentOf(found, reading);
	const reference = readReference(reader, reading);
	const style = theme === null ? STYLESHEET_MARKUP : condition.length > 0 ? CONDITIONAL_MARKUP : THEME_MARKUP;
	const body = readBody(reader, style, prefixes, reading);
	if (!isWhole(found, spelling, { theme, content, reference, body }, reading)) return null;
	return {
		kind: spelling.kind,
		theme: theme === null ? null : { ...theme, children: theme.children || spelling.children },
		content,
		attributes: null,
		reference,
		body: body === null || body.length === 0 ? null : body,
		raw: reader.flag('raw', false),
		mode: reference === null ? (reader.text('mode')?.value ?? null) : null,
		edit: null,
		condition,
		place,
		spelled: reader.what,
	};
}

/** `fill` brings in the children of what it selects, unless told otherwise. */
function contentOf({ reader, prefixes }: Found, reading: Reading): Selection | null {
	const content = readSelection(reader, 'content', prefixes, reading);
	if (content === null || reader.what !== 'fill') return content;
	return { ...content, children: content.children || reader.flag('children', true) };
}

interface Parts {
	readonly theme: Selection | null;
	readonly content: Selection | null;
	readonly reference: Reference | null;
	readonly body: readonly Markup[] | null;
}

function isWhole({ reader, place }: Found, { kind, children }: Spelling, parts: Parts, reading: Reading): boolean {
	const { theme, content, reference, body } = parts;
	const { what } = reader;
	const tell = (code: string, message: string, hint: string | null = null): boolean => {
		reading.error(code, message, place, hint);
		return false;
	};
	// An empty selector has been told already.
	const named = (name: string): boolean => reader.has(name) || reader.has(`${name}Children`);
	const removes = kind === 'drop' || kind === 'strip';
	if (what === 'include' && reference === null) {
		return (
			reader.has('href') || tell('missing-key', 'include needs href.', 'For content of the page itself, use replace.')
		);
	}
	if (removes && theme !== null && content !== null) {
		const hint = `Write two rules, one to ${what} in the theme, one in the content.`;
		return tell('conflict', `${what} has both theme and content.`, hint);
	}
	if (theme === null && (children || reference !== null))
		return named('theme') || tell('missing-key', `${what} needs theme.`);
	if (theme === null && content === null) {
		return named('theme') || named('content') || tell('missing-key', `${what} needs theme or content.`);
	}
	if (theme !== null && body !== null && (content !== null || reference !== null)) {
		return tell('conflict', `${what} has content or href, and html or xml, too.`, 'Keep one of them.');
	}
	const brings = body !== null || reference !== null || (theme !== null && content !== null);
	if ((kind === 'before' || kind === 'after') && !brings) {
		return tell('missing-key', `${what} brings in nothing.`, 'Give it content, href, html or xml.');
	}
	return true;
}
