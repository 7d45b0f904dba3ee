/** Regular expressions read into trees: as much of the grammar (ECMA-262 section 22.2.1) as says which characters may follow each other. */

/** Code units, as ranges that do not touch, in order. */
export type Units = readonly (readonly [from: number, to: number])[];

export type Tree =
	| { readonly kind: 'units'; readonly units: Units }
	| { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Tree[] }
	/** `most` may be Infinity. */
	| { readonly kind: 'repeat'; readonly part: Tree; readonly least: number; readonly most: number }
	/** `begin` and `end` of the text; `other`: of lines and words. */
	| { readonly kind: 'assert'; readonly where: 'begin' | 'end' | 'other' }
	| { readonly kind: 'look'; readonly part: Tree }
	/** What was matched before, again: how often that can be is not told by the expression. */
	| { readonly kind: 'reference' };

const LAST = 0xffff;
export const ANY: Units = [[0, LAST]];
const DIGIT: Units = [[0x30, 0x39]];
const WORD: Units = [
	[0x30, 0x39],
	[0x41, 0x5a],
	[0x5f, 0x5f],
	[0x61, 0x7a],
];
const SPACE: Units = [
	[0x09, 0x0d],
	[0x20, 0x20],
	[0xa0, 0xa0],
	[0x1680, 0x1680],
	[0x2000, 0x200a],
	[0x2028, 0x2029],
	[0x202f, 0x202f],
	[0x205f, 0x205f],
	[0x3000, 0x3000],
	[0xfeff, 0xfeff],
];
const LINE_ENDS: Units = [
	[0x0a, 0x0a],
	[0x0d, 0x0d],
	[0x2028, 0x2029],
];
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, f: 12, 0: 0, b: 8 };

export function union(...all: readonly Units[]): Units {
	const ranges = all.flat().toSorted(([a], [b]) => a - b);
	const merged: [number, number][] = [];
	for (const [from, to] of ranges) {
		const last = merged.at(-1);
		if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
		else merged.push([from, to]);
	}
	return merged;
}

function complement(units: Units): Units {
	const others: [number, number][] = [];
	let next = 0;
	for (const [from, to] of units) {
		if (from > next) others.push([next, from - 1]);
		next = to + 1;
	}
	if (next <= LAST) others.push([next, LAST]);
	return others;
}

/** Both cases of ASCII letters. */
function anyCase(units: Units): Units {
	const more: [number, number][] = [];
	for (const [from, to] of units) {
		for (let code = Math.max(from, 0x41); code <= Math.min(to, 0x5a); code++) more.push([code | 0x20, code | 0x20]);
		for (let code = Math.max(from, 0x61); code <= Math.min(to, 0x7a); code++) more.push([code & ~0x20, code & ~0x20]);
	}
	return union(units, more);
}

/** Throws Error where it does not know the grammar. */
export function readExpression(source: string, flags: string): Tree {
	const reader = new Reader(source, flags);
	const tree = reader.choice();
	if (!reader.done) throw new Error(`Not read to its end: /${source}/`);
	return tree;
}

class Reader {
	private readonly source: string;
	private readonly flags: string;
	private at = 0;

	constructor(source: string, flags: string) {
		this.source = source;
		this.flags = flags;
	}

	get done(): boolean {
		return this.at >= this.source.length;
	}

	choice(): Tree {
		const parts = [this.sequence()];
		while (this.took('|')) parts.push(this.sequence());
		return parts.length === 1 ? (parts[0] as Tree) : { kind: 'choice', parts };
	}

	private sequence(): Tree {
		const parts: Tree[] = [];
		while (!this.done && this.source[this.at] !== '|' && this.source[this.at] !== ')') parts.push(this.repeated());
		return { kind: 'sequence', parts };
	}

	private took(text: string): boolean {
		if (!this.source.startsWith(text, this.at)) return false;
		this.at += text.length;
		return true;
	}

	private repeated(): Tree {
		const part = this.atom();
		const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.at));
		if (found === null) return part;
		this.at += found[0].length;
		const [, mark, low = '0', comma, high = ''] = found;
		if (mark === '*') return { kind: 'repeat', part, least: 0, most: Infinity };
		if (mark === '+') return { kind: 'repeat', part, least: 1, most: Infinity };
		if (mark === '?') return { kind: 'repeat', part, least: 0, most: 1 };
		const most = comma === '' ? Number(low) : high === '' ? Infinity : Number(high);
		return { kind: 'repeat', part, least: Number(low), most };
	}

	private atom(): Tree {
		const letter = this.source[this.at++] as string;
		if (letter === '(') return this.group();
		if (letter === '[') return this.units(this.set());
		if (letter === '.') return this.units(this.flags.includes('s') ? ANY : complement(LINE_ENDS));
		if (letter === '^') return { kind: 'assert', where: this.flags.includes('m') ? 'other' : 'begin' };
		if (letter === '$') return { kind: 'assert', where: this.flags.includes('m') ? 'other' : 'end' };
		if (letter !== '\\') return this.units([[letter.charCodeAt(0), letter.charCodeAt(0)]]);
		const next = this.source[this.at] as string;
		if (next === 'b' || next === 'B') {
			this.at++;
			return { kind: 'assert', where: 'other' };
		}
		if (/[1-9k]/.test(next)) {
			this.at += next === 'k' ? this.source.slice(this.at).indexOf('>') + 1 : 1;
			return { kind: 'reference' };
		}
		return this.units(this.escape());
	}

	private group(): Tree {
		const look = /^\?(?:<?[=!])/.exec(this.source.slice(this.at));
		if (look !== null) this.at += look[0].length;
		else {
			const opening = /^\?(?::|<[^>]+>|[ims]*-?[ims]*:)/.exec(this.source.slice(this.at));
			if (opening !== null) this.at += opening[0].length;
		}
		const part = this.choice();
		if (!this.took(')')) throw new Error(`A group is not closed: /${this.source}/`);
		return look === null ? part : { kind: 'look', part };
	}

	private units(units: Units): Tree {
		return { kind: 'units', units: this.flags.includes('i') ? anyCase(units) : units };
	}

	private set(): Units {
		const negated = this.took('^');
		let found: Units = [];
		while (!this.took(']')) {
			const from = this.member();
			const [first] = from;
			const single = from.length === 1 && first !== undefined && first[0] === first[1];
			if (single && this.source[this.at] === '-' && this.source[this.at + 1] !== ']') {
				this.at++;
				const to = this.member();
				found = union(found, [[first[0], to.at(-1)?.[1] ?? first[0]]]);
			} else found = union(found, from);
		}
		const units = this.flags.includes('i') ? anyCase(found) : found;
		return negated ? complement(units) : units;
	}

	private member(): Units {
		const letter = this.source[this.at++] as string;
		if (letter === '\\') return this.escape();
		const code = letter.charCodeAt(0);
		return [[code, code]];
	}

	/** What stands behind the backslash. */
	private escape(): Units {
		const letter = this.source[this.at++] as string;
		const classes: Readonly<Record<string, Units>> = { d: DIGIT, w: WORD, s: SPACE };
		const known = classes[letter.toLowerCase()];
		if (known !== undefined) return letter === letter.toLowerCase() ? known : complement(known);
		if (letter === 'p' || letter === 'P') {
			// Whatever has the property: letters of ASCII are in some, and in most there is more.
			this.at = this.source.indexOf('}', this.at) + 1;
			return ANY;
		}
		const hex = /^(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]+)\})/i.exec(this.source.slice(this.at - 1));
		if (hex !== null) {
			this.at += hex[0].length - 1;
			const code = Math.min(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16), LAST);
			return [[code, code]];
		}
		const code = CONTROLS[letter] ?? letter.charCodeAt(0);
		return [[code, code]];
	}
}
