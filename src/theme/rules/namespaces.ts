/** Namespaces of rules in XML, those of Diazo's ancestors included. */

export const DIAZO = 'http://namespaces.plone.org/diazo';
export const CSS = 'http://namespaces.plone.org/diazo/css';
export const XSL = 'http://www.w3.org/1999/XSL/Transform';
export const XHTML = 'http://www.w3.org/1999/xhtml';
/** In it, a rule whose content is empty does nothing unless `nocontent` says otherwise. */
export const DELIVERANCE = 'http://openplans.org/deliverance';

/** Namespaces whose elements are rules. */
const RULES: ReadonlySet<string> = new Set([DIAZO, DELIVERANCE, 'http://namespaces.plone.org/xdv']);

/** Namespaces whose attributes are the CSS twins of others. */
const TWINS: ReadonlySet<string> = new Set([
	CSS,
	'http://namespaces.plone.org/xdv+css',
	'http://namespaces.plone.org/diazo+css',
]);

export function isRules(namespace: string): boolean {
	return RULES.has(namespace);
}

export function isTwin(namespace: string): boolean {
	return TWINS.has(namespace);
}

/** HTML in rules: without a namespace, in XHTML's, or in that of the rules when it is the default one. */
export function isHtml(namespace: string): boolean {
	return namespace === '' || namespace === XHTML || isRules(namespace);
}

/** Prefixes that YAML and TypeScript rules know without declaring them. Without a prefix, markup is HTML. */
export const USUAL_PREFIXES: ReadonlyMap<string, string> = new Map([
	['', DIAZO],
	['diazo', DIAZO],
	['css', CSS],
	['xsl', XSL],
	['xhtml', XHTML],
	['svg', 'http://www.w3.org/2000/svg'],
	['xlink', 'http://www.w3.org/1999/xlink'],
	['esi', 'http://www.edge-delivery.org/esi/1.0'],
	['exsl', 'http://exslt.org/common'],
	['str', 'http://exslt.org/strings'],
	['set', 'http://exslt.org/sets'],
	['dyn', 'http://exslt.org/dynamic'],
	['date', 'http://exslt.org/dates-and-times'],
	['math', 'http://exslt.org/math'],
	['regexp', 'http://exslt.org/regular-expressions'],
]);
