/** What an expression can be, and how one kind becomes another (XPath 1.0, sections 3 and 4). */
import { attributeAt, elementOf, isAttribute, type NodeRef, type NodeSet, type Tree } from '../tree/index.ts';

export type XPathValue = NodeSet | string | number | boolean;

export const isNodeSet = (value: XPathValue): value is NodeSet => typeof value === 'object';

/** The string-value of a node or attribute (section 5). */
export function stringValue(tree: Tree, ref: NodeRef): string {
	if (!isAttribute(ref)) return tree.stringValue(ref);
	return tree.attributes(elementOf(ref))[attributeAt(ref)]?.value ?? '';
}

/** Section 4.2, string(): of a node-set the first node in document order. */
export function toString(value: XPathValue): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'object') {
		const first = value.nodes[0];
		return first === undefined ? '' : stringValue(value.tree, first);
	}
	return typeof value === 'number' ? numberToString(value) : String(value);
}

/** Section 4.4, number(). */
export function toNumber(value: XPathValue): number {
	if (typeof value === 'number') return value;
	return typeof value === 'boolean' ? Number(value) : stringToNumber(toString(value));
}

/** Section 4.3, boolean(). */
export function toBoolean(value: XPathValue): boolean {
	if (typeof value === 'object') return value.nodes.length > 0;
	return typeof value === 'number' ? value !== 0 && !Number.isNaN(value) : value !== false && value !== '';
}

const NUMBER = /^[ \t\r\n]*(-?(?:\d+(?:\.\d*)?|\.\d+))[ \t\r\n]*$/;

/** Neither exponents nor a plus sign are numbers here. */
export function stringToNumber(text: string): number {
	const found = NUMBER.exec(text);
	return found === null ? Number.NaN : Number(found[1]);
}

/** Never with an exponent; minus zero is 0. */
export function numberToString(value: number): string {
	if (value === 0) return '0';
	const text = String(value);
	const exponent = text.indexOf('e');
	if (exponent === -1) return text;
	const sign = value < 0 ? '-' : '';
	const digits = text.slice(sign.length, exponent).replace('.', '');
	const point = text.slice(sign.length, exponent).indexOf('.');
	const places = Number(text.slice(exponent + 1)) + (point === -1 ? digits.length : point);
	if (places <= 0) return `${sign}0.${'0'.repeat(-places)}${digits}`;
	return sign + digits.padEnd(places, '0');
}
