/**
 * Where the text of script, style, title and the like ends. In a script, `<!--` and `<script` inside of that hide an end
 * tag. Goes on where it stopped, so that text that comes in pieces is read once.
 */
import type { ElementKind } from './element-kind.ts';
import { isSpace } from './tag-scanner.ts';

const DASH = 45;
const SLASH = 47;
const LESS = 60;
const GREATER = 62;

const PLAIN = 0;
/** Behind `<!--`. */
const ESCAPED = 1;
/** Behind `<script` behind `<!--`. */
const HIDDEN = 2;

export class RawText {
	readonly kind: ElementKind;
	/** Where to go on looking; after `find` has answered true, where the end tag begins. */
	at: number;
	private readonly hides: boolean;
	private state = PLAIN;

	constructor(kind: ElementKind, at: number, hides: boolean) {
		this.kind = kind;
		this.at = at;
		this.hides = hides && kind.name === 'script';
	}

	/** Looks for the end tag; false when it is not there yet. With `last`, nothing more will come. */
	find(text: string, last: boolean): boolean {
		if (this.kind.name === 'plaintext') {
			this.at = text.length;
			return false;
		}
		while (this.at < text.length) {
			if (this.state === PLAIN) {
				const less = text.indexOf('<', this.at);
				this.at = less < 0 ? text.length : less;
				if (less < 0) break;
			}
			if (!last && text.length - this.at < this.kind.name.length + 3) return false;
			if (this.isEnd(text)) return true;
			this.at++;
		}
		return false;
	}

	private isEnd(text: string): boolean {
		const { at } = this;
		const c = text.charCodeAt(at);
		if (c === DASH && this.state !== PLAIN && text.startsWith('-->', at)) this.state = PLAIN;
		if (c !== LESS) return false;
		if (text.charCodeAt(at + 1) === SLASH) {
			if (!this.isName(text, at + 2)) return false;
			if (this.state !== HIDDEN) return true;
			this.state = ESCAPED;
		} else if (this.hides && this.state === PLAIN && text.startsWith('<!--', at)) {
			this.state = ESCAPED;
			// The dashes of `<!-->` end it as well.
			this.at += 1;
		} else if (this.state === ESCAPED && this.isName(text, at + 1)) {
			this.state = HIDDEN;
		}
		return false;
	}

	private isName(text: string, at: number): boolean {
		const { name } = this.kind;
		const after = text.charCodeAt(at + name.length);
		if (!isSpace(after) && after !== SLASH && after !== GREATER) return false;
		return text.slice(at, at + name.length).toLowerCase() === name;
	}
}
