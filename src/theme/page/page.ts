/**
 * One page on its way: the content as far as it has been read, and every answer found about it so far. A selection or a
 * condition is worked out once, however many rules ask; nothing here knows how rules are written.
 */
import type { SourceFile } from '../diagnostics/index.ts';
import type { KeyIndex, NodeRef, NodeSet, Tree } from '../tree/index.ts';
import type { Declared, XPathValue } from '../xpath/index.ts';
import { Budget } from './budget.ts';
import type { EditedNodes } from './edited-nodes.ts';
import type { Edit, EditTable, Imports } from './edits.ts';
import { Frame } from './frame.ts';

/** What is known of a request, for conditions and variables. */
export interface Facts {
	/** The path of the URL, decoded no further than it came. */
	readonly path: string;
	/** Without the question mark. */
	readonly query: string;
	readonly host: string;
	readonly scheme: string;
	readonly parameters: Readonly<Record<string, string>>;
	header(name: string): string | null;
}

/** A question about the content that rules share. */
export interface Question<T> {
	/** Place of its answer among a page's answers. */
	readonly slot: number;
	ask(frame: Frame): T;
}

/** Variables and parameters right under the root. */
export type Globals = ReadonlyMap<string, (frame: Frame) => XPathValue>;

/** What a plan gives to each of its pages. */
export interface PageSetting {
	/** How many questions there are. */
	readonly questions: number;
	readonly globals: Globals;
	readonly edits: EditTable;
	/** What XSLT declares for functions: keys and formats of numbers. */
	readonly declared: Declared;
	/** Documents that rules name, by href. */
	readonly documents: ReadonlyMap<string, Tree>;
	/** The file that an expression stands in, as XML: `document('')`. Null when it is none. */
	source(file: SourceFile): Tree | null;
	/** Template applications and nodes written before a page is given up. */
	readonly maxDepth: number;
}

const COMPUTING = Symbol('computing');

export class Page {
	readonly setting: PageSetting;
	readonly tree: Tree;
	readonly index: KeyIndex | null;
	readonly facts: Facts;
	readonly documents: ReadonlyMap<string, Tree>;
	readonly memo: Map<unknown, NodeSet> = new Map();
	readonly budget: Budget = new Budget();
	/** The frame of the content's root. */
	readonly root: Frame;
	/** Questions answered, for whoever explains the page. */
	private readonly answers: unknown[];
	private readonly globals: Map<string, XPathValue | typeof COMPUTING> = new Map();
	private readonly edited: Map<Tree, Map<string | null, EditedNodes>> = new Map();
	private readonly importedBy: Map<Tree, Map<string, ReadonlyMap<NodeRef, Edit>>> = new Map();
	private readonly editedUpTo: Map<Tree, number> = new Map();

	constructor(
		setting: PageSetting,
		tree: Tree,
		index: KeyIndex | null,
		facts: Facts,
		documents: ReadonlyMap<string, Tree>,
	) {
		this.setting = setting;
		this.tree = tree;
		this.index = index;
		this.facts = facts;
		this.documents = documents.size === 0 ? setting.documents : new Map([...setting.documents, ...documents]);
		this.answers = new Array<unknown>(setting.questions);
		this.root = new Frame(this, tree, 0, 1, 1);
	}

	/** The answer to a question, asked at the root of the content. Ask no sooner than the answer is settled. */
	answer<T>(question: Question<T>): T {
		const known = this.answers[question.slot];
		if (known !== undefined) return known as T;
		const answer = question.ask(this.root);
		this.answers[question.slot] = answer;
		return answer;
	}

	/** A parameter, a variable right under the root, or what every page has. */
	variable(name: string): XPathValue | undefined {
		const known = this.globals.get(name);
		if (known === COMPUTING) throw new Error(`The variable $${name} is defined by itself`);
		if (known !== undefined) return known;
		this.globals.set(name, COMPUTING);
		const value = this.compute(name);
		if (value === undefined) this.globals.delete(name);
		else this.globals.set(name, value);
		return value;
	}

	private compute(name: string): XPathValue | undefined {
		const { facts } = this;
		const global = this.setting.globals.get(name);
		const given = Object.hasOwn(facts.parameters, name) ? facts.parameters[name] : undefined;
		if (given !== undefined) return given;
		if (global !== undefined) return global(this.root);
		switch (name) {
			case 'path':
				return facts.path;
			case 'normalized_path':
				return normalizedPath(facts.path);
			case 'query_string':
				return facts.query;
			case 'host':
				return facts.host;
			case 'scheme':
				return facts.scheme;
			default:
				return undefined;
		}
	}

	/** Which nodes of a tree are edited on their way out, in a mode. */
	edits(tree: Tree, mode: string | null): EditedNodes {
		this.forgetOld(tree);
		const byMode = this.edited.get(tree) as Map<string | null, EditedNodes>;
		let nodes = byMode.get(mode);
		if (nodes === undefined) {
			nodes = this.setting.edits.of(this, tree, mode);
			byMode.set(mode, nodes);
		}
		return nodes;
	}

	/** The template for a node among those that are imported. */
	imported(tree: Tree, node: NodeRef, mode: string | null, imports: Imports): Edit | undefined {
		this.forgetOld(tree);
		const known = this.importedBy.get(tree) as Map<string, ReadonlyMap<NodeRef, Edit>>;
		const key = `${imports.from} ${imports.below} ${mode ?? ''}`;
		let nodes = known.get(key);
		if (nodes === undefined) {
			nodes = this.setting.edits.imported(this, tree, mode, imports);
			known.set(key, nodes);
		}
		return nodes.get(node);
	}

	/** A tree that is still being read has more nodes each time. */
	private forgetOld(tree: Tree): void {
		if (this.editedUpTo.get(tree) === tree.count) return;
		this.editedUpTo.set(tree, tree.count);
		this.edited.set(tree, new Map());
		this.importedBy.set(tree, new Map());
	}
}

/** Diazo's `$normalized_path`: with a slash at its end. */
export function normalizedPath(path: string): string {
	return path.endsWith('/') ? path : `${path}/`;
}
