/** YAML to Data, by the package `yaml`; the only file that reads with it. */
import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, parseDocument, type Scalar } from 'yaml';
import type { Diagnostics, Place, SourceFile } from '../../diagnostics/index.ts';
import type { Data, DataEntry, DataValue } from './data.ts';

/** Nodes of a file, those that aliases repeat included: aliases of aliases would otherwise grow without end. */
const MAX_NODES = 100_000;
const MAX_DEPTH = 100;

/** Null after a mistake, which has been told, and for an empty file. */
export function readYaml(file: SourceFile, diagnostics: Diagnostics): Data | null {
	const document = parseDocument(file.text, { keepSourceTokens: true, prettyErrors: false, version: '1.2' });
	for (const { message, pos, code } of [...document.errors, ...document.warnings]) {
		const place = { file, offset: pos[0], length: Math.max(0, pos[1] - pos[0]) };
		diagnostics.error('yaml-syntax', sentence(message), place, code === 'TAB_AS_INDENT' ? 'Use spaces.' : null);
	}
	if (document.errors.length > 0 || document.warnings.length > 0) return null;
	const { contents } = document;
	return contents === null ? null : new YamlReader(file, document, diagnostics).data(contents, 0);
}

class YamlReader {
	readonly #file: SourceFile;
	readonly #document: Document;
	readonly #diagnostics: Diagnostics;
	#nodes = 0;

	constructor(file: SourceFile, document: Document, diagnostics: Diagnostics) {
		this.#file = file;
		this.#document = document;
		this.#diagnostics = diagnostics;
	}

	data(node: ParsedNode | null, depth: number): Data {
		const place = this.#place(node);
		const nothing: Data = { kind: 'value', value: null, place };
		if (++this.#nodes > MAX_NODES || depth > MAX_DEPTH) {
			const told = this.#diagnostics.all.some(({ code }) => code === 'yaml-limit');
			if (!told) this.#diagnostics.error('yaml-limit', `There is too much in this file, or too deep.`, place);
			return nothing;
		}
		if (isAlias(node)) {
			const target = node.resolve(this.#document) as ParsedNode | undefined;
			return target === undefined ? nothing : this.data(target, depth + 1);
		}
		if (isMap(node)) {
			return { kind: 'map', place, entries: node.items.map(({ key, value }) => this.#entry(key, value, depth)) };
		}
		if (isSeq(node)) return { kind: 'list', place, items: node.items.map((item) => this.data(item, depth + 1)) };
		return isScalar(node) ? this.#value(node) : nothing;
	}

	#entry(key: unknown, value: ParsedNode | null, depth: number): DataEntry {
		const node = key as ParsedNode;
		const keyPlace = this.#place(node);
		if (!isScalar(node)) this.#diagnostics.error('yaml-syntax', 'Keys are words here.', keyPlace);
		const data =
			value === null ? ({ kind: 'value', value: null, place: keyPlace } as const) : this.data(value, depth + 1);
		return { key: isScalar(node) ? String(node.value) : '', keyPlace, value: data };
	}

	#value(node: Scalar.Parsed): DataValue {
		const { value } = node;
		const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
		const place = this.#place(node);
		if (typeof value !== 'string') return { kind: 'value', value: known, place };
		return { kind: 'value', value, place, locate: locator(this.#file, node, place) };
	}

	/** Of quoted text, what is inside the quotes. */
	#place(node: ParsedNode | null): Place {
		const [start, end] = node?.range ?? [0, 0];
		const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
		const [offset, to] = quoted ? [start + 1, end - 1] : [start, end];
		return { file: this.#file, offset, length: Math.max(0, to - offset) };
	}
}

function locator(file: SourceFile, node: Scalar.Parsed, place: Place): (offset: number, length: number) => Place {
	const text = node.value as string;
	if (node.type !== 'BLOCK_LITERAL') {
		const asWritten = file.text.startsWith(text, place.offset);
		return (offset, length) => (asWritten ? { file, offset: place.offset + offset, length } : place);
	}
	// The lines of a literal block are those of the file, less their indentation.
	const first = file.text.indexOf('\n', place.offset) + 1;
	const lines = file.text.slice(first, node.range[1]).split('\n');
	const plain = text.split('\n');
	const sample = plain.findIndex((line) => line !== '');
	const indent = (lines[sample]?.length ?? 0) - (plain[sample]?.length ?? 0) - (lines[sample]?.endsWith('\r') ? 1 : 0);
	return (offset, length) => {
		const before = text.slice(0, offset).split('\n');
		const column = before.at(-1)?.length ?? 0;
		const start = lines.slice(0, before.length - 1).reduce((sum, line) => sum + line.length + 1, first);
		return { file, offset: start + indent + column, length };
	};
}

function sentence(message: string): string {
	return /[.!?]$/.test(message) ? message : `${message}.`;
}
