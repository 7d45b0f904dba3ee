/**
 * The charset that a page declares, in the order of the HTML standard (13.2.3.2): a byte order mark, the Content-Type, the
 * first 1024 bytes. Of the last, `<meta charset>`, `<meta http-equiv>` and XML's declaration are read, and comments skipped.
 */
import { parameter, parseParameterized } from '../../../fields/index.ts';

/** How many bytes of a page may hold its declaration. */
export const PRESCAN = 1024;

/** Labels that browsers refuse to decode, because what they hide is read differently by others. */
const REFUSED = ['replacement', 'iso-2022-kr', 'csiso2022kr', 'iso-2022-cn', 'iso-2022-cn-ext', 'hz-gb-2312'];

/** The page says a charset in which nobody must read it. */
export class RefusedCharset extends Error {
	override readonly name = 'RefusedCharset';
}

/** By a byte order mark, which wins over everything else. */
export function charsetOfMark(bytes: Uint8Array): string | null {
	if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
	return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : null;
}

/** By Content-Type; labels that nobody knows are no labels. Throws RefusedCharset. */
export function charsetOfType(contentType: string): string | null {
	const parsed = parseParameterized(contentType);
	// Some write `charset = utf-8`: the parameters are malformed then, and the charset is meant all the same.
	const label = parsed === null ? /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType)?.[1] : null;
	return charsetNamed(label ?? parameter(parsed?.parameters ?? [], 'charset') ?? '');
}

const COMMENT = /<!--.*?(?:-->|$)/gs;
const META = /<meta[\s/][^>]*>/gi;
const CHARSET = /[\s/"']charset\s*=\s*["']?\s*([^\s"'/>;]+)/i;
const CONTENT = /[\s/"']content\s*=\s*(?:"[^"]*?|'[^']*?|[^\s>]*?)charset\s*=\s*["']?([^\s"';>]+)/i;
const CONTENT_TYPE = /http-equiv\s*=\s*["']?\s*content-type/i;
const XML = /^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)["']/;

/** By what the first bytes say. Throws RefusedCharset. */
export function charsetOfPrescan(bytes: Uint8Array): string | null {
	const text = latin1.decode(bytes.subarray(0, PRESCAN));
	const found = charsetNamed(XML.exec(text)?.[1] ?? '') ?? charsetOfMeta(text.replace(COMMENT, ''));
	// Could these bytes be read as ASCII, they are not UTF-16.
	return found === 'utf-16le' || found === 'utf-16be' ? 'utf-8' : found;
}

const latin1 = new TextDecoder('windows-1252');

function charsetOfMeta(text: string): string | null {
	for (const [tag] of text.matchAll(META)) {
		const label = CONTENT_TYPE.test(tag) ? CONTENT.exec(tag)?.[1] : CHARSET.exec(tag)?.[1];
		const name = charsetNamed(label ?? '');
		if (name !== null) return name;
	}
	return null;
}

/** What TextDecoder calls it, or null when it does not know it. */
function charsetNamed(label: string): string | null {
	const name = label.trim().toLowerCase();
	if (REFUSED.includes(name)) throw new RefusedCharset(`The charset ${name} is refused`);
	if (name === 'x-user-defined') return 'windows-1252';
	if (name === '') return null;
	try {
		return new TextDecoder(name).encoding;
	} catch {
		return null;
	}
}
