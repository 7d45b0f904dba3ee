/** Markup as text again: XML for an `xml` block, and HTML where the markup is nothing but HTML. */
import { htmlMarkup } from './body-from-data.ts';
import type { MarkupStyle } from './markup-from-xml.ts';
import type { Markup, MarkupElement } from './model.ts';
import { CSS, USUAL_PREFIXES } from './namespaces.ts';
import { isBlank } from './xml/index.ts';

/** Elements that have no end tag in HTML, and those whose text is as it stands. */
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;
const RAW = /^(?:script|style)$/;

export function markupXml(body: readonly Markup[], style: MarkupStyle): string {
	return body.map((node) => xmlNode(node, { scope: NONE, base: '' }, style.outer, style)).join('');
}

const NONE: ReadonlyMap<string, string> = new Map();

/** What is declared around a node; `base` is the default namespace, '' for that of HTML. */
interface Around {
	readonly scope: ReadonlyMap<string, string>;
	readonly base: string;
}

/** `kept`: a reader keeps whitespace that stands here. */
function xmlNode(node: Markup, around: Around, kept: boolean, style: MarkupStyle): string {
	if (node.type === 'comment') return `<!--${node.text}-->`;
	if (node.type === 'text') return isBlank(node.text) && !kept ? cdata(node.text) : escapeText(node.text);
	const name = xmlName(node);
	const declared = declarations(node, around.scope).map(([prefix, uri]) => ` xmlns:${prefix}="${escapeValue(uri)}"`);
	const attributes = node.attributes.map(({ namespace, name, value }) => {
		return ` ${namespace === 'css' ? `css:${name}` : name}="${escapeValue(value)}"`;
	});
	const base =
		isOther(node) && !node.name.includes(':') ? node.namespace : node.namespace === 'html' ? '' : around.base;
	const own = base === around.base ? '' : ` xmlns="${escapeValue(base)}"`;
	const start = `<${name}${own}${declared.join('')}${attributes.join('')}`;
	if (node.children.length === 0) return `${start}/>`;
	const inner =
		(node.namespace === 'xsl' && node.name === 'text') || (style.whitespace === 'html' && node.namespace !== 'xsl');
	const children = node.children.map((child) => xmlNode(child, { scope: node.namespaces, base }, inner, style));
	// Where whitespace says nothing, it may as well be readable.
	const indented = !inner && node.children.every((child) => child.type === 'element');
	if (!indented) return `${start}>${children.join('')}</${name}>`;
	const lines = children.map((child) => `\n${child}`.replaceAll('\n', '\n  ')).join('');
	return `${start}>${lines}\n</${name}>`;
}

function isOther({ namespace }: MarkupElement): boolean {
	return namespace !== 'html' && namespace !== 'xsl' && namespace !== 'diazo';
}

function xmlName({ namespace, name }: MarkupElement): string {
	if (namespace === 'xsl') return `xsl:${name}`;
	return namespace === 'diazo' ? `diazo:${name}` : name;
}

/** Prefixes that a reader does not know yet. */
function declarations(element: MarkupElement, scope: ReadonlyMap<string, string>): [string, string][] {
	return [...element.namespaces].filter(
		([prefix, uri]) => prefix !== '' && scope.get(prefix) !== uri && !isUsual(prefix, uri),
	);
}

export function isUsual(prefix: string, uri: string): boolean {
	return (
		USUAL_PREFIXES.get(prefix) === uri || uri === CSS || LEGACY.test(uri) || uri === 'http://www.w3.org/2001/XInclude'
	);
}

const LEGACY = /^http:\/\/(?:namespaces\.plone\.org\/|openplans\.org\/deliverance)/;

/** The same as HTML, or null when HTML cannot say it, or would be read as something else. */
export function markupHtml(body: readonly Markup[]): string | null {
	const html = body.map(htmlNode);
	if (html.includes(null)) return null;
	const text = html.join('');
	const again = htmlMarkup({ kind: 'value', value: text, place: NOWHERE });
	return same(again) === same(body) ? text : null;
}

const NOWHERE = { file: { name: '', text: '' }, offset: 0, length: 0 };

function htmlNode(node: Markup): string | null {
	if (node.type === 'comment') return `<!--${node.text}-->`;
	if (node.type === 'text') return escapeText(node.text);
	if (
		node.namespace !== 'html' ||
		node.attributes.some(({ namespace, value }) => namespace !== '' || isTemplate(value))
	) {
		return null;
	}
	const attributes = node.attributes.map(({ name, value }) => {
		return ` ${name}="${escapeValue(value.replaceAll('{{', '{').replaceAll('}}', '}'))}"`;
	});
	const start = `<${node.name}${attributes.join('')}>`;
	if (VOID.test(node.name)) return node.children.length === 0 ? start : null;
	const raw = RAW.test(node.name);
	const children = node.children.map((child) => (raw && child.type === 'text' ? child.text : htmlNode(child)));
	return children.includes(null) ? null : `${start}${children.join('')}</${node.name}>`;
}

/** It has an expression in braces. */
function isTemplate(value: string): boolean {
	return /[{}]/.test(value.replaceAll('{{', '').replaceAll('}}', ''));
}

/** What counts of markup, to be compared. */
function same(body: readonly Markup[]): string {
	return JSON.stringify(body, (key, value: unknown) => (key === 'place' || key === 'namespaces' ? undefined : value));
}

function escapeText(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}

function cdata(text: string): string {
	return `<![CDATA[${text}]]>`;
}

function escapeValue(text: string): string {
	return text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('"', '&quot;')
		.replaceAll('\n', '&#10;')
		.replaceAll('\t', '&#9;')
		.replaceAll('\r', '&#13;');
}
