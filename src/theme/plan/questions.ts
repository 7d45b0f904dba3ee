/**
 * The questions that a set of rules asks of each page: selections and conditions. Rules that ask the same share one
 * question, so its answer is worked out once a page.
 */
import type { Diagnostics } from '../diagnostics/index.ts';
import { type Frame, normalizedPath, type Question } from '../page/index.ts';
import type { Condition, Expression, Selection, Test } from '../rules/index.ts';
import { bothSettled, type NodeSet, type Settlement, Watch } from '../tree/index.ts';
import type { Asked, XPathValue } from '../xpath/index.ts';
import { CssSelector, childrenOf, compileSelector, type Selector } from './selector.ts';

/** A selection in content. */
export interface ContentQuestion extends Question<XPathValue> {
	readonly settlement: Settlement;
	readonly selector: Selector;
	/** Asked from another node, the answer may be another one. */
	readonly here: boolean;
}

/** Whether a test holds; `settlement` is how much of the content it must have seen. */
export interface TestQuestion extends Question<boolean> {
	readonly settlement: Settlement;
	readonly here: boolean;
}

/** The answer for a frame: that of the whole page, unless the question is about the frame's own node. */
export function answerAt<T>(question: Question<T> & { readonly here: boolean }, frame: Frame): T {
	const { page, tree, node } = frame;
	return question.here && (node !== 0 || tree !== page.tree) ? question.ask(frame) : page.answer(question);
}

/** All tests that must hold; empty: always. */
export class CompiledCondition {
	readonly tests: readonly TestQuestion[];
	readonly settlement: Settlement;

	constructor(tests: readonly TestQuestion[]) {
		this.tests = tests;
		this.settlement = tests.reduce<Settlement>((all, { settlement }) => bothSettled(all, settlement), 'start');
	}

	get always(): boolean {
		return this.tests.length === 0;
	}

	/** Whether it has to be asked for each node by itself. */
	get here(): boolean {
		return this.tests.some((test) => test.here);
	}

	holds(frame: Frame): boolean {
		for (const test of this.tests) if (!answerAt(test, frame)) return false;
		return true;
	}
}

/** Holds when any of the conditions does. */
export function anyOf(conditions: readonly CompiledCondition[]): CompiledCondition {
	return conditions.some(({ always }) => always) ? ALWAYS : new AnyCondition(conditions);
}

class AnyCondition extends CompiledCondition {
	private readonly any: readonly CompiledCondition[];

	constructor(any: readonly CompiledCondition[]) {
		super(any.flatMap(({ tests }) => tests));
		this.any = any;
	}

	override holds(frame: Frame): boolean {
		return this.any.some((one) => one.holds(frame));
	}
}

export const ALWAYS: CompiledCondition = new CompiledCondition([]);

/** Variables that come with every request. */
const EARLY = ['path', 'normalized_path', 'query_string', 'host', 'scheme'];

interface CompiledTest {
	readonly settlement: Settlement;
	readonly here?: boolean;
	readonly holds: (frame: Frame) => boolean;
}

export interface QuestionOptions {
	/** Only one element has each id: an element's end settles what is asked of it. */
	readonly uniqueIds: boolean;
	/** Diazo's own behaviour, mistakes included. */
	readonly compat: boolean;
}

export class Questions {
	/** What all of them want indexed. */
	readonly watch: Watch = new Watch();
	/** Request fields that are asked for. */
	readonly fields: Set<string> = new Set();
	private readonly known: Map<string, Question<unknown>> = new Map();
	/** When variables are known; what comes with the request, before the content. */
	private readonly variables: Map<string, Settlement> = new Map(EARLY.map((name) => [name, 'start']));
	/** Told already: rules share the conditions around them. */
	private readonly wrong: Set<Test> = new Set();
	private readonly diagnostics: Diagnostics;
	private readonly options: QuestionOptions;

	constructor(diagnostics: Diagnostics, options: QuestionOptions) {
		this.diagnostics = diagnostics;
		this.options = options;
	}

	get count(): number {
		return this.known.size;
	}

	/** What a rule's `content` selects; null, and told, when it is wrong. */
	content(selection: Selection): ContentQuestion | null {
		const { select, children } = selection;
		const key = `${children ? 'children' : 'nodes'} ${keyOf(select)}`;
		const known = this.known.get(key);
		if (known !== undefined) return known as ContentQuestion;
		const selector = compileSelector(select, this.diagnostics);
		if (selector === null) return null;
		selector.watch(this.watch);
		const ask = children ? this.childrenAsker(selector) : (frame: Frame) => selector.evaluate(frame);
		return this.add(key, { ask, selector, here: selector.here, settlement: this.settlementOf(selector) });
	}

	/** Diazo takes the children of the last alternative only, and the nodes themselves of the others (THEME 1.4). */
	private childrenAsker(selector: Selector): (frame: Frame) => XPathValue {
		const branches = this.options.compat && selector instanceof CssSelector ? selector.css.branches : [];
		if (branches.length < 2) {
			return (frame) => {
				const value = selector.evaluate(frame);
				return typeof value === 'object' ? childrenOf(value) : value;
			};
		}
		return (frame) => {
			const { tree } = frame;
			const sets = branches.map((one): NodeSet => ({ tree, nodes: one.select(tree, frame.index(tree)) }));
			const last = childrenOf(sets.pop() as NodeSet).nodes;
			return { tree, nodes: [...new Set([...sets.flatMap(({ nodes }) => nodes), ...last])].toSorted((a, b) => a - b) };
		};
	}

	condition(condition: Condition): CompiledCondition {
		if (condition.length === 0) return ALWAYS;
		return new CompiledCondition(condition.flatMap((test) => this.test(test) ?? []));
	}

	/** The condition, and that a document could be fetched. */
	alsoAvailable(condition: CompiledCondition, href: string): CompiledCondition {
		const key = `available ${href}`;
		const known = this.known.get(key) as TestQuestion | undefined;
		const ask = ({ page }: Frame): boolean => page.documents.has(href);
		return new CompiledCondition([
			...condition.tests,
			known ?? this.add(key, { settlement: 'start' as const, here: false, ask }),
		]);
	}

	private test(test: Test): TestQuestion | null {
		if (this.wrong.has(test)) return null;
		const key = testKey(test);
		const known = this.known.get(key);
		if (known !== undefined) return known as TestQuestion;
		const asked = this.compileTest(test);
		if (asked === null) {
			this.wrong.add(test);
			return null;
		}
		const { settlement, here = false, holds } = asked;
		return this.add(key, { settlement, here, ask: test.negated ? (frame: Frame) => !holds(frame) : holds });
	}

	private compileTest(test: Test): CompiledTest | null {
		if (test.kind === 'path') return { settlement: 'start', holds: pathTest(test.patterns) };
		if (test.kind === 'header') return { settlement: 'start', holds: this.fieldTest(test.name, test.value) };
		const selector = compileSelector(test.expression, this.diagnostics);
		if (selector === null) return null;
		selector.watch(this.watch);
		const settlement = this.settlementOf(selector, 'existence');
		return { settlement, here: selector.here, holds: (frame) => selector.holds(frame) };
	}

	/** Says when a variable is known. */
	settle(name: string, settlement: Settlement): void {
		this.variables.set(name, settlement);
	}

	/** When an expression can be answered: all that it reads has been read, its variables included. */
	settlementOf(selector: Pick<Selector, 'variables' | 'settlement'>, asked: Asked = 'value'): Settlement {
		let all = selector.settlement(this.options.uniqueIds, asked);
		for (const name of selector.variables) all = bothSettled(all, this.variables.get(name) ?? 'end');
		if (typeof all === 'object') for (const id of all.ids) this.watch.ids.add(id);
		return all;
	}

	private fieldTest(name: string, value: string | null): (frame: Frame) => boolean {
		this.fields.add(name.toLowerCase());
		return ({ page }) => {
			const found = page.facts.header(name);
			return value === null ? found !== null : found === value;
		};
	}

	private add<T extends object>(key: string, question: T): T & { readonly slot: number } {
		const numbered = Object.assign(question, { slot: this.known.size });
		this.known.set(key, numbered as unknown as Question<unknown>);
		return numbered;
	}
}

function keyOf({ language, text, prefix, namespaces }: Expression): string {
	const spaces = language === 'xpath' && namespaces !== undefined ? [...namespaces].join(' ') : '';
	return `${language} ${prefix ?? ''} ${spaces} ${text}`;
}

function testKey(test: Test): string {
	const sign = test.negated ? 'not' : 'if';
	switch (test.kind) {
		case 'path':
			return `${sign} path ${test.patterns.join(' ')}`;
		case 'header':
			return `${sign} header ${test.name.toLowerCase()} ${JSON.stringify(test.value)}`;
		default:
			return `${sign} ${keyOf(test.expression)}`;
	}
}

/** Diazo's if-path against `$normalized_path`: `/x/` exact, `/x` begins with `/x/`, `x/` ends with `/x/`, `x` has `/x/` in it. */
export function pathTest(patterns: readonly string[]): (frame: Frame) => boolean {
	const tests = patterns.map((pattern) => {
		const begins = pattern.startsWith('/');
		const ends = pattern.endsWith('/');
		const wanted = `${begins ? '' : '/'}${pattern}${ends ? '' : '/'}`;
		if (begins && ends) return (path: string) => path === pattern;
		if (begins) return (path: string) => path.startsWith(wanted);
		if (ends) return (path: string) => path.endsWith(wanted);
		return (path: string) => path.includes(wanted);
	});
	return ({ page }) => {
		const path = normalizedPath(page.facts.path);
		return tests.some((test) => test(path));
	};
}
