/**
 * The URLs of a style sheet. What has been looked at is never looked at again, whatever is left open: the time is that
 * of the text's length. URLs with escapes stay as they are.
 */

export type MapUrl = (url: string) => string;

/** What a URL can be recognised by, and what hides it. */
const NEXT = /\/\*|["']|(?<![\w-])url\(|@import(?![\w-])/gi;
const SPACE = /[ \t\n\r\f]*/y;
const UNQUOTED = /[^)\s"'(]*/y;
const URL_OPEN = /url\(/iy;
const STRINGS: Readonly<Record<string, RegExp>> = {
	'"': /[^"\\\n\r\f]*(?:\\[^][^"\\\n\r\f]*)*/y,
	"'": /[^'\\\n\r\f]*(?:\\[^][^'\\\n\r\f]*)*/y,
};

/** All URLs of `url()` and `@import`; `imports`: those of `@import` alone. */
export function mapCssUrls(text: string, map: MapUrl, which: 'all' | 'imports'): string {
	return new CssUrls(text, map).run(which === 'all');
}

class CssUrls {
	private readonly text: string;
	private readonly map: MapUrl;
	private written = '';
	/** Up to here the text has been written. */
	private done = 0;
	/** Up to here it has been looked at. */
	private at = 0;

	constructor(text: string, map: MapUrl) {
		this.text = text;
		this.map = map;
	}

	run(all: boolean): string {
		const { text } = this;
		for (;;) {
			NEXT.lastIndex = this.at;
			const found = NEXT.exec(text);
			if (found === null) break;
			this.at = found.index + found[0].length;
			const [mark] = found;
			if (mark === '/*') {
				const end = text.indexOf('*/', this.at);
				if (end === -1) break;
				this.at = end + 2;
			} else if (mark === '"' || mark === "'") this.skipString(mark);
			else if (mark.startsWith('@')) this.importRule();
			else this.url(all);
		}
		return this.done === 0 ? text : this.written + text.slice(this.done);
	}

	private take(pattern: RegExp): string {
		pattern.lastIndex = this.at;
		const taken = pattern.exec(this.text)?.[0] ?? '';
		this.at += taken.length;
		return taken;
	}

	/** What stands in quotes, from behind the first; null when they are not closed on the line. */
	private skipString(quote: string): string | null {
		const value = this.take(STRINGS[quote] as RegExp);
		if (this.text.charAt(this.at) !== quote) return null;
		this.at++;
		return value;
	}

	private importRule(): void {
		this.take(SPACE);
		const quote = this.text.charAt(this.at);
		if (quote === '"' || quote === "'") this.quoted(quote, true);
		else if (this.take(URL_OPEN) !== '') this.url(true);
	}

	/** Behind `url(`. */
	private url(maps: boolean): void {
		this.take(SPACE);
		const quote = this.text.charAt(this.at);
		if (quote === '"' || quote === "'") return this.quoted(quote, maps);
		const start = this.at;
		const value = this.take(UNQUOTED);
		const end = this.at;
		this.take(SPACE);
		if (maps && this.text.charAt(this.at) === ')') this.replace(start, end, value, /["'()\s\\]/g);
	}

	private quoted(quote: string, maps: boolean): void {
		const start = ++this.at;
		const value = this.skipString(quote);
		if (maps && value !== null) this.replace(start, this.at - 1, value, quote === '"' ? /["\\]/g : /['\\]/g);
	}

	private replace(start: number, end: number, value: string, special: RegExp): void {
		if (value.includes('\\')) return;
		const mapped = this.map(value);
		if (mapped === value) return;
		this.written += this.text.slice(this.done, start) + mapped.replace(special, '\\$&');
		this.done = end;
	}
}
