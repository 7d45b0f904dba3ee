/**
 * Whether matching an expression can take longer than in proportion to the text. A backtracking matcher may try each way in
 * which the expression reads a text; where one stretch of text leads from a state to itself in two ways, the ways double with
 * each stretch (exponential); where it leads from one loop into another and both go on with it, they grow with a power of the
 * length (Weber and Seidl, "On the degree of ambiguity of finite automata", 1991). A search that may begin anywhere is a loop
 * before the expression. States from which the match is sure are left out: nothing is tried again behind a success.
 */
import { ANY, type Tree, type Units } from './expression-syntax.ts';

export type Growth = 'linear' | 'polynomial' | 'exponential';

/** Nodes are joined by steps that read nothing; some nodes read one unit and go on. */
interface Node {
	readonly free: number[];
	/** Passed at the beginning of the text alone. */
	readonly atBegin: number[];
	/** Passed under some condition: what lies behind is tried, but not sure. */
	readonly perhaps: number[];
	reads: { readonly units: Units; readonly to: number } | null;
}

/** Copies of a bounded repetition that are told apart: more of them take more time, but do not grow with the text. */
const COPIES = 3;

class Machine {
	readonly nodes: Node[] = [];

	node(): number {
		return this.nodes.push({ free: [], atBegin: [], perhaps: [], reads: null }) - 1;
	}

	at(index: number): Node {
		return this.nodes[index] as Node;
	}

	/** Builds `tree` behind `from`; gives back where it ends. */
	build(tree: Tree, from: number): number {
		switch (tree.kind) {
			case 'units': {
				const to = this.node();
				const reader = this.node();
				this.at(from).free.push(reader);
				this.at(reader).reads = { units: tree.units, to };
				return to;
			}
			case 'sequence':
				return tree.parts.reduce((at, part) => this.build(part, at), from);
			case 'choice': {
				const to = this.node();
				for (const part of tree.parts) this.at(this.build(part, this.branch(from))).free.push(to);
				return to;
			}
			case 'repeat':
				return this.repeat(tree, from);
			case 'assert':
				return this.assert(tree.where, from);
			case 'look':
				this.build(tree.part, this.branch(from));
				return this.assert('other', from);
			// A reference: any text, since what it stands for is not told.
			default:
				return this.repeat({ part: { kind: 'units', units: ANY }, least: 0, most: Infinity }, from);
		}
	}

	private assert(where: 'begin' | 'end' | 'other', from: number): number {
		const to = this.node();
		if (where === 'begin') this.at(from).atBegin.push(to);
		// Nothing is read behind the end of the text.
		if (where === 'other') this.at(from).perhaps.push(to);
		return to;
	}

	private branch(from: number): number {
		const to = this.node();
		this.at(from).free.push(to);
		return to;
	}

	private repeat({ part, least, most }: { part: Tree; least: number; most: number }, from: number): number {
		let at = from;
		for (let i = 0; i < Math.min(least, COPIES); i++) at = this.build(part, at);
		const to = this.node();
		if (most === Infinity) {
			const loop = this.branch(at);
			this.at(this.build(part, loop)).free.push(loop);
			this.at(loop).free.push(to);
			return to;
		}
		for (let i = Math.min(least, COPIES); i < Math.min(most, COPIES + 1); i++) {
			this.at(at).free.push(to);
			at = this.build(part, at);
		}
		this.at(at).free.push(to);
		return to;
	}

	/** What is reached from a node without reading, how often, and whether the match is sure there. */
	reach(
		from: number,
		beginning: boolean,
		sure: number,
	): { readonly readers: Map<number, number>; readonly sure: boolean } {
		const readers = new Map<number, number>();
		let found = false;
		const visit = (index: number, certain: boolean, trail: readonly number[]): void => {
			if (trail.includes(index)) return;
			if (index === sure && certain) found = true;
			const { free, atBegin, perhaps, reads } = this.at(index);
			if (reads !== null) readers.set(index, (readers.get(index) ?? 0) + 1);
			for (const next of free) visit(next, certain, [...trail, index]);
			if (beginning) for (const next of atBegin) visit(next, certain, [...trail, index]);
			for (const next of perhaps) visit(next, false, [...trail, index]);
		};
		visit(from, true, []);
		return { readers, sure: found };
	}
}

/** States are what reads a unit; `steps` by state and letter, a letter being units that no state tells apart. */
type Steps = readonly (readonly (readonly number[])[])[];

/** How the time grows at worst. `anywhere`: whether a match may begin at any place. */
export function growthOf(tree: Tree, anywhere: boolean): Growth {
	const machine = new Machine();
	const begin = machine.node();
	const end = machine.build(withoutSureEnd(tree), begin);
	const search = machine.node();
	machine.at(search).reads = { units: ANY, to: search };
	const steps = stepsOf(machine, begin, end, anywhere ? search : null);
	if (doubles(steps)) return 'exponential';
	return joins(steps) ? 'polynomial' : 'linear';
}

/** `[^]*$` ends every text: what may stop at any place instead is as sure, and says so. */
function withoutSureEnd(tree: Tree): Tree {
	if (tree.kind === 'choice') return { kind: 'choice', parts: tree.parts.map(withoutSureEnd) };
	if (tree.kind !== 'sequence') return tree;
	const { parts } = tree;
	const [before, last] = [parts.at(-2), parts.at(-1)];
	if (last?.kind === 'assert' && last.where === 'end' && before !== undefined && takesAll(before)) {
		return { kind: 'sequence', parts: parts.slice(0, -1) };
	}
	return last === undefined ? tree : { kind: 'sequence', parts: [...parts.slice(0, -1), withoutSureEnd(last)] };
}

function takesAll(tree: Tree): boolean {
	if (tree.kind === 'sequence') return tree.parts.length === 1 && takesAll(tree.parts[0] as Tree);
	if (tree.kind !== 'repeat' || tree.least > 0 || tree.most !== Infinity || tree.part.kind !== 'units') return false;
	const [first, ...more] = tree.part.units;
	return first !== undefined && more.length === 0 && first[0] === 0 && first[1] === 0xffff;
}

function stepsOf(machine: Machine, begin: number, end: number, search: number | null): Steps {
	const letters = lettersOf(machine);
	const begun = machine.reach(begin, false, end);
	const roots = [...machine.reach(begin, true, end).readers.keys(), ...(search === null ? [] : [search])];
	const states = new Map<number, number>();
	const steps: number[][][] = [];
	const pending: number[] = [];
	const stateOf = (node: number): number => {
		const known = states.get(node);
		if (known !== undefined) return known;
		const state = states.size;
		states.set(node, state);
		steps.push(letters.map(() => []));
		pending.push(node);
		return state;
	};
	for (const root of roots) stateOf(root);
	for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
		const { units, to } = machine.at(node).reads as { units: Units; to: number };
		const next = node === search ? begun : machine.reach(to, false, end);
		const targets = next.sure
			? []
			: [...next.readers].flatMap(([reader, ways]) => Array<number>(Math.min(ways, 2)).fill(reader));
		if (node === search && !next.sure) targets.push(node);
		const own = steps[states.get(node) as number] as number[][];
		for (const [letter, unit] of letters.entries()) {
			if (!units.some(([from, last]) => unit >= from && unit <= last)) continue;
			for (const target of targets) (own[letter] as number[]).push(stateOf(target));
		}
	}
	return steps;
}

/** One unit for each set of units that no reader tells apart. */
function lettersOf(machine: Machine): number[] {
	const borders = new Set<number>([0]);
	for (const { reads } of machine.nodes) {
		for (const [from, to] of reads?.units ?? []) borders.add(from).add(to + 1);
	}
	return [...borders].filter((unit) => unit <= 0xffff).toSorted((a, b) => a - b);
}

/** Whether some text leads from a state to itself in two ways. */
function doubles(steps: Steps): boolean {
	const count = steps.length;
	for (let state = 0; state < count; state++) {
		// Pairs of states that two ways of reading the same text have come to; `apart`: they were different somewhere.
		const seen = new Set<number>();
		const pending: [number, number, boolean][] = [[state, state, false]];
		for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
			const [one, other, apart] = pair;
			for (let letter = 0; letter < (steps[0]?.length ?? 0); letter++) {
				const [ones, others] = [targets(steps, one, letter), targets(steps, other, letter)];
				for (const [i, a] of ones.entries()) {
					for (const [j, b] of others.entries()) {
						const now = apart || a !== b || (one === other && i !== j);
						if (a === state && b === state && now) return true;
						const key = (a * count + b) * 2 + (now ? 1 : 0);
						if (seen.has(key)) continue;
						seen.add(key);
						pending.push([a, b, now]);
					}
				}
			}
		}
	}
	return false;
}

/** Whether some text leads from one loop around, from it into another, and around that one. */
function joins(steps: Steps): boolean {
	const after = steps.map((_, state) => reachable(steps, state));
	for (const [one, ahead] of after.entries()) {
		if (!ahead.has(one)) continue;
		for (const other of ahead) {
			if (other !== one && (after[other] as Set<number>).has(other) && joined(steps, after, one, other)) return true;
		}
	}
	return false;
}

function joined(steps: Steps, after: readonly Set<number>[], one: number, other: number): boolean {
	const count = steps.length;
	const seen = new Set<number>();
	const pending: [number, number, number][] = [[one, one, other]];
	for (let triple = pending.pop(); triple !== undefined; triple = pending.pop()) {
		const [around, across, along] = triple;
		for (let letter = 0; letter < (steps[0]?.length ?? 0); letter++) {
			for (const a of targets(steps, around, letter)) {
				if (a !== one && !(after[a] as Set<number>).has(one)) continue;
				for (const b of targets(steps, across, letter)) {
					if (b !== other && !(after[b] as Set<number>).has(other)) continue;
					for (const c of targets(steps, along, letter)) {
						if (c !== other && !(after[c] as Set<number>).has(other)) continue;
						if (a === one && b === other && c === other) return true;
						const key = (a * count + b) * count + c;
						if (seen.has(key)) continue;
						seen.add(key);
						pending.push([a, b, c]);
					}
				}
			}
		}
	}
	return false;
}

const targets = (steps: Steps, state: number, letter: number): readonly number[] =>
	(steps[state] as readonly (readonly number[])[])[letter] as readonly number[];

/** States that are reached by reading one unit or more. */
function reachable(steps: Steps, from: number): Set<number> {
	const found = new Set<number>();
	const pending = [from];
	for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
		for (const next of (steps[state] as readonly (readonly number[])[]).flat()) {
			if (found.has(next)) continue;
			found.add(next);
			pending.push(next);
		}
	}
	return found;
}
