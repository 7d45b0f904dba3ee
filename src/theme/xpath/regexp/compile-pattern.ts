/** From what a regular expression is made of to the instructions of a machine that never goes back. */
import { XPathError } from '../xpath-error.ts';
import type { ParsedPattern } from './parse-pattern.ts';
import { type Assertion, canBeEmpty, type PatternNode, type Repeat } from './pattern-node.ts';

export type Instruction =
	| { readonly op: 'character'; readonly test: (code: number) => boolean }
	| { readonly op: 'assertion'; readonly assertion: Assertion }
	/** `first` is tried first, and wins over `second`. */
	| { op: 'split'; first: number; second: number }
	| { op: 'jump'; to: number }
	/** Keeps the place in a slot. */
	| { readonly op: 'save'; readonly slot: number }
	/** Empties slots. */
	| { readonly op: 'forget'; readonly from: number; readonly to: number }
	/** Goes on only when something was read since the slot was kept. */
	| { readonly op: 'progress'; readonly slot: number }
	| { readonly op: 'match' };

export interface Program {
	readonly instructions: readonly Instruction[];
	/** Two for each group, and those that only the machine needs. */
	readonly slots: number;
	readonly groups: number;
}

/** `a{1000}` is a thousand instructions. */
const LONGEST = 2000;

export function compilePattern({ node, groups }: ParsedPattern, ignoreCase: boolean): Program {
	const compiler = new PatternCompiler(2 * groups, ignoreCase);
	compiler.add({ op: 'save', slot: 0 });
	compiler.node(node);
	compiler.add({ op: 'save', slot: 1 });
	compiler.add({ op: 'match' });
	return { instructions: compiler.instructions, slots: compiler.slots, groups };
}

class PatternCompiler {
	readonly instructions: Instruction[] = [];
	slots: number;
	readonly #flags: string;
	readonly #tests = new Map<string, (code: number) => boolean>();

	constructor(slots: number, ignoreCase: boolean) {
		this.slots = slots;
		this.#flags = ignoreCase ? 'i' : '';
	}

	add<I extends Instruction>(instruction: I): I {
		if (this.instructions.push(instruction) > LONGEST) {
			throw new XPathError(`This regular expression is too large: it repeats more than ${LONGEST} parts.`);
		}
		return instruction;
	}

	node(node: PatternNode): void {
		if (node.type === 'character') this.add({ op: 'character', test: this.#test(node.source) });
		else if (node.type === 'assertion') this.add({ op: 'assertion', assertion: node.assertion });
		else if (node.type === 'sequence') for (const one of node.of) this.node(one);
		else if (node.type === 'either') this.#either(node.of);
		else if (node.type === 'repeat') this.#repeat(node);
		else {
			this.add({ op: 'save', slot: 2 * node.number });
			this.node(node.of);
			this.add({ op: 'save', slot: 2 * node.number + 1 });
		}
	}

	get #next(): number {
		return this.instructions.length;
	}

	#either(of: readonly PatternNode[]): void {
		const ends: { to: number }[] = [];
		for (const [i, one] of of.entries()) {
			const split = i < of.length - 1 ? this.add({ op: 'split' as const, first: this.#next + 1, second: 0 }) : null;
			this.node(one);
			if (split === null) continue;
			ends.push(this.add({ op: 'jump' as const, to: 0 }));
			split.second = this.#next;
		}
		for (const end of ends) end.to = this.#next;
	}

	#repeat(repeat: Repeat): void {
		const { min, max, lazy } = repeat;
		for (let turn = 0; turn < min; turn++) this.#turn(repeat);
		const splits: { first: number; second: number }[] = [];
		const optional = max === Number.POSITIVE_INFINITY ? 1 : max - min;
		const slot = optional > 0 && canBeEmpty(repeat.of) ? this.slots++ : null;
		for (let turn = 0; turn < optional; turn++) {
			const start = this.#next;
			splits.push(this.add({ op: 'split' as const, first: start + 1, second: start + 1 }));
			if (slot !== null) this.add({ op: 'save', slot });
			this.#turn(repeat);
			if (slot !== null) this.add({ op: 'progress', slot });
			if (max === Number.POSITIVE_INFINITY) this.add({ op: 'jump', to: start });
		}
		for (const split of splits) split[lazy ? 'first' : 'second'] = this.#next;
	}

	#turn({ of, groups: [from, to] }: Repeat): void {
		if (to > from) this.add({ op: 'forget', from: 2 * from, to: 2 * to });
		this.node(of);
	}

	/** JavaScript itself says what a single character is: it cannot take long over one. */
	#test(source: string): (code: number) => boolean {
		let test = this.#tests.get(source);
		if (test === undefined) {
			const pattern = new RegExp(`^${source}$`, this.#flags);
			const known = Array.from({ length: 128 }, (_, code) => pattern.test(String.fromCharCode(code)));
			test = (code) => known[code] ?? pattern.test(String.fromCharCode(code));
			this.#tests.set(source, test);
		}
		return test;
	}
}
