/** Enters elements into an index while they are read. Most names, ids and classes are of no interest: no string for them. */

import { decodeAttribute } from './decode.ts';
import type { ElementKind } from './element-kind.ts';
import type { KeyIndex } from './key-index.ts';
import { isSpace } from './tag-scanner.ts';
import type { Attribute } from './tree.ts';

const SPACE = 32;
const AMPERSAND = 38;
const SIZE = 512;

/** Those words that may be among the watched, by their length and three of their characters. */
class Sieve {
	private readonly marks: Uint8Array = new Uint8Array(SIZE);

	constructor(words: Iterable<string>) {
		for (const word of words) this.marks[this.slot(word, 0, word.length)] = 1;
	}

	private slot(text: string, start: number, end: number): number {
		const first = text.charCodeAt(start);
		const middle = text.charCodeAt((start + end) >> 1);
		const last = text.charCodeAt(end - 1);
		return (first + middle * 7 + last * 31 + (end - start) * 13) & (SIZE - 1);
	}

	passes(text: string, start: number, end: number): boolean {
		return this.marks[this.slot(text, start, end)] === 1;
	}
}

export class IndexFiller {
	private readonly index: KeyIndex;
	/** Of names, by the kind's id; null for those that nobody watches. */
	private readonly lists: (number[] | null | undefined)[] = [];
	private readonly ids: Sieve;
	private readonly classes: Sieve;

	constructor(index: KeyIndex) {
		this.index = index;
		this.ids = new Sieve(index.ids.keys());
		this.classes = new Sieve(index.classes.keys());
	}

	name(kind: ElementKind, node: number): void {
		let list = this.lists[kind.id];
		if (list === undefined) {
			list = this.index.names.get(kind.name) ?? null;
			this.lists[kind.id] = list;
		}
		if (list !== null) list.push(node);
	}

	/** The value of an id. */
	id(text: string, start: number, end: number, node: number): void {
		for (let i = start; i < end; i++) {
			if (text.charCodeAt(i) !== AMPERSAND) continue;
			this.index.ids.get(decodeAttribute(text.slice(start, end)))?.push(node);
			return;
		}
		if (end > start && this.ids.passes(text, start, end)) this.index.ids.get(text.slice(start, end))?.push(node);
	}

	/** The words of a class attribute. */
	classNames(text: string, start: number, end: number, node: number): void {
		let wordStart = start;
		for (let i = start; i <= end; i++) {
			const c = i < end ? text.charCodeAt(i) : SPACE;
			if (c === AMPERSAND) return this.referring(decodeAttribute(text.slice(wordStart, end)), node);
			if (c > SPACE || !isSpace(c)) continue;
			if (i > wordStart && this.classes.passes(text, wordStart, i)) this.class(text.slice(wordStart, i), node);
			wordStart = i + 1;
		}
	}

	/** Words with character references among them. */
	private referring(words: string, node: number): void {
		for (const word of words.split(/[ \t\n\f\r]+/)) this.class(word, node);
	}

	/** An attribute that an element got when others behind it had been read. */
	late({ name, value }: Attribute, node: number): void {
		if (name === 'id') insert(this.index.ids.get(value), node);
		else if (name === 'class') {
			for (const word of value.split(/[ \t\n\f\r]+/)) insert(this.index.classes.get(word), node);
		}
	}

	private class(name: string, node: number): void {
		const nodes = this.index.classes.get(name);
		if (nodes !== undefined && nodes[nodes.length - 1] !== node) nodes.push(node);
	}
}

/** Keeps the order of the document. */
function insert(list: number[] | undefined, node: number): void {
	if (list === undefined || list.includes(node)) return;
	const at = list.findIndex((other) => other > node);
	list.splice(at === -1 ? list.length : at, 0, node);
}
