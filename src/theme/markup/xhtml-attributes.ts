/** The attributes libxml2 writes for an element of an XHTML document: its own and what appendix C of XHTML asks for. */
import type { Attribute } from '../tree/index.ts';

/** The document's element declares one namespace: XHTML's, or that of ESI where the document has includes of it. */
export type Root = 'xhtml' | 'esi';

const ROOTS: Readonly<Record<Root, Attribute>> = {
	xhtml: { name: 'xmlns', value: 'http://www.w3.org/1999/xhtml' },
	esi: { name: 'xmlns:esi', value: 'http://www.edge-delivery.org/esi/1.0' },
};
/** Whose `name` is repeated as `id`. */
const NAMED: ReadonlySet<string> = new Set(['a', 'p', 'div', 'img', 'map', 'applet', 'form', 'frame', 'iframe']);
const BOOLEAN: ReadonlySet<string> = new Set(
	'checked compact declare defer disabled ismap multiple nohref noresize noshade nowrap readonly selected'.split(' '),
);

export function xhtmlAttributes(element: string, attributes: readonly Attribute[], root: Root | null): Attribute[] {
	const written: Attribute[] = [];
	const value = (name: string): string | undefined => attributes.find((attribute) => attribute.name === name)?.value;
	if (root !== null && element === 'html' && value('xmlns') === undefined) written.push(ROOTS[root]);
	for (const attribute of attributes) {
		const isMinimised = attribute.value === '' && BOOLEAN.has(attribute.name);
		written.push(isMinimised ? { name: attribute.name, value: attribute.name } : attribute);
	}
	if (attributes.length === 0) return written;
	const name = value('name');
	if (name !== undefined && value('id') === undefined && NAMED.has(element)) written.push({ name: 'id', value: name });
	const lang = value('lang');
	const xmlLang = value('xml:lang');
	if (lang !== undefined && xmlLang === undefined) written.push({ name: 'xml:lang', value: lang });
	else if (xmlLang !== undefined && lang === undefined) written.push({ name: 'lang', value: xmlLang });
	return written;
}
