/** A CSS selector, ready to be asked of any number of documents. */
import {
	bothSettled,
	DOCUMENT,
	ELEMENT,
	type KeyIndex,
	type Settlement,
	type Tree,
	type Watch,
} from '../tree/index.ts';
import { SelectorBranch } from './branch.ts';
import { CssSyntaxError } from './css-syntax-error.ts';
import { parseComplex } from './parse-selector.ts';
import { complexProspect, INSIDE } from './prospect.ts';
import { settlementOf } from './settle.ts';
import { splitList } from './split-list.ts';

export class Css {
	/** As it was written. */
	readonly source: string;
	private readonly list: readonly SelectorBranch[];

	constructor(source: string, list: readonly SelectorBranch[]) {
		this.source = source;
		this.list = list;
	}

	/**
	 * All elements that match, in document order: of the whole tree, or those below `root`. Ancestors outside of `root`
	 * count. Candidates come from `index` by the rightmost compound's id, else class, else name, where it watched that.
	 */
	select(tree: Tree, index: KeyIndex | null, root: number = DOCUMENT): number[] {
		const [only, ...others] = this.list;
		if (only !== undefined && others.length === 0) return only.select(tree, index, root);
		const all = this.list.flatMap((branch) => branch.select(tree, index, root)).sort((a, b) => a - b);
		return all.filter((node, at) => node !== all[at - 1]);
	}

	/** Whether a node is an element that matches. */
	matches(tree: Tree, node: number): boolean {
		return tree.kinds[node] === ELEMENT && this.list.some((branch) => branch.matches(tree, node));
	}

	/** One for every comma-separated part. */
	get branches(): readonly Css[] {
		return this.list.length === 1 ? [this] : this.list.map((branch) => new Css(branch.source, [branch]));
	}

	/** Whether what follows an element that has ended can still change whether it matches. */
	get looksAhead(): boolean {
		return this.list.some(({ complex }) => complexProspect(complex) > INSIDE);
	}

	/** Asks for what `select` would look up. */
	watch(watch: Watch): void {
		for (const branch of this.list) branch.watch(watch);
	}

	/** When what it selects can no longer change. */
	settlement(uniqueIds: boolean): Settlement {
		return this.list
			.map(({ complex }) => settlementOf(complex, uniqueIds))
			.reduce((all, one) => bothSettled(all, one), 'start');
	}
}

/** Throws CssSyntaxError. */
export function compileCss(source: string): Css {
	return new Css(source, readBranches(source));
}

function readBranches(source: string): SelectorBranch[] {
	return splitList(source).map(({ text, offset }) => {
		try {
			return new SelectorBranch(text.trim(), parseComplex(text));
		} catch (error) {
			if (!(error instanceof CssSyntaxError)) throw error;
			throw new CssSyntaxError(error.message, offset + error.offset, error.length, error.hint);
		}
	});
}
