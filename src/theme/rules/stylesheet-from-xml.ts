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
	return new StylesheetReader(reading).element(element, [], 0);
}

/** What is declared, the least precedence first; of one precedence in the order of the rules. */
export const byPrecedence = (elements: readonly MarkupElement[]): MarkupElement[] =>
	elements.toSorted((a, b) => (a.precedence ?? 0) - (b.precedence ?? 0));

class StylesheetReader {
	readonly #reading: Reading;

	constructor(reading: Reading) {
		this.#reading = reading;
	}

	element(element: MarkupElement, within: readonly SourceFile[], precedence: number): MarkupElement[] {
		if (BRINGING.has(element.name)) return this.#bring(element, within, precedence);
		return [precedence === 0 ? element : { ...element, precedence }];
	}

	#bring(element: MarkupElement, within: readonly SourceFile[], precedence: number): MarkupElement[] {
		const href = element.attributes.find(({ namespace, name }) => namespace === '' && name === 'href');
		const reading = this.#reading;
		if (href === undefined || href.value.trim() === '') {
			reading.error('missing-attribute', `xsl:${element.name} needs a file in href.`, element.place);
			return [];
		}
		const file = reading.file(href.value.trim(), href.place);
		if (file === null) return [];
		if (within.includes(file)) {
			const trail = [...within.slice(within.indexOf(file)), file].map(({ name }) => name).join(' → ');
			reading.error('include-cycle', `Files include each other: ${trail}.`, href.place);
			return [];
		}
		if (++reading.stylesheets > MAX_SHEETS) {
			if (reading.stylesheets === MAX_SHEETS + 1) {
				reading.error('too-many-includes', `More than ${MAX_SHEETS} stylesheets are brought in.`, element.place);
			}
			return [];
		}
		return this.#sheet(file, [...within, file], element.name === 'import', precedence);
	}

	/** A sheet that is imported has its place behind those that it imports itself. */
	#sheet(file: SourceFile, within: readonly SourceFile[], imported: boolean, precedence: number): MarkupElement[] {
		const root = new XIncluder(this.#reading.files, this.#reading.diagnostics).read(file);
		if (root === null) return [];
		if (root.namespace !== XSL || !ROOTS.has(root.local)) {
			const message = `This is <${qualifiedName(root)}>, not <xsl:stylesheet>.`;
			this.#reading.error('wrong-root', message, root.place, 'Rules are brought in with xi:include.');
			return [];
		}
		const declarations = root.children.filter((node) => this.#isDeclaration(node, root));
		const children = declarations.map((one) => readElement(one, STYLESHEET_MARKUP, this.#reading));
		const imports = children.filter(({ name }) => name === 'import');
		const others = children.filter(({ name }) => name !== 'import');
		const below = imports.flatMap((one) => this.element(one, within, precedence));
		const own = imported ? FIRST_PRECEDENCE + this.#reading.imports++ : precedence;
		return [...below, ...others.flatMap((one) => this.element(one, within, own))];
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
