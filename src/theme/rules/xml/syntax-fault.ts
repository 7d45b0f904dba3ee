/** What saxes says is wrong, said so that it can be mended, and where. */
import type { Place, SourceFile } from '../../diagnostics/index.ts';
import { placeName } from '../../diagnostics/index.ts';

export interface SyntaxFault {
	readonly code: string;
	readonly message: string;
	readonly hint: string | null;
	readonly place: Place;
	/** Reading goes on behind it as if nothing had been. */
	readonly soft: boolean;
}

const ENTITY_HINT =
	'XML itself knows &amp; &lt; &gt; &quot; &apos; only. Declare others in a doctype, <!ENTITY nbsp "&#160;">, or write the number, &#160;.';

/** `open`: name and place of the innermost element that is open. */
export function syntaxFault(
	told: string,
	file: SourceFile,
	position: number,
	open: readonly [string, Place] | null,
): SyntaxFault {
	const message = told.replace(/^\d+:\d+: /, '');
	const { text } = file;
	const span = (from: string): Place => {
		const offset = Math.max(0, text.lastIndexOf(from, position - 1));
		return { file, offset, length: Math.max(1, position - offset) };
	};
	if (message === 'undefined entity.') {
		const place = span('&');
		const name = text.slice(place.offset, position);
		return { code: 'undefined-entity', message: `There is no entity '${name}'.`, hint: ENTITY_HINT, place, soft: true };
	}
	const prefix = /^unbound namespace prefix: "(.*)"\.$/.exec(message)?.[1];
	if (prefix !== undefined) return undeclared(prefix, span('<'), text);
	const attribute = /^duplicate attribute: (.*)\.$/.exec(message)?.[1];
	if (attribute !== undefined) {
		const said = `The attribute '${attribute.replace(/^\{.*\}/, '')}' stands there twice.`;
		return { code: 'duplicate-attribute', message: said, hint: null, place: span('<'), soft: true };
	}
	const hard = { code: 'xml-syntax', soft: false };
	if (/^(unexpected close tag|unmatched closing tag)/.test(message)) {
		const place = span('</');
		const tag = text.slice(place.offset, position);
		if (open === null) return { ...hard, message: `Nothing is open that ${tag} could close.`, hint: null, place };
		const hint = `<${open[0]}> was opened at ${placeName(open[1])}, and has to be closed first.`;
		return { ...hard, message: `${tag} closes an element that is not open here.`, hint, place };
	}
	if (message.startsWith('unclosed tag') && open !== null) {
		return { ...hard, message: `<${open[0]}> is never closed.`, hint: null, place: open[1] };
	}
	const place: Place = { file, offset: Math.max(0, position - 1), length: 1 };
	const hint = message.startsWith('disallowed character') ? 'Write & as &amp; and < as &lt;.' : null;
	return { ...hard, message: `This is not well-formed XML: ${message}`, hint, place };
}

/** Prefixes of this language that people forget to declare. */
const USUAL: Readonly<Record<string, string>> = {
	css: 'http://namespaces.plone.org/diazo/css',
	diazo: 'http://namespaces.plone.org/diazo',
	xsl: 'http://www.w3.org/1999/XSL/Transform',
	xi: 'http://www.w3.org/2001/XInclude',
};

function undeclared(prefix: string, tag: Place, text: string): SyntaxFault {
	const used = text.indexOf(`${prefix}:`, tag.offset);
	const inside = used !== -1 && used < tag.offset + tag.length;
	const place = inside ? { file: tag.file, offset: used, length: prefix.length + 1 } : tag;
	const hint = `Declare it on the root element: xmlns:${prefix}="${USUAL[prefix] ?? '…'}".`;
	const message = `The namespace prefix '${prefix}' is not declared.`;
	return { code: 'undeclared-prefix', message, hint, place, soft: true };
}
