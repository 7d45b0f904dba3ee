import type { Attribute } from '../tree/index.ts';

/** Of a root element: who writes XHTML adds them, by what `lang` has become (THEME 1.5, stage 10). */
const WRITTEN_ANEW: ReadonlySet<string> = new Set(['xmlns', 'xml:lang']);

/** The attributes of a copied root element, less those that its new document has its own way with. */
export function withoutNamespace(attributes: readonly Attribute[]): readonly Attribute[] {
	return attributes.filter((one) => !WRITTEN_ANEW.has(one.name));
}
