/**
 * What stands inside rules, as Markup: HTML in whichever namespace it is, XSLT, includes. Whitespace goes as Diazo's
 * compiler and XSLT together leave it: between instructions it is indentation, between HTML elements it is content.
 */

import type { Mistakes } from './mistakes.ts';
import type { Markup, MarkupAttribute, MarkupElement } from './model.ts';
import { CSS, isHtml, isRules, isTwin, XSL } from './namespaces.ts';
import { RuleAttributes } from './rule-attributes.ts';
import { RULE_ELEMENTS } from './vocabulary.ts';
import { isBlank, qualifiedName, type XmlAttribute, type XmlElement, type XmlNode, type XmlText } from './xml/index.ts';

export interface MarkupStyle {
	/** `html`: whitespace in HTML elements stays; `xslt`: it goes as in a stylesheet. */
	readonly whitespace: 'html' | 'xslt';
	/** Whitespace right in the rule stays, too. */
	readonly outer: boolean;
	/** Comments are written out; else they are notes to the reader of the rules. */
	readonly comments: boolean;
}

/** An inline theme, or what a rule puts into the theme: a part of the page like any other. */
export const THEME_MARKUP: MarkupStyle = { whitespace: 'html', outer: true, comments: true };
/** What goes into the theme under a condition stands in an instruction. */
export const CONDITIONAL_MARKUP: MarkupStyle = { whitespace: 'html', outer: false, comments: true };
/** What goes into the content, and templates, are stylesheets. */
export const STYLESHEET_MARKUP: MarkupStyle = { whitespace: 'xslt', outer: false, comments: false };

export function readMarkup(nodes: readonly XmlNode[], style: MarkupStyle, mistakes: Mistakes): Markup[] {
	return siblings(nodes, style, style.outer, style.comments, mistakes);
}

/** Text that only CDATA or a comment kept apart becomes one. */
function siblings(
	nodes: readonly XmlNode[],
	style: MarkupStyle,
	whitespace: boolean,
	comments: boolean,
	mistakes: Mistakes,
): Markup[] {
	const all: Markup[] = [];
	for (const node of nodes) {
		const last = all.at(-1);
		if (node.type === 'element') all.push(readElement(node, style, mistakes));
		else if (node.type === 'comment') {
			if (comments) all.push({ type: 'comment', text: node.text, place: node.place });
		} else if (!isWanted(node, whitespace)) continue;
		else if (last?.type === 'text') all[all.length - 1] = { ...last, text: last.text + node.text };
		else all.push({ type: 'text', text: node.text, place: node.place });
	}
	return all;
}

/** Whether there is anything in a rule but comments and indentation. */
export function isEmpty(nodes: readonly XmlNode[]): boolean {
	return nodes.every((node) => node.type === 'comment' || (node.type === 'text' && !node.cdata && isBlank(node.text)));
}

/** Without the indentation in front of what stands first, and behind what stands last. */
export function trimmed(body: readonly Markup[]): readonly Markup[] {
	const isIndent = (one: Markup | undefined): boolean => one?.type === 'text' && isBlank(one.text);
	return body.slice(isIndent(body[0]) ? 1 : 0, isIndent(body.at(-1)) ? -1 : undefined);
}

export function readElement(element: XmlElement, style: MarkupStyle, mistakes: Mistakes): MarkupElement {
	const { local, namespace, namespaces, place } = element;
	const kept = attributesOf(element);
	const kind = kindOf(element);
	const name = kind === namespace ? qualifiedName(element) : local;
	if (kind === 'diazo') checkInclude(element, kept, mistakes);
	if (kind === 'html') checkHtml(element, kept, mistakes);
	const children = childrenOf(element, kind, style, mistakes);
	return { type: 'element', namespace: kind, name, attributes: kept, children, namespaces, place };
}

function kindOf({ local, namespace }: XmlElement): string {
	if (namespace === XSL) return 'xsl';
	if (isRules(namespace) && local === 'include') return 'diazo';
	return isHtml(namespace) ? 'html' : namespace;
}

export function attributesOf(element: XmlElement): MarkupAttribute[] {
	return element.attributes.map(({ prefix, local, namespace, value, place }: XmlAttribute) => {
		if (namespace === '') return { namespace: '', name: local, value, place };
		if (isTwin(namespace)) return { namespace: 'css', name: local, value, place };
		return { namespace, name: qualifiedName({ prefix, local }), value, place };
	});
}

function childrenOf(element: XmlElement, kind: string, style: MarkupStyle, mistakes: Mistakes): Markup[] {
	if (kind === 'diazo') return [];
	const asIs = kind === 'xsl' && element.local === 'text';
	const outer = asIs || element.preserve || (style.whitespace === 'html' && kind !== 'xsl');
	return siblings(element.children, style, outer, style.comments && kind !== 'xsl', mistakes);
}

function isWanted({ text, cdata }: XmlText, whitespace: boolean): boolean {
	return whitespace || cdata || !isBlank(text);
}

function checkInclude(element: XmlElement, attributes: readonly MarkupAttribute[], mistakes: Mistakes): void {
	const { namespaces, place } = element;
	const own = new RuleAttributes({ name: 'include', attributes, namespaces, place }, mistakes);
	own.check();
	if (own.has('content') || own.has('content-children') || own.has('href')) return;
	mistakes.passedOver('missing-attribute', '<include> needs content or href: it brings in nothing.', place);
}

function checkHtml(element: XmlElement, attributes: readonly MarkupAttribute[], mistakes: Mistakes): void {
	const { local, namespace, place } = element;
	if (isRules(namespace) && RULE_ELEMENTS.includes(local)) {
		const hint = `Rules do not stand in other rules; put <${local}> beside it, in <rules>.`;
		mistakes.passedOver('rule-in-rule', `<${local}> is written out as it is here.`, place, hint);
	}
	for (const { namespace: twin, name, place } of attributes) {
		if (twin !== 'css') continue;
		const message = `css:${name} has no meaning on <${local}>.`;
		mistakes.passedOver('unknown-attribute', message, place, `${CSS} is for rules and xsl elements.`);
	}
}
