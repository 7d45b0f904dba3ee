/**
 * A theme with the rules about it becomes segments. For each node of the theme the order is (THEME 1.3): before, drop,
 * replace, strip, attributes, prepend, children, append, after. What is decided by conditions becomes branches: of
 * several replacements the first that holds, then the one without a condition, then the node goes on down the list.
 */
import { guardFor } from '../markup/index.ts';
import { TreeOutput } from '../output/index.ts';
import type { Frame } from '../page/index.ts';
import { type Attribute, bothSettled, DOCUMENT, ELEMENT, INSTRUCTION, NONE, type Settlement } from '../tree/index.ts';
import type { Instruction } from '../xslt/index.ts';
import { mayWriteAttributes } from './attribute-writers.ts';
import type { Branch, Hole, Segment, Tag } from './segment.ts';
import {
	markOf,
	prefixed,
	SegmentBuilder,
	spellingIn,
	startTag,
	type ThemeMarkup,
	themeDoctype,
} from './theme-markup.ts';
import { type CompiledRule, type NodeRules, none, type ThemeRules } from './theme-rules.ts';

export function themeProgram(theme: ThemeMarkup, rules: ThemeRules): readonly Segment[] {
	return new ThemeCompiler(theme, rules).compile();
}

class ThemeCompiler {
	private readonly theme: ThemeMarkup;
	private readonly rules: ThemeRules;
	/** Nodes that rules are about, in document order. */
	private readonly touched: readonly number[];

	constructor(theme: ThemeMarkup, rules: ThemeRules) {
		this.theme = theme;
		this.rules = rules;
		this.touched = touchedNodes(theme, rules);
	}

	compile(): readonly Segment[] {
		const builder = this.builder();
		builder.text(themeDoctype(this.theme));
		this.children(DOCUMENT, builder);
		return builder.finish();
	}

	private builder(): SegmentBuilder {
		return new SegmentBuilder(this.theme);
	}

	private children(node: number, to: SegmentBuilder): void {
		const { tree } = this.theme;
		for (let child = tree.firstChild(node); child !== NONE; child = tree.nextSibling(child)) this.node(child, to);
	}

	private node(node: number, to: SegmentBuilder): void {
		// In Diazo's stylesheet an instruction of the theme is one for the stylesheet.
		if (this.theme.compat && this.theme.tree.kinds[node] === INSTRUCTION) return;
		const instruction = this.theme.live?.instructions.get(node);
		if (instruction !== undefined) return to.add(this.live(node, instruction));
		const rules = this.rules.byNode.get(node);
		if (rules !== undefined) return this.ruled(node, rules, to);
		if (this.theme.live?.attributes.has(node)) return this.element(node, none(), to);
		if (!this.isTouched(node)) return to.copy(node);
		to.open(node);
		this.children(node, to);
		to.close(node);
	}

	private isTouched(node: number): boolean {
		const after = this.theme.tree.after(node);
		return this.touched.some((one) => one >= node && one < after);
	}

	private ruled(node: number, rules: NodeRules, to: SegmentBuilder): void {
		const around = this.theme.tree.parents[node] as number;
		for (const rule of rules.before) this.insert(rule, around, to);
		this.dropped(node, rules, to);
		for (const rule of rules.after) this.insert(rule, around, to);
	}

	/** What a rule brings in, where its condition holds. */
	private insert(rule: CompiledRule, around: number, to: SegmentBuilder): void {
		const hole = this.hole(rule, around);
		if (rule.condition.always) to.add(hole);
		else to.add(branch([[rule, [hole]]], []));
	}

	private hole({ brought, number }: CompiledRule, around: number): Hole {
		return {
			kind: 'hole',
			settlement: brought.settlement,
			guard: guardFor(this.openAround(around)),
			fill: brought.fill,
			rule: number,
		};
	}

	/** An instruction in a theme that stands in the rules. */
	private live(node: number, fill: Instruction): Hole {
		const around = this.theme.tree.parents[node] as number;
		return { kind: 'hole', settlement: 'end', guard: guardFor(this.openAround(around)), fill, rule: NONE };
	}

	/** Names of the theme's elements from the outermost to `node`. */
	private openAround(node: number): string[] {
		const { tree } = this.theme;
		const names: string[] = [];
		for (let up = node; up !== NONE && tree.kinds[up] === ELEMENT; up = tree.parents[up] as number) {
			names.unshift(tree.names[up] as string);
		}
		return names;
	}

	private dropped(node: number, rules: NodeRules, to: SegmentBuilder): void {
		if (rules.drop.some(({ condition }) => condition.always)) return;
		if (rules.drop.length === 0) return this.replaced(node, rules, to);
		const kept = this.builder();
		this.replaced(node, rules, kept);
		to.add(
			branch(
				rules.drop.map((rule) => [rule, []]),
				kept.finish(),
			),
		);
	}

	private replaced(node: number, rules: NodeRules, to: SegmentBuilder): void {
		const around = this.theme.tree.parents[node] as number;
		this.firstOf(rules.replace, around, to, (rest) => this.stripped(node, rules, rest));
	}

	/** The first rule whose condition holds, then the one without, then what `otherwise` makes. */
	private firstOf(
		rules: readonly CompiledRule[],
		around: number,
		to: SegmentBuilder,
		otherwise: (rest: SegmentBuilder) => void,
	): void {
		if (rules.length === 0) return otherwise(to);
		const conditional = rules.filter(({ condition }) => !condition.always);
		const plain = rules.find(({ condition }) => condition.always);
		const rest = this.builder();
		if (plain === undefined) otherwise(rest);
		else rest.add(this.hole(plain, around));
		if (conditional.length === 0) for (const segment of rest.finish()) to.add(segment);
		else
			to.add(
				branch(
					conditional.map((rule) => [rule, [this.hole(rule, around)]]),
					rest.finish(),
				),
			);
	}

	private stripped(node: number, rules: NodeRules, to: SegmentBuilder): void {
		if (rules.strip.length === 0) return this.element(node, rules, to);
		const inner = this.builder();
		this.inside(node, rules, inner);
		const kept = this.builder();
		const always = rules.strip.some(({ condition }) => condition.always);
		if (!always) this.element(node, rules, kept);
		const cases = rules.strip.map((rule): [CompiledRule, readonly Segment[]] => [rule, inner.finish()]);
		if (always) for (const segment of inner.finish()) to.add(segment);
		else to.add(branch(cases, kept.finish()));
	}

	private element(node: number, rules: NodeRules, to: SegmentBuilder): void {
		if (this.theme.tree.kinds[node] !== ELEMENT) return to.copy(node);
		const givers = attributeGivers(rules);
		const isLive = this.theme.live?.attributes.has(node) === true;
		if (rules.attributes.length === 0 && givers.length === 0 && !isLive) to.open(node);
		else to.add(this.tag(node, rules.attributes, givers));
		for (const rule of rules.attributes) {
			const fill = rule.attributes?.fill ?? null;
			if (fill !== null) this.insert({ ...rule, brought: { fill, settlement: 'end' } }, node, to);
		}
		this.inside(node, rules, to);
		to.close(node);
	}

	private inside(node: number, rules: NodeRules, to: SegmentBuilder): void {
		for (const rule of rules.prepend) this.insert(rule, node, to);
		this.firstOf(rules.fill, node, to, (rest) => this.children(node, rest));
		for (const rule of rules.append) this.insert(rule, node, to);
	}

	private tag(node: number, rules: readonly CompiledRule[], givers: readonly CompiledRule[]): Tag {
		const { tree } = this.theme;
		const unchanged = prefixed(this.theme, node) ?? tree.attributes(node);
		const live = this.theme.live?.attributes.get(node);
		const spelling = spellingIn(tree, node);
		const inOrder = ['drop', 'copy', 'merge'].flatMap((order) =>
			rules.filter(({ attributes }) => attributes?.order === order),
		);
		const settlement = [...inOrder, ...givers].reduce<Settlement>((all, { condition, attributes, brought }) => {
			const own = attributes === null ? brought.settlement : attributes.settlement;
			return bothSettled(all, bothSettled(condition.settlement, own));
		}, 'start');
		return {
			kind: 'tag',
			name: tree.names[node] as string,
			settlement: live === undefined ? settlement : 'end',
			edits: givers.length > 0 ? 'all' : inOrder.some(copies) ? 'attributes' : 'none',
			html: startTag(this.theme, node),
			unchanged,
			spelling,
			mark: markOf(tree, node, spelling),
			rules: rules.map(({ number }) => number),
			attributes: (frame) => given(changed(live?.(frame) ?? unchanged, inOrder, frame), givers, frame),
		};
	}
}

function changed(unchanged: readonly Attribute[], rules: readonly CompiledRule[], frame: Frame): readonly Attribute[] {
	const attributes = [...unchanged];
	for (const { condition, attributes: change } of rules) {
		if (condition.holds(frame)) change?.apply(attributes, frame, unchanged);
	}
	return attributes;
}

/** Nodes that rules are about, and those that are left out, in document order. */
function touchedNodes({ tree, compat, live }: ThemeMarkup, { byNode }: ThemeRules): number[] {
	const nodes = [...byNode.keys(), ...(live?.instructions.keys() ?? []), ...(live?.attributes.keys() ?? [])];
	if (compat) for (let node = 1; node < tree.count; node++) if (tree.kinds[node] === INSTRUCTION) nodes.push(node);
	return nodes.toSorted((a, b) => a - b);
}

const copies = ({ attributes }: CompiledRule): boolean => attributes?.order === 'copy';

/** What is written first into an element, when it may be attributes of it. */
function attributeGivers({ prepend, fill }: NodeRules): readonly CompiledRule[] {
	const [only] = fill;
	const first = fill.length === 1 && only !== undefined ? [...prepend, only] : prepend;
	return first.some(({ rule }) => mayWriteAttributes(rule)) ? first : [];
}

/** The attributes, with those that the rules write before anything else. */
function given(attributes: readonly Attribute[], givers: readonly CompiledRule[], frame: Frame): readonly Attribute[] {
	if (givers.length === 0) return attributes;
	const out = new TreeOutput();
	out.start('element', attributes);
	for (const { condition, brought } of givers) if (condition.holds(frame)) brought.fill(frame, out);
	return out.finish().attributes(1);
}

function branch(
	cases: readonly (readonly [CompiledRule, readonly Segment[]])[],
	otherwise: readonly Segment[],
): Branch {
	return {
		kind: 'branch',
		settlement: cases.reduce<Settlement>((all, [{ condition }]) => bothSettled(all, condition.settlement), 'start'),
		cases: cases.map(([{ condition, number }, segments]) => ({ condition, rule: number, segments })),
		otherwise,
	};
}
