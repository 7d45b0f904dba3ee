/**
 * Whether two XML documents are the same as Diazo's suite sees it: names with their namespaces, attributes in any order,
 * text but for white space at its edges (`*` stands for any), children in order, comments too; nothing outside the root.
 */
import { shown } from '../../names/index.ts';
import { type XmlComment, type XmlElement, xmlTree } from './xml-tree.ts';

/** The first difference in words, or null. Throws for what is not well-formed. */
export function difference(expected: string, actual: string): string | null {
	return elements(xmlTree(expected), xmlTree(actual), '');
}

interface Item {
	readonly node: XmlElement | XmlComment;
	/** The text behind it. */
	readonly tail: string;
}

/** Text before the first child, and the children with the text behind each. */
function itemsOf({ children }: XmlElement): { text: string; items: Item[] } {
	let text = '';
	const items: { node: XmlElement | XmlComment; tail: string }[] = [];
	for (const child of children) {
		if (typeof child !== 'string') items.push({ node: child, tail: '' });
		else if (items.length === 0) text += child;
		else (items.at(-1) as { tail: string }).tail += child;
	}
	return { text, items };
}

function elements(expected: XmlElement, actual: XmlElement, around: string): string | null {
	const path = `${around}/${expected.name.replace(/^\{.*\}/, '')}`;
	if (expected.name !== actual.name) return `${path}: expected <${expected.name}>, found <${actual.name}>`;
	const attributes = attributeDifference(expected.attributes, actual.attributes);
	if (attributes !== null) return `${path}: ${attributes}`;
	const [wanted, found] = [itemsOf(expected), itemsOf(actual)];
	if (!sameText(wanted.text, found.text))
		return `${path}: text ${shown(wanted.text)} expected, ${shown(found.text)} found`;
	for (const [index, { node, tail }] of wanted.items.entries()) {
		const other = found.items[index];
		if (other === undefined) return `${path}: ${nameOf(node)} expected, nothing found`;
		const inside = items(node, other.node, path);
		if (inside !== null) return inside;
		if (!sameText(tail, other.tail))
			return `${path}: behind ${nameOf(node)} text ${shown(tail)} expected, ${shown(other.tail)} found`;
	}
	const more = found.items[wanted.items.length];
	return more === undefined ? null : `${path}: ${nameOf(more.node)} is too much`;
}

function items(expected: XmlElement | XmlComment, actual: XmlElement | XmlComment, path: string): string | null {
	if ('comment' in expected) {
		if ('comment' in actual && sameText(expected.comment, actual.comment)) return null;
		return `${path}: ${nameOf(expected)} expected, ${nameOf(actual)} found`;
	}
	return 'comment' in actual
		? `${path}: ${nameOf(expected)} expected, ${nameOf(actual)} found`
		: elements(expected, actual, path);
}

const nameOf = (node: XmlElement | XmlComment): string =>
	'comment' in node ? `<!--${node.comment}-->` : `<${node.name.replace(/^\{.*\}/, '')}>`;

const sameText = (expected: string, actual: string): boolean =>
	expected.trim() === '*' || expected.trim() === actual.trim();

function attributeDifference(
	expected: ReadonlyMap<string, string>,
	actual: ReadonlyMap<string, string>,
): string | null {
	for (const [name, value] of expected) {
		const found = actual.get(name);
		if (found === undefined) return `attribute ${name} is missing`;
		if (!sameText(value, found)) return `attribute ${name} is ${shown(found)} instead of ${shown(value)}`;
	}
	for (const name of actual.keys()) if (!expected.has(name)) return `attribute ${name} is too much`;
	return null;
}
