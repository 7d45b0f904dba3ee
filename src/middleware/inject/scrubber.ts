/** Finds secrets in what comes back and puts something else in their place. */
import type { Push, Transform } from '../../bytes/index.ts';
import { FieldList, type Fields } from '../../fields/index.ts';
import { spellingsOf } from './spellings.ts';

/** Bytes in which text is cut before a secret could begin or go on, where no secret has them. */
const CUTS = ' "\'<>{}[](),;';

export class Scrubber {
	/** What is written in the place of a secret. */
	readonly placeholder: string;
	private readonly spellings: readonly string[];
	private readonly patterns: readonly Buffer[];
	private readonly mark: Uint8Array;
	private readonly longest: number;
	/** By byte: whether text may be cut behind it without looking at what comes. */
	private readonly cuts: Uint8Array = new Uint8Array(256);

	constructor(hidden: readonly string[], placeholder: string) {
		this.placeholder = placeholder;
		this.spellings = spellingsOf(hidden);
		this.patterns = this.spellings.map((one) => Buffer.from(one, 'latin1'));
		this.mark = Buffer.from(placeholder, 'latin1');
		this.longest = this.patterns[0]?.length ?? 0;
		// No secret has control characters.
		this.cuts.fill(1, 0, 0x20);
		for (const byte of Buffer.from(CUTS)) if (!this.patterns.some((one) => one.includes(byte))) this.cuts[byte] = 1;
	}

	/** Of a byte string. The same string when there is nothing to hide. */
	text(value: string): string {
		let clean = value;
		for (const one of this.spellings) if (clean.includes(one)) clean = clean.replaceAll(one, this.placeholder);
		return clean;
	}

	/** The same list when there is nothing to hide. A line whose name holds a secret goes. */
	fields(fields: Fields): FieldList {
		const list = FieldList.from(fields);
		const { raw } = list;
		const all = raw.join('\n');
		if (!this.spellings.some((one) => all.includes(one))) return list;
		const clean: string[] = [];
		for (let i = 0; i < raw.length; i += 2) {
			const name = raw[i] as string;
			if (this.text(name) === name) clean.push(name, this.text(raw[i + 1] as string));
		}
		return FieldList.of(clean);
	}

	/** The same bytes when there is nothing to hide. */
	whole(bytes: Uint8Array): Uint8Array {
		const pieces: Uint8Array[] = [];
		const scrub = new Scrub(this.patterns, this.mark, this.longest, this.cuts, () => {});
		scrub.write(bytes, (piece) => pieces.push(piece));
		scrub.end((piece) => pieces.push(piece));
		return scrub.found ? Buffer.concat(pieces) : bytes;
	}

	/** For a body as it flows; `told` once when something was found. */
	flowing(told: () => void): Transform {
		return new Scrub(this.patterns, this.mark, this.longest, this.cuts, told);
	}
}

/**
 * What could be the beginning of a secret waits for what comes behind it. It waits by the look of the text alone, up to the
 * last byte that no secret has: would it wait only for true beginnings, whoever can have an answer echo text could guess a
 * secret, character by character, by what is late.
 */
class Scrub implements Transform {
	found = false;
	private readonly patterns: readonly Buffer[];
	private readonly mark: Uint8Array;
	private readonly longest: number;
	private readonly cuts: Uint8Array;
	private readonly told: () => void;
	private readonly next: number[];
	private kept: Buffer = EMPTY;

	constructor(patterns: readonly Buffer[], mark: Uint8Array, longest: number, cuts: Uint8Array, told: () => void) {
		this.patterns = patterns;
		this.mark = mark;
		this.longest = longest;
		this.cuts = cuts;
		this.told = told;
		this.next = patterns.map(() => 0);
	}

	write(chunk: Uint8Array, push: Push): void {
		const given = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
		const bytes = this.kept.length === 0 ? given : Buffer.concat([this.kept, given]);
		const from = this.replace(bytes, this.holdFrom(bytes), push);
		// A copy: the chunk is lent.
		this.kept = from === bytes.length ? EMPTY : Buffer.from(bytes.subarray(from));
	}

	end(push: Push): void {
		const { kept } = this;
		this.kept = EMPTY;
		this.replace(kept, kept.length, push);
	}

	/** Where a secret may have begun that is not complete: behind the last cut, and no more back than a secret is long. */
	private holdFrom(bytes: Buffer): number {
		const least = Math.max(0, bytes.length - this.longest + 1);
		let at = bytes.length;
		while (at > least && this.cuts[bytes[at - 1] as number] === 0) at--;
		return at;
	}

	/** Hands on what stands before `until`, and a secret that begins before it. Gives the place up to which it did. */
	private replace(bytes: Buffer, until: number, push: Push): number {
		const { patterns, next } = this;
		let from = 0;
		for (let i = 0; i < patterns.length; i++) next[i] = find(bytes, patterns[i] as Buffer, 0);
		for (;;) {
			const which = this.first();
			const at = which === -1 ? bytes.length : (next[which] as number);
			if (at >= until) break;
			if (at > from) push(bytes.subarray(from, at));
			push(this.mark);
			if (!this.found) this.told();
			this.found = true;
			from = at + (patterns[which] as Buffer).length;
			for (let i = 0; i < patterns.length; i++)
				if ((next[i] as number) < from) next[i] = find(bytes, patterns[i] as Buffer, from);
		}
		if (until > from) push(bytes.subarray(from, until));
		return Math.max(from, until);
	}

	/** The pattern that comes first; of those at one place the longest, which stands before the others. */
	private first(): number {
		let best = -1;
		let least = Number.POSITIVE_INFINITY;
		for (let i = 0; i < this.next.length; i++) {
			const at = this.next[i] as number;
			if (at < least) {
				least = at;
				best = i;
			}
		}
		return best;
	}
}

const EMPTY = Buffer.alloc(0);

function find(bytes: Buffer, pattern: Buffer, from: number): number {
	const at = bytes.indexOf(pattern, from);
	return at === -1 ? Number.POSITIVE_INFINITY : at;
}
