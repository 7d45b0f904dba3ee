/** One branch of a selector list: where its candidates are found, and which of them it selects. */
import { DOCUMENT, ELEMENT, type KeyIndex, NONE, type Tree, type Watch } from '../tree/index.ts';
import { exactName } from './attribute-match.ts';
import { complexMatcher, type Matcher, matcherWithout } from './compile.ts';
import { type Complex, rightmost } from './selector.ts';
import { firstElement, nextElement } from './siblings.ts';
import { firstBehind } from './sorted.ts';

interface Place {
	readonly in: 'ids' | 'classes' | 'names';
	readonly value: string;
}

interface Key extends Place {
	/** For elements that have the key; null when that is all there is to ask. */
	readonly matches: Matcher | null;
}

export class SelectorBranch {
	readonly source: string;
	readonly complex: Complex;
	readonly matches: Matcher;
	/** Best first. */
	private readonly keys: readonly Key[];
	/** The name of all candidates, or null. */
	private readonly name: string | null;

	/** For `#main > *`, whose candidates only their ancestors tell: what stands before the last combinator. */
	private readonly around: SelectorBranch | null;
	private readonly isChild: boolean;
	/** What an element around has to have, where that can be looked up. */
	private readonly outer: Place | null;

	constructor(source: string, complex: Complex) {
		this.source = source;
		this.complex = complex;
		this.matches = complexMatcher(complex);
		const { name } = rightmost(complex);
		this.name = name.local === null ? null : exactName(name);
		this.isChild = complex.combinators[complex.combinators.length - 1] === '>';
		this.keys = this.allKeys();
		this.around = this.keys.length === 0 ? leftPart(complex) : null;
		this.outer = this.keys.length === 0 ? null : outerPlace(complex);
	}

	/** Below `root`, in document order. */
	select(tree: Tree, index: KeyIndex | null, root: number): number[] {
		if (index !== null) {
			for (const key of this.keys) {
				const list = index[key.in].get(key.value);
				if (list !== undefined) return among(this.within(list, tree, index), tree, root, key.matches);
			}
		}
		if (this.around !== null) return this.inside(this.around.select(tree, index, DOCUMENT), tree, root);
		return this.scan(tree, root, tree.after(root), []);
	}

	watch(watch: Watch): void {
		const [key] = this.keys;
		if (key !== undefined) watch[key.in].add(key.value);
		else this.around?.watch(watch);
		if (this.outer !== null) watch[this.outer.in].add(this.outer.value);
	}

	/** Those of the candidates that stand in an element that can be the outer one. */
	private within(list: readonly number[], tree: Tree, index: KeyIndex): readonly number[] {
		const { outer } = this;
		const around = outer === null ? undefined : index[outer.in].get(outer.value);
		return around === undefined ? list : insideOf(around, list, tree);
	}

	/** What matches inside of these elements; those that stand inside of others have been gone through with them. */
	private inside(list: readonly number[], tree: Tree, root: number): number[] {
		const found: number[] = [];
		const after = tree.after(root);
		let behind = root;
		for (const node of list) {
			const end = Math.min(tree.after(node), after);
			if (this.isChild) {
				if (node >= root && node < after) this.children(tree, node, after, found);
				continue;
			}
			if (end > behind) this.scan(tree, Math.max(node, root), end, found);
			behind = Math.max(behind, end);
		}
		return this.isChild ? found.sort((a, b) => a - b) : found;
	}

	private children(tree: Tree, parent: number, after: number, found: number[]): void {
		for (let child = firstElement(tree, parent); child !== NONE && child < after; child = nextElement(tree, child)) {
			if (this.matches(tree, child)) found.push(child);
		}
	}

	/** Adds the matches behind `from` and before `after`. */
	private scan(tree: Tree, from: number, after: number, found: number[]): number[] {
		const { kinds, names } = tree;
		const { name, matches } = this;
		for (let node = from + 1; node < after; node++) {
			if (name !== null && names[node] !== name) continue;
			if (kinds[node] === ELEMENT && matches(tree, node)) found.push(node);
		}
		return found;
	}

	private allKeys(): Key[] {
		const keys: Key[] = [];
		for (const [kind, where] of [
			['id', 'ids'],
			['class', 'classes'],
		] as const) {
			for (const test of rightmost(this.complex).tests) {
				if (test.kind !== kind) continue;
				keys.push({ in: where, value: test.value, matches: matcherWithout(this.complex, test) });
			}
		}
		if (this.name !== null) keys.push({ in: 'names', value: this.name, matches: this.matches });
		return keys;
	}
}

/** The id or class of the nearest compound to the left that has one, if what is selected stands inside of it. */
function outerPlace({ compounds, combinators }: Complex): Place | null {
	for (let at = compounds.length - 2; at >= 0; at--) {
		const combinator = combinators[at + 1];
		if (combinator !== ' ' && combinator !== '>') return null;
		for (const test of compounds[at]?.tests ?? []) {
			if (test.kind === 'id') return { in: 'ids', value: test.value };
			if (test.kind === 'class') return { in: 'classes', value: test.value };
		}
	}
	return null;
}

/** The nodes that stand inside of one of the elements; both lists are in document order. */
function insideOf(around: readonly number[], list: readonly number[], tree: Tree): number[] {
	const found: number[] = [];
	let next = 0;
	let after = 0;
	for (const node of list) {
		for (; next < around.length && (around[next] as number) < node; next++) {
			after = Math.max(after, tree.after(around[next] as number));
		}
		if (node < after) found.push(node);
	}
	return found;
}

function leftPart({ compounds, combinators }: Complex): SelectorBranch | null {
	const combinator = combinators[combinators.length - 1];
	if (compounds.length === 1 || combinator === '+' || combinator === '~') return null;
	return new SelectorBranch('', { compounds: compounds.slice(0, -1), combinators: combinators.slice(0, -1) });
}

function among(list: readonly number[], tree: Tree, root: number, matches: Matcher | null): number[] {
	if (root === 0 && matches === null) return list.slice();
	const found: number[] = [];
	const after = tree.after(root);
	for (let at = root === 0 ? 0 : firstBehind(list, root); at < list.length; at++) {
		const node = list[at] as number;
		if (node >= after) break;
		if (matches === null || matches(tree, node)) found.push(node);
	}
	return found;
}
