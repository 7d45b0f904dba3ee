/**
 * The absolute prefix: a theme's relative URLs, written for where the theme's files lie, made to work from any page.
 * `more` is what Diazo does not do: further attributes, `url()` everywhere, and leaving alone what points into the page
 * itself.
 */
import type { Attribute } from '../tree/index.ts';
import { type MapUrl, mapCssUrls } from './css-urls.ts';
import { mapAttributes } from './map-attributes.ts';
import { mapSrcset } from './srcset.ts';
import { urlJoin } from './url-join.ts';

const ALWAYS = new Set(['src', 'href', 'xlink:href']);
const MORE = new Set(['poster', 'action', 'formaction', 'background']);

/** The attributes of a theme element with absolute URLs, or null when they stay as they are. */
export function prefixAttributes(
	name: string,
	attributes: readonly Attribute[],
	prefix: string,
	more = false,
): readonly Attribute[] | null {
	if (prefix === '' || name === 'base') return null;
	const join = joiner(prefix, more);
	return mapAttributes(attributes, (attribute, value) => {
		if (attribute === 'href' && value.startsWith('#')) return value;
		if (ALWAYS.has(attribute)) return join(value);
		if (attribute === 'srcset') return mapSrcset(value, join);
		if (!more) return value;
		if (attribute === 'imagesrcset') return mapSrcset(value, join);
		if (attribute === 'style') return mapCssUrls(value, join, 'all');
		return MORE.has(attribute) || (attribute === 'data' && name === 'object') ? join(value) : value;
	});
}

/** The text of a style element: its `@import`s, and with `more` every `url()`. */
export function prefixCss(text: string, prefix: string, more = false): string {
	return prefix === '' ? text : mapCssUrls(text, joiner(prefix, more), more ? 'all' : 'imports');
}

const TAG = /<[^<>]*>/g;
const URL_IN_TAG = /(\s(?:src|href)\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/gi;

/** The text of a comment: of conditional ones for old browsers, what is in their markup. */
export function prefixComment(text: string, prefix: string, more = false): string {
	if (prefix === '' || !text.startsWith('[if')) return text;
	const join = joiner(prefix, more);
	const tags = text.replace(TAG, (tag) =>
		tag.replace(URL_IN_TAG, (_, before: string, value: string) => {
			const quote = /^["']/.exec(value)?.[0] ?? '';
			return `${before}${quote}${join(quote === '' ? value : value.slice(1, -1))}${quote}`;
		}),
	);
	return eachStyle(tags, (css) => prefixCss(css, prefix, more));
}

function joiner(prefix: string, more: boolean): MapUrl {
	const base = prefix.endsWith('/') ? prefix : `${prefix}/`;
	return (url) => (more && (url === '' || url.startsWith('#')) ? url : urlJoin(base, url));
}

const STYLE_START = /<style(?![\w-])[^<>]*>/gi;
const STYLE_END = /<\/style/gi;

function eachStyle(text: string, change: (css: string) => string): string {
	let written = '';
	let at = 0;
	for (;;) {
		STYLE_START.lastIndex = at;
		const start = STYLE_START.exec(text);
		if (start === null) return written + text.slice(at);
		const from = start.index + start[0].length;
		STYLE_END.lastIndex = from;
		const to = STYLE_END.exec(text)?.index ?? text.length;
		written += text.slice(at, from) + change(text.slice(from, to));
		at = to;
	}
}
