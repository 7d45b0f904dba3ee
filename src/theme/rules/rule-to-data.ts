/** Rules and conditions as the maps that YAML rules are made of. */
import { CONDITIONAL_MARKUP, STYLESHEET_MARKUP, THEME_MARKUP } from './markup-from-xml.ts';
import { markupHtml, markupXml } from './markup-to-text.ts';
import type { Condition, Expression, Reference, Rule, Selection, Test } from './model.ts';

/** What YAML can be made of. */
export type Plain = string | number | boolean | Block | readonly Plain[] | { readonly [key: string]: Plain };

/** Text that is written line by line. */
export class Block {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

type PlainMap = Record<string, Plain>;

/** One action with all its keys. */
export function ruleData(rule: Rule): readonly [action: string, keys: PlainMap] {
	const when: PlainMap = rule.condition.length === 0 ? {} : { when: conditionData(rule.condition) };
	if (rule.edit !== null) {
		return ['edit', { ...selectionData('content', rule.content), fn: rule.edit.name, ...when }];
	}
	if (rule.kind === 'attributes') return ['attrs', { ...attrsData(rule), ...when }];
	const action = actionOf(rule);
	// Not of the theme's node, but of its children: these actions say so by their names.
	const theme = rule.theme === null || action === rule.kind ? rule.theme : { ...rule.theme, children: false };
	const content = action === 'fill' ? fillData(rule.content) : selectionData('content', rule.content);
	const keys = { ...selectionData('theme', theme), ...content, ...referenceData(rule), ...bodyData(rule) };
	return [action, { ...keys, ...when }];
}

const INSIDE: Readonly<Record<string, string>> = { replace: 'fill', before: 'prepend', after: 'append' };

function actionOf({ kind, theme }: Rule): string {
	return theme?.children === true ? (INSIDE[kind] ?? kind) : kind;
}

function fillData(content: Selection | null): PlainMap {
	if (content === null) return {};
	return { content: selectorData(content.select), ...(content.children ? {} : { children: false }) };
}

function selectionData(name: 'theme' | 'content', selection: Selection | null): PlainMap {
	if (selection === null) return {};
	return { [selection.children ? `${name}Children` : name]: selectorData(selection.select) };
}

function selectorData({ language, text, prefix }: Expression): Plain {
	if (language === 'css') {
		if (prefix !== undefined && prefix !== null) return { css: text, prefix };
		return /^(?:\/|xpath:)/.test(text) ? { css: text } : text;
	}
	if (text.startsWith('/')) return text;
	return /^\s/.test(text) ? { xpath: text } : `xpath:${text}`;
}

function referenceData({ reference, mode, raw }: Rule): PlainMap {
	const own = { ...(raw ? { raw } : {}), ...(mode === null ? {} : { mode }) };
	return reference === null ? own : { ...own, ...hrefData(reference) };
}

function hrefData({ href, method, mode, timeout, onError }: Reference): PlainMap {
	return {
		href,
		...(method === null ? {} : { method }),
		...(mode === null ? {} : { mode }),
		...(timeout === null ? {} : { timeout: `${timeout}ms` }),
		...(onError === null ? {} : { onError: typeof onError === 'string' ? onError : { html: onError.html } }),
	};
}

/** HTML where it says the same, since it is what people know. */
function bodyData({ body, theme, condition }: Rule): PlainMap {
	if (body === null) return {};
	const style = theme === null ? STYLESHEET_MARKUP : condition.length > 0 ? CONDITIONAL_MARKUP : THEME_MARKUP;
	const html = markupHtml(body);
	return html === null ? { xml: new Block(markupXml(body, style)) } : { html: new Block(html) };
}

function attrsData({ theme, content, attributes, reference }: Rule): PlainMap {
	if (attributes === null) return {};
	const { action, names, separator } = attributes;
	return {
		...selectionData('theme', theme),
		...selectionData('content', content),
		...(reference === null
			? {}
			: { href: reference.href, ...(reference.method === null ? {} : { method: reference.method }) }),
		[action]: names,
		...(separator === ' ' ? {} : { separator }),
	};
}

/** One map; several where a test stands there twice. */
export function conditionData(condition: Condition): Plain {
	const maps: PlainMap[] = [];
	for (const test of condition) {
		const [key, value] = testData(test);
		const last = maps.at(-1);
		if (last === undefined || key in last) maps.push({ [key]: value });
		else last[key] = value;
	}
	return maps.length === 1 ? (maps[0] ?? {}) : maps;
}

function testData(test: Test): readonly [key: string, value: Plain] {
	const { negated } = test;
	if (test.kind === 'path') {
		const [first = ''] = test.patterns;
		return [negated ? 'notPath' : 'path', test.patterns.length === 1 ? first : test.patterns];
	}
	if (test.kind === 'header') {
		return [negated ? 'notHeader' : 'header', test.value === null ? test.name : { [test.name]: test.value }];
	}
	if (test.kind === 'expression') return [negated ? 'ifNot' : 'if', test.expression.text];
	return [
		`${negated ? 'missing' : 'content'}${test.children === true ? 'Children' : ''}`,
		selectorData(test.expression),
	];
}
