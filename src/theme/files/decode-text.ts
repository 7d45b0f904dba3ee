/**
 * Bytes of a file as text: by its byte order mark, else by what it says of itself (XML declaration, `<meta charset>`),
 * else as UTF-8, and as windows-1252 when it cannot be that. Old themes are often not UTF-8, and seldom say so.
 */

const DECLARED = [
	/^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/,
	/<meta[^>]+?charset\s*=\s*["']?\s*([\w.:-]+)/i,
];

/** How far from the start a charset may be declared. */
const PRESCAN = 1024;

export function decodeText(bytes: Uint8Array): string {
	const marked = byMark(bytes);
	if (marked !== null) return new TextDecoder(marked).decode(bytes);
	const start = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN));
	const declared = DECLARED.map((pattern) => pattern.exec(start)?.[1]).find((name) => name !== undefined);
	// What declares UTF-16 in single bytes is not UTF-16.
	const named = declared === undefined || /^utf-?16/i.test(declared) ? null : decoder(declared);
	for (const each of [named, decoder('utf-8')]) {
		const text = each === null ? null : tried(each, bytes);
		if (text !== null) return text;
	}
	return new TextDecoder('windows-1252').decode(bytes);
}

function decoder(label: string): TextDecoder | null {
	try {
		return new TextDecoder(label, { fatal: true });
	} catch {
		return null;
	}
}

function tried(decoder: TextDecoder, bytes: Uint8Array): string | null {
	try {
		return decoder.decode(bytes);
	} catch {
		return null;
	}
}

function byMark([first, second, third]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
	if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
	if (first === 0xff && second === 0xfe) return 'utf-16le';
	if (first === 0xfe && second === 0xff) return 'utf-16be';
	return null;
}
