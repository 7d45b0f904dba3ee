/**
 * Reads a regular expression of JavaScript, without flags that change how it is read. What would need backtracking is
 * refused: back references, and looking ahead or behind. The pattern is known to be one that JavaScript takes.
 */
import { XPathError } from '../xpath-error.ts';
import type { PatternNode } from './pattern-node.ts';

export interface ParsedPattern {
	readonly node: PatternNode;
	/** With that of the whole, which is 0. */
	readonly groups: number;
}

export function parsePattern(source: string): ParsedPattern {
	const parser = new PatternParser(source);
	const node = parser.either();
	return { node, groups: parser.groups };
}

/** `*`, `+`, `?`, `{2,3}`; a brace that is none of these stands for itself. */
const QUANTIFIER = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})(\??)/y;
/** An escape of one character, a class, or any other character. */
const CHARACTER = /\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/iy;
/** Groups nested in each other. */
const DEEPEST = 50;

class PatternParser {
	groups = 1;
	readonly #source: string;
	#at = 0;
	#depth = 0;

	constructor(source: string) {
		this.#source = source;
	}

	either(): PatternNode {
		const of = [this.#sequence()];
		while (this.#take('|')) of.push(this.#sequence());
		return of.length === 1 ? (of[0] as PatternNode) : { type: 'either', of };
	}

	#take(text: string): boolean {
		if (!this.#source.startsWith(text, this.#at)) return false;
		this.#at += text.length;
		return true;
	}

	#sequence(): PatternNode {
		const of: PatternNode[] = [];
		while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] as string))
			of.push(this.#repeated());
		return { type: 'sequence', of };
	}

	#repeated(): PatternNode {
		const first = this.groups;
		const of = this.#one();
		QUANTIFIER.lastIndex = this.#at;
		const found = QUANTIFIER.exec(this.#source);
		if (found === null) return of;
		this.#at = QUANTIFIER.lastIndex;
		const [whole, low, comma, high, lazy] = found;
		const min = low === undefined ? Number(whole.startsWith('+')) : Number(low);
		const open = low === undefined ? !whole.startsWith('?') : comma !== undefined && high === '';
		const max = open ? Number.POSITIVE_INFINITY : Number(low === undefined ? 1 : high || low);
		return { type: 'repeat', of, min, max, lazy: lazy === '?', groups: [first, this.groups] };
	}

	#one(): PatternNode {
		if (this.#take('(')) return this.#group();
		if (this.#take('^')) return { type: 'assertion', assertion: '^' };
		if (this.#take('$')) return { type: 'assertion', assertion: '$' };
		if (this.#take('\\b')) return { type: 'assertion', assertion: 'b' };
		if (this.#take('\\B')) return { type: 'assertion', assertion: 'B' };
		if (/^\\(?:[1-9]|k<)/.test(this.#source.slice(this.#at, this.#at + 3))) throw refused('refers back to a group');
		CHARACTER.lastIndex = this.#at;
		const source = CHARACTER.exec(this.#source)?.[0] as string;
		this.#at += source.length;
		return { type: 'character', source };
	}

	#group(): PatternNode {
		if (++this.#depth > DEEPEST) throw refused(`has more than ${DEEPEST} groups inside each other`);
		const plain = this.#take('?:');
		const name = /^\?<\w+>/.exec(this.#source.slice(this.#at))?.[0];
		if (name !== undefined) this.#at += name.length;
		else if (!plain && this.#take('?')) throw refused('looks ahead or behind, or sets flags inside');
		const number = plain ? 0 : this.groups++;
		const of = this.either();
		this.#take(')');
		this.#depth--;
		return plain ? of : { type: 'group', number, of };
	}
}

function refused(what: string): XPathError {
	return new XPathError(`This regular expression ${what}, which could take a page for ever.`);
}
