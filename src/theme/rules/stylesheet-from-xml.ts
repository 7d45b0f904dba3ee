/**
 * Stylesheets that rules bring in with xsl:include and xsl:import (XSLT 1.0 section 2.6): files of the theme, beside the
 * file that names them. What is imported stands in front and has a lower precedence than what imports it.
 */
import type { SourceFile } from '../diagnostics/index.ts';
import { readElement, STYLESHEET_MARKUP } from './markup-from-xml.ts';
import type { MarkupElement } from './model.ts';
import { XSL } from './namespaces.ts';
import type { Reading } from './reading.ts';
import { isBlank, qualifiedName, XIncluder, type XmlElement, type XmlNode } from './xml/index.ts';

/** Stylesheets that may come in altogether: two in each of thirty files would otherwise be a billion. */
const MAX_SHEETS = 1000;

const BRINGING = new Set(['include', 'import']);
const ROOTS = new Set(['stylesheet', 'transform']);

/** An element of XSLT right under the root, or all that it brings in, each with its precedence. */
export function readStylesheetElement(element: MarkupElement, reading: Reading): MarkupElement[] {
	return new StylesheetReader(reading).element(element);
}

/** What is declared, the least precedence first; of one precedence in the order of the rules. */
export const byPrecedence = (elements: readonly MarkupElement[]): MarkupElement[] =>
	elements.toSorted((a, b) => (a.precedence ?? 0) - (b.precedence ?? 0));

/** What a sheet declares, with those it includes, and all that these import: it has a lower precedence. */
interface Sheet {
	readonly imported: readonly MarkupElement[];
	readonly own: readonly MarkupElement[];
}

const EMPTY: Sheet = { imported: [], own: [] };

class StylesheetReader {
	readonly #reading: Reading;
	/** Sheets being read that are imported: what they import is not imported by the rules. */
	#importing = 0;

	constructor(reading: Reading) {
		this.#reading = reading;
	}

	element(element: MarkupElement): MarkupElement[] {
		if (!BRINGING.has(element.name)) return [element];
		const { imported, own } = this.#bring(element, []);
		return [...imported, ...own];
	}

	#bring(element: MarkupElement, within: readonly SourceFile[]): Sheet {
		const href = element.attributes.find(({ namespace, name }) => namespace === '' && name === 'href');
		const reading = this.#reading;
		if (href === undefined || href.value.trim() === '') {
			reading.error('missing-attribute', `xsl:${element.name} needs a file in href.`, element.place);
			return EMPTY;
		}
		const file = reading.file(href.value.trim(), href.place);
		if (file === null) return EMPTY;
		if (within.includes(file)) {
			const trail = [...within.slice(within.indexOf(file)), file].map(({ name }) => name).join(' → ');
			reading.error('include-cycle', `Files include each other: ${trail}.`, href.place);
			return EMPTY;
		}
		if (++reading.stylesheets > MAX_SHEETS) {
			if (reading.stylesheets === MAX_SHEETS + 1) {
				reading.error('too-many-includes', `More than ${MAX_SHEETS} stylesheets are brought in.`, element.place);
			}
			return EMPTY;
		}
		if (element.name === 'include') return this.#sheet(file, [...within, file]);
		if (this.#importing === 0) reading.draft.imports.push({ element, file });
		return this.#import(file, [...within, file]);
	}

	/** Its place is behind all that it imports itself, be it through a sheet that it includes. */
	#import(file: SourceFile, within: readonly SourceFile[]): Sheet {
		const reading = this.#reading;
		const importsFrom = FIRST_PRECEDENCE + reading.imports;
		this.#importing++;
		const { imported, own } = this.#sheet(file, within);
		this.#importing--;
		const precedence = FIRST_PRECEDENCE + reading.imports++;
		return { imported: [...imported, ...own.map((one) => ({ ...one, precedence, importsFrom }))], own: [] };
	}

	/** Imports of sheets that are included come behind those of the sheet itself (section 2.6.1). */
	#sheet(file: SourceFile, within: readonly SourceFile[]): Sheet {
		const root = new XIncluder(this.#reading.files, this.#reading.diagnostics).read(file);
		if (root === null) return EMPTY;
		if (root.namespace !== XSL || !ROOTS.has(root.local)) {
			const message = `This is <${qualifiedName(root)}>, not <xsl:stylesheet>.`;
			this.#reading.error('wrong-root', message, root.place, 'Rules are brought in with xi:include.');
			return EMPTY;
		}
		const declarations = root.children.filter((node) => this.#isDeclaration(node, root));
		const children = declarations.map((one) => readElement(one, STYLESHEET_MARKUP, this.#reading));
		const imports = children.filter(({ name }) => name === 'import');
		const others = children.filter(({ name }) => name !== 'import');
		const imported = imports.flatMap((one) => this.#bring(one, within).imported);
		const own: MarkupElement[] = [];
		for (const one of others) {
			const brought = one.name === 'include' ? this.#bring(one, within) : { imported: [], own: [one] };
			imported.push(...brought.imported);
			own.push(...brought.own);
		}
		return { imported, own };
	}

	/** Elements of other languages are data for whoever reads it (section 2.2). */
	#isDeclaration(node: XmlNode, root: XmlElement): node is XmlElement {
		if (node.type === 'element' && node.namespace === XSL) return true;
		if (node.type === 'text' && !isBlank(node.text)) {
			this.#reading.error('stray-text', `Text right in <${qualifiedName(root)}> is not used.`, node.place);
		} else if (node.type === 'element' && node.namespace === '') {
			const hint = 'Put it into a template.';
			this.#reading.error('stray-markup', `<${node.local}> cannot stand here.`, node.place, hint);
		}
		return false;
	}
}

/** Of the sheet that is imported first; each after it has one more, and stays below 0, which rules have. */
const FIRST_PRECEDENCE: number = -2 * MAX_SHEETS;
