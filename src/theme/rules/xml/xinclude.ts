/**
 * XInclude: `<xi:include href="…"/>` is replaced with what it names before anything else is looked at. Names are relative to
 * the file they stand in; what cannot be read is replaced with the `xi:fallback`, when there is one.
 */
import type { Diagnostics, SourceFile } from '../../diagnostics/index.ts';
import { ThemeFileError, type ThemeFiles } from '../../files/index.ts';
import { readXml } from './read-xml.ts';
import type { XmlAttribute, XmlElement, XmlNode } from './xml-tree.ts';

/** The second was in a draft, and libxml2 takes it. */
const XINCLUDE: ReadonlySet<string> = new Set(['http://www.w3.org/2001/XInclude', 'http://www.w3.org/2003/XInclude']);

/** Files that may come in altogether: two includes in each of thirty files would otherwise be a billion. */
const MAX_INCLUDES = 1000;

const KNOWN = ['href', 'parse', 'encoding', 'accept', 'accept-language', 'xpointer'];

export class XIncluder {
	readonly #files: ThemeFiles;
	readonly #diagnostics: Diagnostics;
	#count = 0;

	constructor(files: ThemeFiles, diagnostics: Diagnostics) {
		this.#files = files;
		this.#diagnostics = diagnostics;
	}

	/** The root of a file with all its includes in place; null when it cannot be read. */
	read(file: SourceFile): XmlElement | null {
		return this.#document(file, []);
	}

	#document(file: SourceFile, within: readonly SourceFile[]): XmlElement | null {
		const root = readXml(file, this.#diagnostics);
		return root === null ? null : this.#expand(root, [...within, file]);
	}

	#expand(element: XmlElement, within: readonly SourceFile[]): XmlElement {
		const children = element.children.flatMap((node) => this.#node(node, within));
		return { ...element, children };
	}

	#node(node: XmlNode, within: readonly SourceFile[]): readonly XmlNode[] {
		if (node.type !== 'element') return [node];
		if (!XINCLUDE.has(node.namespace)) return [this.#expand(node, within)];
		if (node.local === 'include') return this.#include(node, within);
		this.#diagnostics.error('unknown-element', `xi:${node.local} has no place here.`, node.place);
		return [];
	}

	#include(element: XmlElement, within: readonly SourceFile[]): readonly XmlNode[] {
		const value = (name: string): XmlAttribute | undefined =>
			element.attributes.find(({ local, namespace }) => namespace === '' && local === name);
		for (const { local, namespace, namePlace } of element.attributes) {
			if (namespace !== '' || KNOWN.includes(local)) continue;
			this.#diagnostics.error('unknown-attribute', `xi:include has no attribute '${local}'.`, namePlace);
		}
		const pointer = value('xpointer');
		if (pointer !== undefined) {
			this.#diagnostics.error('xpointer', 'xpointer is not supported: whole files are included.', pointer.place);
			return [];
		}
		const href = value('href');
		if (href === undefined || href.value === '') {
			this.#diagnostics.error('missing-attribute', 'xi:include needs a file in href.', element.place);
			return [];
		}
		if (++this.#count > MAX_INCLUDES) {
			if (this.#count === MAX_INCLUDES + 1) {
				this.#diagnostics.error('too-many-includes', `More than ${MAX_INCLUDES} files are included.`, element.place);
			}
			return [];
		}
		return this.#bring(element, href, value('parse')?.value ?? 'xml', within);
	}

	#bring(element: XmlElement, href: XmlAttribute, parse: string, within: readonly SourceFile[]): readonly XmlNode[] {
		try {
			const file = this.#files.read(href.value, href.place.file);
			if (parse === 'text') return [{ type: 'text', text: file.text, cdata: true, place: element.place }];
			if (within.includes(file)) {
				const trail = [...within.slice(within.indexOf(file)), file].map(({ name }) => name).join(' → ');
				this.#diagnostics.error('include-cycle', `Files include each other: ${trail}.`, href.place);
				return [];
			}
			const root = this.#document(file, within);
			return root === null ? [] : [root];
		} catch (error) {
			if (!(error instanceof ThemeFileError)) throw error;
			const fallback = element.children.find((node) => node.type === 'element' && node.local === 'fallback');
			if (fallback?.type === 'element' && error.code !== 'outside-root') return this.#expand(fallback, within).children;
			this.#diagnostics.error(error.code, error.message, href.place, error.hint);
			return [];
		}
	}
}
