/** Text made safe for the place it is written to. */

const TEXT_MARKS = /[&<>]/;
const VALUE_MARKS = /[&<"]/;

export function escapeText(text: string): string {
	if (!TEXT_MARKS.test(text)) return text;
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** For a value in double quotes; `<` too, so that no value ends a raw text element it may stand in. */
export function escapeValue(value: string): string {
	if (!VALUE_MARKS.test(value)) return value;
	return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** What can stand between `<!--` and `-->` and ends nothing earlier. */
export function safeComment(text: string): string {
	const safe = text.replace(/--(?=!?>)/g, '-- ').replace(/^-?>/, ' $&');
	return safe.endsWith('-') ? `${safe} ` : safe;
}

/** Text for a raw text element: nothing in it ends the element, or begins what a parser would look for the end of. */
export function safeRawText(text: string, name: string): string {
	if (!text.includes('<')) return text;
	if (name !== 'script' && name !== 'style') return text.replaceAll('<', '&lt;');
	const safe = text.replace(/<\/(?=script|style|noscript)/gi, '<\\/');
	return name === 'script' && /<script/i.test(safe) ? safe.replaceAll('<!--', '<\\!--') : safe;
}

/** Whether a start tag with this attribute reads as such. */
export function isAttributeName(name: string): boolean {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: a name with one of them is what is looked for
	return name !== '' && !/[\s"'<>/=\u0000]/.test(name);
}

export function isTagName(name: string): boolean {
	return /^[a-z][^\s/>\0]*$/i.test(name);
}
