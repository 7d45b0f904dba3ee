/** Markup or text of strangers, written so that it stays in the place where it is put. */
import { DOCUMENT, parseHtml } from '../tree/index.ts';
import { safeRawText } from './escape.ts';
import { HtmlWriter } from './html-writer.ts';
import { atHole } from './nesting.ts';
import type { Place } from './place.ts';

/** How much of what stands around a place `fit` has to see: no mark that it looks for is longer. */
export const MARK_LENGTH = 10;

/**
 * `html` for a place; null when nothing of it can stand there. `before` and `after`: what stands right beside it, at
 * least MARK_LENGTH of it where there is so much. Throws MarkupLimit.
 */
export function fit(html: string, place: Place, before: string, after: string): string | null {
	if (place.kind === 'nowhere') return null;
	if (place.kind === 'raw') return fitRaw(html, place.name, place.before, before, after);
	if (place.kind === 'value') {
		return html.replaceAll('<', '&lt;').replaceAll(place.quote, place.quote === '"' ? '&quot;' : '&#39;');
	}
	const writer = new HtmlWriter({ state: atHole(place.state, place.name) });
	writer.node(parseHtml(html, { fragment: true }), DOCUMENT);
	// A `<` that is text would begin a tag with it.
	if (!before.endsWith('<')) return writer.text;
	return writer.text.replace(/^[a-z/!?]/i, (first) => `&#${first.charCodeAt(0)};`);
}

/** What ends a raw text element, or hides its end tag (HTML section 13.2.5.17 and what follows it). */
const RAW_MARKS = /<\/[a-z]|<!--|<script/gi;

function fitRaw(html: string, name: string, inElement: string, before: string, after: string): string | null {
	let safe = safeRawText(html, name);
	if (name === 'script') {
		safe = safe.replace(/<(?=!--|script)/gi, '<\\');
		if (inElement.includes('<!--') && `${before}${safe}${after}`.includes('-->')) return null;
	}
	// No mark may be put together from both sides.
	const marks = (text: string): number => text.match(RAW_MARKS)?.length ?? 0;
	const left = before.slice(-MARK_LENGTH);
	const right = after.slice(0, MARK_LENGTH);
	return marks(left + safe + right) === marks(left) + marks(safe) + marks(right) ? safe : null;
}
