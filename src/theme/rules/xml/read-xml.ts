/** XML to a tree with places, by saxes; the only file that knows it. */
import { SaxesParser } from 'saxes';
import type { Diagnostics, Place, SourceFile } from '../../diagnostics/index.ts';
import { Entities } from './entities.ts';
import { syntaxFault } from './syntax-fault.ts';
import { qualifiedName, type XmlAttribute, type XmlElement, type XmlNode } from './xml-tree.ts';

/** Elements inside each other; beyond it, whoever walks the tree would run out of stack. */
const MAX_DEPTH = 500;

const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

type OpenElement = Omit<XmlElement, 'children'> & { readonly children: XmlNode[] };
type Parser = SaxesParser<{ xmlns: true }>;

/** The root element, or null after a mistake that nothing can be read behind. Mistakes are in `diagnostics`. */
export function readXml(file: SourceFile, diagnostics: Diagnostics): XmlElement | null {
	return new XmlReader(file, diagnostics).read();
}

/** Elements and text side by side, with these prefixes known; null after a mistake. */
export function readXmlFragment(
	file: SourceFile,
	diagnostics: Diagnostics,
	namespaces: ReadonlyMap<string, string>,
): readonly XmlNode[] | null {
	return new XmlReader(file, diagnostics, namespaces).readAll();
}

class XmlReader {
	readonly #file: SourceFile;
	readonly #diagnostics: Diagnostics;
	readonly #parser: Parser;
	readonly #scope: Scope | undefined;
	readonly #entities: Entities;
	readonly #open: OpenElement[] = [];
	readonly #places = new Map<string, { readonly name: Place; readonly value: Place }>();
	readonly #top: XmlNode[] = [];
	#broken = false;
	/** Where the last tag, comment or the like ended, and the next text begins. */
	#end = 0;
	#tagStart = 0;

	/** `fragment`: prefixes that are known from outside, when this is not a whole document. */
	constructor(file: SourceFile, diagnostics: Diagnostics, fragment?: Scope) {
		this.#parser = new SaxesParser(
			fragment === undefined
				? { xmlns: true }
				: { xmlns: true, fragment: true, additionalNamespaces: Object.fromEntries(fragment) },
		);
		this.#scope = fragment;
		this.#file = file;
		this.#diagnostics = diagnostics;
		this.#entities = new Entities(file, diagnostics);
	}

	read(): XmlElement | null {
		return this.readAll()?.find((node) => node.type === 'element') ?? null;
	}

	readAll(): readonly XmlNode[] | null {
		this.#listen();
		this.#parser.write(this.#file.text).close();
		return this.#broken ? null : this.#top;
	}

	#listen(): void {
		const parser = this.#parser;
		parser.ENTITIES = this.#entities.table(() => this.#referencePlace());
		parser.on('doctype', () => this.#doctype());
		parser.on('opentagstart', () => this.#startTag());
		parser.on('attribute', ({ name }) => this.#attribute(name));
		parser.on('opentag', (tag) => this.#element(tag));
		parser.on('closetag', () => this.#close());
		parser.on('text', (text) => this.#text(text, parser.position - 1, false));
		parser.on('cdata', (text) => this.#text(text, parser.position, true));
		parser.on('comment', (text) => this.#comment(text));
		parser.on('processinginstruction', () => this.#passed(parser.position));
		parser.on('error', (error) => this.#fault(error.message));
	}

	#place(offset: number, end: number): Place {
		return { file: this.#file, offset, length: Math.max(0, end - offset) };
	}

	#passed(end: number): void {
		this.#end = end;
	}

	#doctype(): void {
		const { position } = this.#parser;
		this.#entities.declare(this.#file.text.indexOf('<!DOCTYPE'), position);
		this.#parser.ENTITIES = this.#entities.table(() => this.#referencePlace());
		this.#passed(position);
	}

	/** saxes tells where it is, which is just behind the `;`. */
	#referencePlace(): Place {
		const { position } = this.#parser;
		return this.#place(this.#file.text.lastIndexOf('&', position - 1), position);
	}

	#startTag(): void {
		this.#tagStart = this.#file.text.lastIndexOf('<', this.#parser.position - 1);
		this.#places.clear();
	}

	/** saxes is just behind the closing quote; neither the value nor what precedes it contains that quote. */
	#attribute(name: string): void {
		const { text } = this.#file;
		const end = this.#parser.position - 1;
		const start = text.lastIndexOf(text[end] ?? '"', end - 1) + 1;
		const named = text.lastIndexOf(name, start - 2);
		const value = this.#place(start, end);
		this.#places.set(name, { name: this.#place(named, named + name.length), value });
	}

	#element(tag: TagNS): void {
		const { prefix, local, uri, ns, name, attributes } = tag;
		const parent = this.#open.at(-1);
		const place = this.#place(this.#tagStart, this.#tagStart + name.length + 1);
		const space = attributes['xml:space']?.value;
		const element: OpenElement = {
			type: 'element',
			prefix,
			local,
			namespace: uri,
			attributes: this.#attributes(attributes, place),
			children: [],
			namespaces: scope(parent?.namespaces ?? this.#scope, ns),
			preserve: space === undefined ? (parent?.preserve ?? false) : space === 'preserve',
			place,
		};
		this.#add(element);
		this.#open.push(element);
		this.#passed(this.#parser.position);
		if (this.#open.length === MAX_DEPTH + 1) {
			this.#hard('too-deep', `More than ${MAX_DEPTH} elements are inside each other.`, place, null);
		}
	}

	#attributes(attributes: TagNS['attributes'], element: Place): XmlAttribute[] {
		return Object.values(attributes)
			.filter(({ uri }) => uri !== XMLNS)
			.map(({ name, prefix, local, uri, value }) => {
				const places = this.#places.get(name);
				const [namePlace, place] = [places?.name ?? element, places?.value ?? element];
				return { prefix, local, namespace: prefix === 'xml' ? XML : uri, value, namePlace, place };
			});
	}

	#add(node: XmlNode): void {
		(this.#open.at(-1)?.children ?? this.#top).push(node);
	}

	#close(): void {
		this.#open.pop();
		this.#passed(this.#parser.position);
	}

	#text(text: string, end: number, cdata: boolean): void {
		const start = this.#end;
		this.#passed(end);
		this.#add({ type: 'text', text, cdata, place: this.#place(start, end) });
	}

	/** saxes tells of a comment before it has read the `>`. */
	#comment(text: string): void {
		const end = this.#file.text.indexOf('>', this.#parser.position - 1) + 1;
		this.#add({ type: 'comment', text, place: this.#place(this.#end, end) });
		this.#passed(end);
	}

	#fault(told: string): void {
		if (this.#broken) return;
		const open = this.#open.at(-1);
		const at = Math.min(this.#parser.position, this.#file.text.length);
		const fault = syntaxFault(told, this.#file, at, open === undefined ? null : [qualifiedName(open), open.place]);
		const same = this.#diagnostics.all.some(
			({ message, place }) => message === fault.message && place?.offset === fault.place.offset,
		);
		if (fault.soft && same) return;
		if (fault.soft) this.#diagnostics.error(fault.code, fault.message, fault.place, fault.hint);
		else this.#hard(fault.code, fault.message, fault.place, fault.hint);
	}

	/** What comes behind it would only be told as more mistakes. */
	#hard(code: string, message: string, place: Place, hint: string | null): void {
		this.#broken = true;
		this.#diagnostics.error(code, message, place, hint);
	}
}

interface TagNS {
	readonly name: string;
	readonly prefix: string;
	readonly local: string;
	readonly uri: string;
	readonly ns: Readonly<Record<string, string>>;
	readonly attributes: Readonly<
		Record<string, { name: string; prefix: string; local: string; uri: string; value: string }>
	>;
}

type Scope = ReadonlyMap<string, string>;

function scope(outer: Scope | undefined, own: Readonly<Record<string, string>>): Scope {
	const entries = Object.entries(own);
	if (entries.length === 0 && outer !== undefined) return outer;
	return new Map([...(outer ?? []), ...entries]);
}
