/** Expressions inside markup: XPath in attributes of instructions, and attribute value templates. */
import { cssToXPath } from '../css/index.ts';
import type { Diagnostics, Place } from '../diagnostics/index.ts';
import type { Frame } from '../page/index.ts';
import type { MarkupAttribute, MarkupElement } from '../rules/index.ts';
import { compilePattern, compileXPath, type Pattern, type XPath } from '../xpath/index.ts';
import { templateParts } from './template-parts.ts';
import type { MarkupSetting } from './templates.ts';

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
		return compileXPath(source, { namespaces, file: place.file });
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
		return compilePattern(source, { namespaces, file: place.file });
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

/** An expression that an instruction must have; null, and told, when it has not. */
export function needed(element: MarkupElement, name: string, setting: MarkupSetting): XPath | null {
	const xpath = optional(element, name, setting);
	if (xpath === undefined) return missing(element, name, setting);
	return xpath;
}

/** Undefined when the attribute is not there, null when it is wrong. */
export function optional(element: MarkupElement, name: string, setting: MarkupSetting): XPath | null | undefined {
	const found = expressionText(setting.diagnostics, element, name);
	return found === null ? undefined : xpathAt(setting.diagnostics, found.text, element.namespaces, found.place);
}

function missing(element: MarkupElement, name: string, { diagnostics }: MarkupSetting): null {
	diagnostics.error('missing-attribute', `xsl:${element.name} needs the attribute '${name}'.`, element.place);
	return null;
}

/** The name that an instruction must have; '', and told, when it has not. */
export function nameOf(element: MarkupElement, setting: MarkupSetting): string {
	return attributeOf(element, 'name')?.value ?? missing(element, 'name', setting) ?? '';
}

/** An attribute that is a template; null when it is not there. */
export function optionalTemplate(element: MarkupElement, name: string, setting: MarkupSetting): ValueTemplate | null {
	const attribute = attributeOf(element, name);
	return attribute === null ? null : valueTemplate(setting.diagnostics, attribute, element.namespaces);
}

/** An attribute that is a template and must be there; null, and told, when it is not. */
export function neededTemplate(element: MarkupElement, name: string, setting: MarkupSetting): ValueTemplate | null {
	return optionalTemplate(element, name, setting) ?? missing(element, name, setting);
}

/** One of few words; null, and told, when it is another. */
export function oneOf<T extends string>(
	element: MarkupElement,
	name: string,
	words: readonly T[],
	setting: MarkupSetting,
): T | null {
	const attribute = attributeOf(element, name);
	if (attribute === null) return null;
	const found = words.find((word) => word === attribute.value);
	if (found !== undefined) return found;
	const message = `${name}="${attribute.value}" means nothing on xsl:${element.name}.`;
	setting.diagnostics.error('bad-value', message, attribute.place, `There are ${words.join(', ')}.`);
	return null;
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
	const parts = templateParts(value);
	if (parts === null) {
		const hint = 'Write {{ for a brace that is meant as one.';
		diagnostics.error('bad-xpath', 'The { in this attribute has no }.', place, hint);
		return () => value;
	}
	const compiled = parts.flatMap((part) => {
		if (typeof part === 'string') return part;
		return xpathAt(diagnostics, part.source, namespaces, place, part.at) ?? [];
	});
	return (frame) => compiled.map((part) => (typeof part === 'string' ? part : part.string(frame))).join('');
}
