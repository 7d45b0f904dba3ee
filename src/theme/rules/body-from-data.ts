/** What a rule in YAML or code puts in: `html`, as it is, or `xml`, as it would stand inside a rule in XML. */
import { Diagnostics, type Place, type SourceFile } from '../diagnostics/index.ts';
import { COMMENT, ELEMENT, parseHtml, TEXT, type Tree } from '../tree/index.ts';
import type { MapReader, TextValue } from './data/index.ts';
import { type MarkupStyle, readMarkup, trimmed } from './markup-from-xml.ts';
import type { Mistakes } from './mistakes.ts';
import type { Markup, MarkupElement } from './model.ts';
import type { Prefixes } from './selector-from-data.ts';
import { readXmlFragment, type XmlNode } from './xml/index.ts';

/** Null when there is neither. */
export function readBody(
	map: MapReader,
	style: MarkupStyle,
	prefixes: Prefixes,
	mistakes: Mistakes,
): readonly Markup[] | null {
	const [html, xml] = [map.text('html'), map.text('xml')];
	if (html !== null && xml !== null) {
		mistakes.error('conflict', `${map.what} has both html and xml.`, xml.place, 'Keep one of them.');
	}
	if (html !== null) return trimmed(htmlMarkup(html));
	return xml === null ? null : trimmed(readXmlText(xml, style, prefixes, mistakes));
}

export function readXmlText(
	text: TextValue,
	style: MarkupStyle,
	prefixes: Prefixes,
	mistakes: Mistakes,
): readonly Markup[] {
	return readMarkup(readXmlNodes(text, prefixes, mistakes), style, mistakes);
}

/** The nodes stand in the text; their places are moved to where the text stands. */
function readXmlNodes(text: TextValue, prefixes: Prefixes, mistakes: Mistakes): readonly XmlNode[] {
	const file: SourceFile = { name: text.place.file.name, text: text.value };
	const own = new Diagnostics();
	const move = ({ offset, length }: Place): Place => text.locate?.(offset, length) ?? text.place;
	const nodes = readXmlFragment(file, own, prefixes);
	const moved = own.all.map((one) => ({ ...one, place: one.place === null ? null : move(one.place) }));
	mistakes.diagnostics.all.push(...moved);
	return nodes === null ? [] : nodes.map((node) => movedNode(node, move));
}

function movedNode(node: XmlNode, move: (place: Place) => Place): XmlNode {
	const place = move(node.place);
	if (node.type !== 'element') return { ...node, place };
	const attributes = node.attributes.map((one) => ({
		...one,
		place: move(one.place),
		namePlace: move(one.namePlace),
	}));
	return { ...node, place, attributes, children: node.children.map((child) => movedNode(child, move)) };
}

/** HTML has no instructions: braces in its attributes are braces. */
export function htmlMarkup(text: TextValue): Markup[] {
	const tree = parseHtml(text.value, { fragment: true });
	const place = (node: number): Place => {
		const start = tree.starts[node] ?? 0;
		const end = tree.kinds[node] === ELEMENT ? tree.openEnds[node] : tree.ends[node];
		return text.locate?.(start, Math.max(0, (end ?? start) - start)) ?? text.place;
	};
	return tree.children(0).flatMap((node) => htmlNode(tree, node, place) ?? []);
}

function htmlNode(tree: Tree, node: number, placeOf: (node: number) => Place): Markup | null {
	const kind = tree.kinds[node];
	const place = placeOf(node);
	if (kind === TEXT) return { type: 'text', text: tree.text(node), place };
	if (kind === COMMENT) return { type: 'comment', text: tree.text(node), place };
	if (kind !== ELEMENT) return null;
	const attributes = tree.attributes(node).map(({ name, value }) => {
		const escaped = value.replaceAll('{', '{{').replaceAll('}', '}}');
		return { namespace: '', name, value: escaped, place };
	});
	const children = tree.children(node).flatMap((child) => htmlNode(tree, child, placeOf) ?? []);
	const name = tree.names[node] ?? '';
	const element: MarkupElement = {
		type: 'element',
		namespace: 'html',
		name,
		attributes,
		children,
		namespaces: NO_PREFIXES,
		place,
	};
	return element;
}

const NO_PREFIXES: ReadonlyMap<string, string> = new Map();
