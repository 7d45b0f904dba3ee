/**
 * Reads the atoms of structured fields: keys and bare items (RFC 9651 sections 4.2.3.1 and 4.2.3.3 to 4.2.10).
 * How atoms make items, lists and dictionaries is in parse.ts. Strict: what the RFC says must fail, fails.
 */
import { type BareItem, Decimal, DisplayString, StructuredFieldError, Timestamp, Token } from './types.ts';

const KEY = /[a-z*][a-z0-9_\-.*]*/y;
const NUMBER = /(-?)(\d+)(?:\.(\d*))?/y;
const TOKEN = /[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y;
const STRING = /"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)/y;
const BASE64 = /:([A-Za-z0-9+/]*={0,2})/y;
const DISPLAY = /%"((?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*)/y;
const SPACES = / */y;
const OWS = /[ \t]*/y;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class Scanner {
	readonly text: string;
	offset = 0;

	constructor(text: string) {
		this.text = text;
	}

	get done(): boolean {
		return this.offset === this.text.length;
	}

	fail(problem: string, offset: number = this.offset): never {
		throw new StructuredFieldError(problem, offset);
	}

	peek(character: string): boolean {
		return this.text[this.offset] === character;
	}

	/** Moves past `character` if it is next. */
	skip(character: string): boolean {
		if (!this.peek(character)) return false;
		this.offset++;
		return true;
	}

	skipSpaces(): void {
		this.match(SPACES);
	}

	skipWhiteSpace(): void {
		this.match(OWS);
	}

	key(): string {
		const found = this.match(KEY);
		if (found === null) this.fail('A key must start with a lower-case letter or "*"');
		return found[0];
	}

	bareItem(): BareItem {
		const next = this.text[this.offset];
		if (next === undefined) this.fail('An item is missing');
		if (next === '-' || (next >= '0' && next <= '9')) return this.number();
		switch (next) {
			case '"':
				return this.string();
			case ':':
				return this.bytes();
			case '?':
				return this.boolean();
			case '@':
				return this.date();
			case '%':
				return this.displayString();
			default:
				return this.token();
		}
	}

	private number(): number | Decimal {
		const start = this.offset;
		const found = this.match(NUMBER);
		if (found === null) this.fail('A number has no digits');
		const [text, , digits = '', fraction] = found;
		if (fraction === undefined) {
			if (digits.length > 15) this.fail('An integer has more than 15 digits', start);
			// "-0" is 0.
			return Number(text) || 0;
		}
		if (digits.length > 12) this.fail('A decimal has more than 12 digits before its point', start);
		if (fraction === '') this.fail('A decimal has no digits behind its point', start);
		if (fraction.length > 3) this.fail('A decimal has more than 3 digits behind its point', start);
		return new Decimal(Number(text) || 0);
	}

	private string(): string {
		const [, content = ''] = this.match(STRING) as RegExpExecArray;
		if (!this.skip('"')) this.fail(this.done ? 'A string is not closed' : 'A character that no string may hold');
		return content.includes('\\') ? content.replace(/\\(.)/g, '$1') : content;
	}

	private token(): Token {
		const found = this.match(TOKEN);
		if (found === null) this.fail('No item can start with this character');
		return new Token(found[0]);
	}

	private bytes(): Uint8Array {
		const start = this.offset;
		const [, base64 = ''] = this.match(BASE64) as RegExpExecArray;
		if (!this.skip(':')) this.fail(this.done ? 'A byte sequence is not closed' : 'A character that is not base64');
		try {
			// Takes missing padding and left-over bits, as the RFC advises.
			return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
		} catch {
			return this.fail('A byte sequence is not base64', start);
		}
	}

	private boolean(): boolean {
		this.offset++;
		if (this.skip('1')) return true;
		if (this.skip('0')) return false;
		return this.fail('A boolean is neither ?0 nor ?1');
	}

	private date(): Timestamp {
		const start = this.offset++;
		const seconds = this.number();
		if (typeof seconds !== 'number') this.fail('A date is not an integer', start);
		return new Timestamp(seconds);
	}

	private displayString(): DisplayString {
		const start = this.offset;
		const found = this.match(DISPLAY);
		if (found === null) this.fail('A display string does not start with %"');
		const [, content = ''] = found;
		if (!this.skip('"')) {
			this.fail(this.done ? 'A display string is not closed' : 'A character that a display string must escape');
		}
		const bytes: number[] = [];
		for (let i = 0; i < content.length; i++) {
			if (content[i] !== '%') bytes.push(content.charCodeAt(i));
			else {
				bytes.push(Number.parseInt(content.slice(i + 1, i + 3), 16));
				i += 2;
			}
		}
		try {
			return new DisplayString(decoder.decode(new Uint8Array(bytes)));
		} catch {
			return this.fail('A display string is not UTF-8', start);
		}
	}

	private match(pattern: RegExp): RegExpExecArray | null {
		pattern.lastIndex = this.offset;
		const found = pattern.exec(this.text);
		if (found !== null) this.offset += found[0].length;
		return found;
	}
}
