/** Expressions inside markup: XPath in attributes of instructions, and attribute value templates. */
import { cssToXPath } from '../css/index.ts';
import type { Diagnostics, Place } from '../diagnostics/index.ts';
import type { Frame } from '../page/index.ts';
import type { MarkupAttribute, MarkupElement } from '../rules/index.ts';
import { compilePattern, compileXPath, type Pattern, type XPath } from '../xpath/index.ts';

/** Errors of the languages inside rules: where in the text, and what was meant. */
interface LanguageError extends Error {
	readonly offset?: number;
	readonly length?: number;
	readonly hint?: string | null;
}

/** Tells a syntax error at its place in the file; `shift` is where the expression begins within the place. */
export function tellSyntax(diagnostics: Diagnostics, code: string, error: unknown, place: Place, shift = 0): void {
	const { message, offset = 0, length = 1, hint = null } = error as LanguageError;
	const inside = Math.min(shift + offset, Math.max(place.length - 1, 0));
	diagnostics.error(code, message, { file: place.file, offset: place.offset + inside, length }, hint);
}

/** An XPath expression; null, and told, when it is none. */
export function xpathAt(
	diagnostics: Diagnostics,
	source: string,
	namespaces: ReadonlyMap<string, string>,
	place: Place,
	shift = 0,
): XPath | null {
	try {
		return compileXPath(source, { namespaces });
	} catch (error) {
		tellSyntax(diagnostics, 'bad-xpath', error, place, shift);
		return null;
	}
}

/** A match pattern; null, and told, when it is none. */
export function patternAt(
	diagnostics: Diagnostics,
	source: string,
	namespaces: ReadonlyMap<string, string>,
	place: Place,
): Pattern | null {
	try {
		return compilePattern(source, { namespaces });
	} catch (error) {
		tellSyntax(diagnostics, 'bad-xpath', error, place);
		return null;
	}
}

/** The attribute of an instruction, as it stands. */
export function attributeOf(element: MarkupElement, name: string): MarkupAttribute | null {
	return element.attributes.find((one) => one.namespace === '' && one.name === name) ?? null;
}

/** Attributes of instructions whose CSS twin begins anywhere in the document (THEME: `//` where templates match). */
const ANYWHERE: ReadonlySet<string> = new Set(['match']);

/** The XPath of an attribute, or of its CSS twin; null when there is neither. */
export function expressionText(
	diagnostics: Diagnostics,
	element: MarkupElement,
	name: string,
): { readonly text: string; readonly place: Place } | null {
	const plain = attributeOf(element, name);
	if (plain !== null) return { text: plain.value, place: plain.place };
	const css = element.attributes.find((one) => one.namespace === 'css' && one.name === name);
	if (css === undefined) return null;
	const given = element.attributes.find((one) => one.namespace === 'css' && one.name === 'prefix')?.value;
	try {
		const prefix = given ?? (ANYWHERE.has(name) ? '//' : 'descendant-or-self::');
		return { text: cssToXPath(css.value, prefix), place: css.place };
	} catch (error) {
		tellSyntax(diagnostics, 'bad-selector', error, css.place);
		return null;
	}
}

/** The text of an attribute for a frame. */
export type ValueTemplate = (frame: Frame) => string;

/** An attribute value template (XSLT 1.0 section 7.6.2): `{…}` is an expression, `{{` a brace. */
export function valueTemplate(
	diagnostics: Diagnostics,
	attribute: MarkupAttribute,
	namespaces: ReadonlyMap<string, string>,
): ValueTemplate {
	const { value, place } = attribute;
	if (!value.includes('{') && !value.includes('}')) return () => value;
	const parts: (string | XPath)[] = [];
	let text = '';
	for (let at = 0; at < value.length; at++) {
		const character = value[at] as string;
		if (character !== '{' && character !== '}') text += character;
		else if (value[at + 1] === character) text += value[at++];
		else if (character === '}') text += '}';
		else {
			const end = closing(value, at + 1);
			if (end === -1) {
				diagnostics.error(
					'bad-xpath',
					'The { in this attribute has no }.',
					place,
					'Write {{ for a brace that is meant as one.',
				);
				return () => value;
			}
			if (text !== '') parts.push(text);
			text = '';
			const xpath = xpathAt(diagnostics, value.slice(at + 1, end), namespaces, place, at + 1);
			if (xpath !== null) parts.push(xpath);
			at = end;
		}
	}
	if (text !== '') parts.push(text);
	return (frame) => parts.map((part) => (typeof part === 'string' ? part : part.string(frame))).join('');
}

/** Where the expression begun before `from` ends; strings in it may hold braces. */
function closing(value: string, from: number): number {
	let quote = '';
	for (let at = from; at < value.length; at++) {
		const character = value[at] as string;
		if (quote !== '') quote = character === quote ? '' : quote;
		else if (character === '"' || character === "'") quote = character;
		else if (character === '}') return at;
	}
	return -1;
}
