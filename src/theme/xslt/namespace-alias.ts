/**
 * xsl:namespace-alias (XSLT 1.0 section 7.1.1): literal elements and attributes of one namespace are written in another, so
 * that rules can write stylesheets, or rules.
 */
import { isHtml, type MarkupAttribute, type MarkupElement } from '../rules/index.ts';
import { attributeOf } from './expressions.ts';
import type { MarkupSetting } from './templates.ts';

/** A namespace that is written; HTML is `html`, and without a prefix. */
export interface Alias {
	readonly prefix: string;
	readonly namespace: string;
}

const DEFAULT = '#default';

/** Of two for one namespace the one that comes later wins: the caller goes by precedence. */
export function declareAlias(element: MarkupElement, { aliases, diagnostics }: MarkupSetting): void {
	const [from, to] = ['stylesheet-prefix', 'result-prefix'].map((name) => {
		const attribute = attributeOf(element, name);
		if (attribute === null) {
			const message = `xsl:namespace-alias needs the attribute '${name}'.`;
			diagnostics.error('missing-attribute', message, element.place);
			return null;
		}
		const prefix = attribute.value === DEFAULT ? '' : attribute.value;
		const uri = element.namespaces.get(prefix) ?? '';
		if (prefix === '' || uri !== '') return { prefix, uri };
		const hint = `Declare it, or write ${DEFAULT} for the namespace without a prefix.`;
		diagnostics.error('undeclared-prefix', `The namespace prefix '${prefix}' is not declared.`, attribute.place, hint);
		return null;
	});
	if (!from || !to) return;
	const namespace = to.prefix === '' && isHtml(to.uri) ? 'html' : to.uri;
	aliases.set(isHtml(from.uri) ? 'html' : from.uri, { prefix: to.prefix, namespace });
}

/** A literal element as it is written. */
export function aliased(element: MarkupElement, aliases: MarkupSetting['aliases']): MarkupElement {
	if (aliases.size === 0) return element;
	const own = aliases.get(element.namespace);
	const attributes = element.attributes.map((one) => aliasedAttribute(one, aliases.get(one.namespace)));
	if (own === undefined) return { ...element, attributes };
	return { ...element, attributes, namespace: own.namespace, name: named(element.name, own) };
}

/** What has no prefix is in no namespace, and stays so. */
function aliasedAttribute(attribute: MarkupAttribute, alias: Alias | undefined): MarkupAttribute {
	if (alias === undefined || attribute.namespace === '') return attribute;
	const namespace = alias.namespace === 'html' ? '' : alias.namespace;
	return { ...attribute, namespace, name: named(attribute.name, alias) };
}

function named(name: string, { prefix }: Alias): string {
	const local = name.slice(name.indexOf(':') + 1);
	return prefix === '' ? local : `${prefix}:${local}`;
}
