/**
 * Entities that a document declares for itself: `<!ENTITY name "value">`. They hold text only. Nothing outside the document
 * is ever read for them, and how much they may grow to is limited for the document as a whole.
 */
import type { Diagnostics, Place, SourceFile } from '../../diagnostics/index.ts';

/** References that may be expanded in a document, and characters that may come of them. */
const MAX_EXPANSIONS = 10_000;
const MAX_CHARACTERS = 1024 * 1024;

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const DECLARATION =
	/<!--[\s\S]*?-->|<!ENTITY\s+(%\s+)?([^\s%"'>]+)\s+(?:(SYSTEM|PUBLIC)\b[^>]*|"([^"]*)"|'([^']*)')\s*>/g;
const REFERENCE = /&(#x[0-9a-f]+|#\d+|[^\s&;#]+);/gi;

export class Entities {
	readonly #file: SourceFile;
	readonly #diagnostics: Diagnostics;
	readonly #declared = new Map<string, string>();
	#expansions = 0;
	#characters = 0;

	constructor(file: SourceFile, diagnostics: Diagnostics) {
		this.#file = file;
		this.#diagnostics = diagnostics;
	}

	/** Names that may be referred to, and their texts, worked out when a reference is read. */
	table(placeOf: () => Place): Record<string, string> {
		const table: Record<string, string> = Object.create(null);
		Object.assign(table, PREDEFINED);
		for (const name of this.#declared.keys()) {
			Object.defineProperty(table, name, { get: () => this.#expand(name, [], placeOf) });
		}
		return table;
	}

	/** Reads the declarations in the document type that stands at `start` to `end` of the file. */
	declare(start: number, end: number): void {
		const text = this.#file.text.slice(start, end);
		for (const match of text.matchAll(DECLARATION)) {
			const [all, parameter, name, external, double, single] = match;
			if (name === undefined) continue;
			const place: Place = { file: this.#file, offset: start + match.index, length: all.length };
			if (external !== undefined) {
				this.#refuse('external-entity', `The entity '${name}' is in another file, which is not read.`, place);
			} else if (parameter !== undefined) {
				this.#refuse('parameter-entity', `'%${name};' is a parameter entity, which is not supported.`, place);
			} else if (!this.#declared.has(name)) {
				this.#declared.set(name, characterReferences(double ?? single ?? ''));
			}
		}
	}

	#refuse(code: string, message: string, place: Place): void {
		this.#diagnostics.error(code, message, place, 'Write the text itself: <!ENTITY name "text">.');
	}

	#expand(name: string, within: readonly string[], placeOf: () => Place): string {
		const value = this.#declared.get(name);
		if (value === undefined) return this.#fail(`There is no entity '${name}'.`, 'undefined-entity', placeOf);
		if (within.includes(name)) return this.#fail(`The entity '${name}' contains itself.`, 'entity-cycle', placeOf);
		if (++this.#expansions > MAX_EXPANSIONS || this.#characters > MAX_CHARACTERS) return this.#tooMuch(placeOf);
		if (value.includes('<')) {
			return this.#fail(`The entity '${name}' holds markup; entities hold text only.`, 'entity-markup', placeOf);
		}
		const trail = [...within, name];
		const text = value.replace(REFERENCE, (_all, to: string) =>
			to.startsWith('#') ? character(to) : (PREDEFINED[to] ?? this.#expand(to, trail, placeOf)),
		);
		this.#characters += text.length;
		return text;
	}

	#tooMuch(placeOf: () => Place): string {
		const message = `Entities grow to more than ${MAX_EXPANSIONS} references or ${MAX_CHARACTERS} characters.`;
		return this.#fail(message, 'entity-limit', placeOf);
	}

	/** Tells it once per kind: what follows from one mistake is not told ten thousand times. */
	#fail(message: string, code: string, placeOf: () => Place): string {
		const told = this.#diagnostics.all.some((one) => one.code === code && one.message === message);
		if (!told) this.#diagnostics.error(code, message, placeOf());
		return '';
	}
}

/** XML 1.0 section 4.4.5: references to characters are replaced where an entity is declared, others where it is used. */
function characterReferences(value: string): string {
	return value.replace(REFERENCE, (all, to: string) => (to.startsWith('#') ? character(to) : all));
}

function character(reference: string): string {
	const hexadecimal = /^#x/i.test(reference);
	const code = hexadecimal ? Number.parseInt(reference.slice(2), 16) : Number.parseInt(reference.slice(1), 10);
	return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
