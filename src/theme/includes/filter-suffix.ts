/** Diazo's way of asking for a part of a document: `URL?;filter_xpath=XPATH`, the expression percent-encoded. */
import type { IncludeTarget } from './part.ts';

const SUFFIX = ';filter_xpath=';

/** Null when the expression is not well encoded. */
export function parseTarget(text: string): IncludeTarget | null {
	const href = text.trim();
	const at = href.lastIndexOf(SUFFIX);
	if (at === -1) return { href, filter: null };
	const document = href.slice(0, at);
	try {
		const filter = decodeURIComponent(href.slice(at + SUFFIX.length));
		return { href: document.endsWith('?') ? document.slice(0, -1) : document, filter };
	} catch {
		return null;
	}
}
