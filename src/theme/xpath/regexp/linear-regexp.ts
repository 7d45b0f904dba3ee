/**
 * Regular expressions that take no longer than the text times the pattern, whatever both are: all ways to go on are walked
 * side by side, the likelier first, and none is gone back to. They find what JavaScript's find; only where a repetition
 * of what may be empty is repeated itself, as in `((a)*?)*`, the match may be a shorter one.
 */
import { compilePattern, type Program } from './compile-pattern.ts';
import { parsePattern } from './parse-pattern.ts';
import type { Assertion } from './pattern-node.ts';

/** Where each group begins and ends, two for each; -1 where it took no part. */
export type Found = readonly number[];

/** Told how much was done. */
export type Spend = (looks: number) => void;

/** A way that is walked costs about as much as so many nodes that are looked at. */
const WAY_COST = 4;
const MOST_UNTOLD = 1024;

interface Way {
	readonly pc: number;
	readonly slots: readonly number[];
}

export class LinearRegExp {
	readonly #program: Program;

	/** Throws XPathError for what it cannot do; `source` is one that JavaScript takes. */
	constructor(source: string, ignoreCase: boolean) {
		this.#program = compilePattern(parsePattern(source), ignoreCase);
	}

	/** The first match that begins at `from` or behind; null when there is none. */
	exec(text: string, from: number, spend: Spend): Found | null {
		const run = new Run(this.#program, text);
		const empty = new Array<number>(this.#program.slots).fill(-1);
		let ways: Way[] = [];
		let untold = 0;
		for (let at = from; at <= text.length; at++) {
			run.begin(at);
			const code = at > from ? text.charCodeAt(at - 1) : -1;
			for (const way of ways) if (run.follow(way, code)) break;
			if (run.found === null) run.walk(0, empty);
			ways = run.ways;
			untold += run.walked;
			if (untold > MOST_UNTOLD) {
				spend(untold * WAY_COST);
				untold = 0;
			}
			if (ways.length === 0 && run.found !== null) break;
		}
		spend(untold * WAY_COST);
		return run.found?.slice(0, 2 * this.#program.groups) ?? null;
	}
}

class Run {
	found: readonly number[] | null = null;
	ways: Way[] = [];
	walked = 0;
	readonly #program: Program;
	readonly #text: string;
	/** Where each instruction was reached last: twice at one place would only be the same again. */
	readonly #reached: Int32Array;
	#at = 0;

	constructor(program: Program, text: string) {
		this.#program = program;
		this.#text = text;
		this.#reached = new Int32Array(program.instructions.length).fill(-1);
	}

	begin(at: number): void {
		this.#at = at;
		this.ways = [];
		this.walked = 1;
	}

	/** A way behind the character it waited for. True: it has ended in a match, and less likely ways do not count. */
	follow({ pc, slots }: Way, code: number): boolean {
		const instruction = this.#program.instructions[pc];
		if (instruction?.op === 'character') return instruction.test(code) && this.walk(pc + 1, slots);
		return false;
	}

	/** Goes on without reading, to each character that is waited for. */
	walk(start: number, given: readonly number[]): boolean {
		let pc = start;
		let slots = given;
		while (true) {
			const instruction = this.#program.instructions[pc];
			if (instruction === undefined) return false;
			if (instruction.op === 'progress' && slots[instruction.slot] === this.#at) return false;
			if (this.#reached[pc] === this.#at) return false;
			this.#reached[pc] = this.#at;
			this.walked++;
			if (instruction.op === 'character') {
				this.ways.push({ pc, slots });
				return false;
			}
			if (instruction.op === 'match') {
				this.found = slots;
				return true;
			}
			if (instruction.op === 'assertion' && !this.#holds(instruction.assertion)) return false;
			if (instruction.op === 'save') slots = slots.with(instruction.slot, this.#at);
			if (instruction.op === 'forget') slots = [...slots].fill(-1, instruction.from, instruction.to);
			if (instruction.op === 'split') {
				if (this.walk(instruction.first, slots)) return true;
				pc = instruction.second;
			} else pc = instruction.op === 'jump' ? instruction.to : pc + 1;
		}
	}

	#holds(assertion: Assertion): boolean {
		if (assertion === '^') return this.#at === 0;
		if (assertion === '$') return this.#at === this.#text.length;
		const isEdge = this.#isWord(this.#at - 1) !== this.#isWord(this.#at);
		return isEdge === (assertion === 'b');
	}

	#isWord(at: number): boolean {
		return /\w/.test(this.#text[at] ?? ' ');
	}
}
