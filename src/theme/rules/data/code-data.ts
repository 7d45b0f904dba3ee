/** Objects in code to Data. Their places are in a text that is made for it: the object, as one would write it. */
import type { Place, SourceFile } from '../../diagnostics/index.ts';
import type { ContentEdit } from '../model.ts';
import type { Data, DataEntry } from './data.ts';

const MAX_DEPTH = 100;

/** `name` is shown in messages: `(rules in code) rules[3]`. */
export function dataOf(input: unknown, name: string): Data {
	const writer = new Writer(name);
	const data = writer.data(input, '');
	writer.finish();
	return data;
}

class Writer {
	readonly #file: { name: string; text: string };
	#text = '';

	constructor(name: string) {
		this.#file = { name, text: '' };
	}

	/** Places are asked for their text only later. */
	finish(): void {
		this.#file.text = this.#text;
	}

	data(input: unknown, indent: string): Data {
		if (indent.length > MAX_DEPTH) throw new TypeError('Rules contain themselves, or are too deep.');
		if (Array.isArray(input)) return this.#list(input, indent);
		if (typeof input === 'object' && input !== null) return this.#map(input, indent);
		const offset = this.#text.length;
		if (typeof input !== 'string') return this.#plain(input);
		this.#text += `'${input}'`;
		const file: SourceFile = this.#file;
		const place: Place = { file, offset: offset + 1, length: input.length };
		const locate = (at: number, length: number): Place => ({ file, offset: offset + 1 + at, length });
		return { kind: 'value', value: input, place, locate };
	}

	#plain(input: unknown): Data {
		const offset = this.#text.length;
		this.#text += typeof input === 'function' ? `${input.name || 'function'}()` : String(input);
		const known = typeof input === 'number' || typeof input === 'boolean' || typeof input === 'function';
		return {
			kind: 'value',
			value: known ? (input as number | boolean | ContentEdit) : null,
			place: this.#since(offset),
		};
	}

	#list(items: readonly unknown[], indent: string): Data {
		const offset = this.#text.length;
		this.#text += '[';
		const inner = `${indent}\t`;
		const all = items.map((item) => {
			this.#text += `\n${inner}`;
			const data = this.data(item, inner);
			this.#text += ',';
			return data;
		});
		this.#text += items.length === 0 ? ']' : `\n${indent}]`;
		return { kind: 'list', items: all, place: this.#since(offset, 1) };
	}

	#map(input: object, indent: string): Data {
		const offset = this.#text.length;
		this.#text += '{';
		const inner = `${indent}\t`;
		const entries = Object.entries(input)
			.filter(([, value]) => value !== undefined)
			.map(([key, value]): DataEntry => {
				this.#text += `\n${inner}`;
				const start = this.#text.length;
				this.#text += key;
				const keyPlace = this.#since(start);
				this.#text += ': ';
				const data = this.data(value, inner);
				this.#text += ',';
				return { key, keyPlace, value: data };
			});
		this.#text += entries.length === 0 ? '}' : `\n${indent}}`;
		return { kind: 'map', entries, place: this.#since(offset, 1) };
	}

	#since(offset: number, length: number = this.#text.length - offset): Place {
		return { file: this.#file, offset, length };
	}
}
