/**
 * The attributes libxml2 writes for an element of an XHTML document: its own and what appendix C of XHTML asks for.
 * plain-source.ts knows which of them are written as they stand; both must change together.
 */
import type { Attribute } from '../tree/index.ts';

/** The document's element declares one namespace: XHTML's, or that of ESI where the document has includes of it. */
export type Root = 'xhtml' | 'esi';

export const NAMESPACES: Readonly<Record<Root, Attribute>> = {
	xhtml: { name: 'xmlns', value: 'http://www.w3.org/1999/xhtml' },
	esi: { name: 'xmlns:esi', value: 'http://www.edge-delivery.org/esi/1.0' },
};
const NAMED: ReadonlySet<string> = new Set(['a', 'p', 'div', 'img', 'map', 'applet', 'form', 'frame', 'iframe']);
const BOOLEAN: ReadonlySet<string> = new Set(
	'checked compact declare defer disabled ismap multiple nohref noresize noshade nowrap readonly selected'.split(' '),
);

/** Whether an attribute without a value gets its name as one. */
export const isBoolean = (attribute: string): boolean => BOOLEAN.has(attribute);
/** Whether the element's `name` is repeated as `id`. */
export const repeatsName = (element: string): boolean => NAMED.has(element);

export function xhtmlAttributes(element: string, attributes: readonly Attribute[]): readonly Attribute[] {
	if (attributes.length === 0) return attributes;
	const written: Attribute[] = [];
	const value = (name: string): string | undefined => attributes.find((attribute) => attribute.name === name)?.value;
	for (const attribute of attributes) {
		const isMinimised = attribute.value === '' && isBoolean(attribute.name);
		written.push(isMinimised ? { name: attribute.name, value: attribute.name } : attribute);
	}
	const name = value('name');
	if (name !== undefined && value('id') === undefined && repeatsName(element))
		written.push({ name: 'id', value: name });
	const lang = value('lang');
	const xmlLang = value('xml:lang');
	if (lang !== undefined && xmlLang === undefined) written.push({ name: 'xml:lang', value: lang });
	else if (xmlLang !== undefined && lang === undefined) written.push({ name: 'lang', value: xmlLang });
	return written;
}
