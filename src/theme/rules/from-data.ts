/** A whole set of rules in YAML or code, once it is maps and lists. */
import { didYouMean } from '../diagnostics/index.ts';
import { readBody, readXmlText } from './body-from-data.ts';
import { readWhen } from './condition-from-data.ts';
import { type Data, type DataEntry, itemsOf, kindName, MapReader, mapOf, textOf } from './data/index.ts';
import { ACTION_KEYS, ACTIONS } from './data-vocabulary.ts';
import { readLinks } from './links-from-data.ts';
import { STYLESHEET_MARKUP, THEME_MARKUP } from './markup-from-xml.ts';
import type { Condition, ThemeChoice } from './model.ts';
import { USUAL_PREFIXES } from './namespaces.ts';
import type { Reading } from './reading.ts';
import { readAction } from './rule-from-data.ts';
import type { Prefixes } from './selector-from-data.ts';
import { readStylesheetElement } from './stylesheet-from-xml.ts';

/** Reads another file of rules, whose conditions come on top of `outer`. */
export type Use = (data: Data, outer: Condition) => void;

const KEYS = ['theme', 'skip', 'rules', 'links', 'namespaces', 'xml'];

export function readDataRules(data: Data, outer: Condition, reading: Reading, use: Use): void {
	const map = mapOf(data, 'A set of rules', reading);
	if (map === null) return;
	const reader = new MapReader(map, 'A set of rules', KEYS, reading);
	const prefixes = readPrefixes(reader, reading);
	const rules = new DataRules(reading, prefixes, use);
	rules.themes(reader.get('theme'), outer);
	for (const item of itemsOf(reader.get('skip'), 'skip', reading)) {
		reading.draft.nothemes.push({ condition: [...outer, ...readWhen(item, prefixes, reading)], place: item.place });
	}
	rules.list(reader.get('rules'), outer);
	const xml = reader.text('xml');
	if (xml !== null) {
		for (const node of readXmlText(xml, STYLESHEET_MARKUP, prefixes, reading)) {
			if (node.type === 'element' && node.namespace === 'xsl')
				reading.draft.xsl.push(...readStylesheetElement(node, reading));
			else reading.error('stray-markup', 'Only xsl elements stand in xml here.', node.place, 'Put it into a rule.');
		}
	}
	const links = reader.get('links');
	if (links !== null) reading.draft.links = readLinks(links, reading);
}

function readPrefixes(reader: MapReader, reading: Reading): Prefixes {
	const data = reader.get('namespaces');
	const map = data === null ? null : mapOf(data, 'namespaces', reading);
	if (map === null) return USUAL_PREFIXES;
	const own = map.entries.flatMap(({ key, value }): [string, string][] => {
		const uri = textOf(value, key, reading);
		return uri === null ? [] : [[key, uri.value]];
	});
	return new Map([...USUAL_PREFIXES, ...own]);
}

class DataRules {
	readonly #reading: Reading;
	readonly #prefixes: Prefixes;
	readonly #use: Use;

	constructor(reading: Reading, prefixes: Prefixes, use: Use) {
		this.#reading = reading;
		this.#prefixes = prefixes;
		this.#use = use;
	}

	themes(data: Data | null, outer: Condition): void {
		if (data === null) return;
		for (const item of data.kind === 'list' ? data.items : [data]) {
			const choice = item.kind === 'map' ? this.#theme(item, outer) : this.#themeFile(item, outer);
			if (choice !== null) this.#reading.draft.themes.push(choice);
		}
	}

	#themeFile(data: Data, condition: Condition): ThemeChoice | null {
		const href = textOf(data, 'theme', this.#reading);
		if (href === null) return null;
		const file = this.#reading.file(href.value, href.place);
		return { href: href.value, body: null, file, prefix: null, condition, place: href.place };
	}

	#theme(data: Data, outer: Condition): ThemeChoice | null {
		const map = mapOf(data, 'theme', this.#reading);
		if (map === null) return null;
		const reader = new MapReader(map, 'theme', ['href', 'html', 'xml', 'when', 'prefix'], this.#reading);
		const condition = [...outer, ...readWhen(reader.get('when'), this.#prefixes, this.#reading)];
		const prefix = reader.text('prefix')?.value ?? null;
		const given = ['href', 'html', 'xml'].filter((key) => reader.has(key));
		if (given.length !== 1) {
			this.#reading.error('missing-key', 'A theme is one of href, html and xml.', map.place);
			return null;
		}
		const rest = { prefix, condition, place: map.place };
		const href = reader.text('href');
		if (href !== null) {
			return { href: href.value, body: null, file: this.#reading.file(href.value, href.place), ...rest };
		}
		const html = reader.text('html');
		// A theme is a document, not a part of one: it is parsed as files are.
		if (html !== null) {
			const file = { name: `${html.place.file.name} (theme)`, text: html.value };
			return { href: null, body: null, file, ...rest };
		}
		const body = readBody(reader, THEME_MARKUP, this.#prefixes, this.#reading) ?? [];
		return { href: null, body, file: null, ...rest };
	}

	list(data: Data | null, outer: Condition): void {
		for (const item of itemsOf(data, 'rules', this.#reading)) this.#item(item, outer);
	}

	#item(data: Data, outer: Condition): void {
		const entry = this.#action(data);
		if (entry === null) return;
		if (entry.key === 'group') this.#group(entry, outer);
		else if (entry.key === 'use') this.#useFile(entry, outer);
		else this.#reading.draft.rules.push(...readAction(entry, outer, this.#prefixes, this.#reading));
	}

	/** The one key of a rule. */
	#action(data: Data): DataEntry | null {
		if (data.kind !== 'map') {
			const message = `A rule is a map with one action, not ${kindName(data)}.`;
			this.#reading.error('bad-rule', message, data.place, `Write - replace: { theme: …, content: … }.`);
			return null;
		}
		const [entry, second] = data.entries;
		if (second !== undefined) {
			const message = `A rule has one action; this one has ${data.entries.map(({ key }) => key).join(' and ')}.`;
			const inside = [entry, second].find((one) => one !== undefined && !ACTIONS.includes(one.key));
			const hint =
				inside === undefined ? 'Begin a new item with a dash.' : `Put ${inside.key} inside the action: indent it.`;
			this.#reading.error('bad-rule', message, second.keyPlace, hint);
			return null;
		}
		if (entry === undefined) {
			this.#reading.error('bad-rule', 'A rule has one action; this one has none.', data.place);
			return null;
		}
		if (ACTIONS.includes(entry.key)) return entry;
		const hint = didYouMean(entry.key, ACTIONS) ?? `There are ${ACTIONS.join(', ')}.`;
		this.#reading.error('unknown-key', `There is no action '${entry.key}'.`, entry.keyPlace, hint);
		return null;
	}

	#group({ value }: DataEntry, outer: Condition): void {
		const map = mapOf(value, 'group', this.#reading);
		if (map === null) return;
		const reader = new MapReader(map, 'group', ACTION_KEYS['group'] ?? [], this.#reading);
		const condition = readWhen(reader.get('when'), this.#prefixes, this.#reading);
		this.list(reader.get('rules'), [...outer, ...condition]);
	}

	#useFile({ value, keyPlace }: DataEntry, outer: Condition): void {
		if (value.kind !== 'map') return this.#use(value, outer);
		const reader = new MapReader(value, 'use', ACTION_KEYS['use'] ?? [], this.#reading);
		const file = reader.get('file');
		const condition = readWhen(reader.get('when'), this.#prefixes, this.#reading);
		if (file !== null) this.#use(file, [...outer, ...condition]);
		else if (!reader.has('file')) this.#reading.error('missing-key', 'use needs file.', keyPlace);
	}
}
