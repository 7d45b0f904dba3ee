/** Well-formed XML as plain nested objects, for comparing. */
import { SaxesParser } from 'saxes';

export interface XmlElement {
	/** `{namespace}local`. */
	readonly name: string;
	/** By `{namespace}local`. */
	readonly attributes: ReadonlyMap<string, string>;
	readonly children: (XmlElement | XmlComment | string)[];
}

export interface XmlComment {
	readonly comment: string;
}

/** The root element; throws Error with line and column for what is not well-formed. */
export function xmlTree(text: string): XmlElement {
	const parser = new SaxesParser({ xmlns: true, position: true });
	const top: XmlElement = { name: '', attributes: new Map(), children: [] };
	const stack: XmlElement[] = [top];
	const here = (): XmlElement => stack.at(-1) as XmlElement;
	parser.on('error', (error) => {
		throw error;
	});
	parser.on('opentag', (tag) => {
		const attributes = new Map<string, string>();
		for (const { uri, local, prefix, name, value } of Object.values(tag.attributes)) {
			if (prefix !== 'xmlns' && name !== 'xmlns') attributes.set(`{${uri}}${local}`, value);
		}
		const element: XmlElement = { name: `{${tag.uri}}${tag.local}`, attributes, children: [] };
		here().children.push(element);
		stack.push(element);
	});
	parser.on('closetag', () => stack.pop());
	parser.on('text', (piece) => here().children.push(piece));
	parser.on('cdata', (piece) => here().children.push(piece));
	parser.on('comment', (comment) => here().children.push({ comment }));
	parser.write(text).close();
	const root = top.children.find((one): one is XmlElement => typeof one === 'object' && 'name' in one);
	if (root === undefined) throw new Error('There is no element.');
	return root;
}
