/**
 * What holds a page up while its content is still coming in: rule by rule, and along each theme from its first byte to
 * its last. Nothing is run for it; everything is read from the plan.
 */
import type { CompiledTheme, Plan, Segment } from '../plan/index.ts';
import type { ThemeChoice } from '../rules/index.ts';
import { bothSettled, type Settlement } from '../tree/index.ts';
import { waitsLonger } from './settlement-text.ts';
import { conditionWaits, longest, type RuleStreaming, ruleStreaming, ruleWaits, type Wait } from './waits.ts';
import { whereOf } from './where.ts';

export interface StreamingReport {
	/** False: in this mode nothing leaves before the content is complete. */
	readonly streams: boolean;
	readonly rules: readonly RuleStreaming[];
	readonly themes: readonly {
		readonly name: string;
		/** What must have been read before the first byte leaves. */
		readonly first: Settlement;
		/** Where more must have been read than before, in the order in which the page is written. */
		readonly stops: readonly Wait[];
	}[];
}

export function explainStreaming(plan: Plan): StreamingReport {
	const choosing = choiceWaits(plan);
	return {
		streams: plan.dialect === 'html',
		rules: plan.set.rules.map((_, number) => ruleStreaming(plan, number)),
		themes: plan.themes.map((theme, index) => {
			const before = choosing.slice(0, plan.nothemes.length + index + 1).flat();
			const first = before.reduce<Settlement>((all, { waits }) => bothSettled(all, waits), 'start');
			return { name: theme.name, first, stops: stopsOf(plan, theme, before) };
		}),
	};
}

/** The themes of the set in the order in which the plan tries them; undefined for one that the options gave. */
export function triedThemes({ set, options }: Plan): (ThemeChoice | undefined)[] {
	const conditional = set.themes.filter(({ condition }) => condition.length > 0);
	const plain =
		(options.theme ?? null) === null ? set.themes.find(({ condition }) => condition.length === 0) : undefined;
	return [...conditional, plain];
}

/** What choosing a theme waits for: each notheme, then each theme. */
function choiceWaits(plan: Plan): Wait[][] {
	const uniqueIds = plan.options.uniqueIds === true;
	const nothemes = plan.set.nothemes.filter(({ condition }) => condition.length > 0);
	const tried = triedThemes(plan);
	return [
		...plan.nothemes.map((compiled, index) => conditionWaits(nothemes[index]?.condition ?? [], compiled, uniqueIds)),
		...plan.themes.map((theme, index) => conditionWaits(tried[index]?.condition ?? [], theme.condition, uniqueIds)),
	];
}

function stopsOf(plan: Plan, theme: CompiledTheme, before: readonly Wait[]): Wait[] {
	const stops = new Stops(plan);
	for (const wait of before) stops.meet([wait]);
	stops.walk(theme.segments);
	return stops.found;
}

class Stops {
	readonly found: Wait[] = [];
	private known: Settlement = 'start';
	private readonly plan: Plan;
	private readonly edits: Wait | null;

	constructor(plan: Plan) {
		this.plan = plan;
		this.edits = editsWait(plan);
	}

	/** The longest of them is a stop, where it is longer than what was waited for already. */
	meet(waits: readonly Wait[]): void {
		const wait = longest(waits);
		if (wait === null || !waitsLonger(this.known, wait.waits)) return;
		this.known = bothSettled(this.known, wait.waits);
		this.found.push(wait);
	}

	walk(segments: readonly Segment[]): void {
		for (const segment of segments) this.pass(segment);
	}

	private pass(segment: Segment): void {
		if (segment.kind === 'tag') {
			for (const rule of segment.rules) this.meet(ruleWaits(this.plan, rule));
		} else if (segment.kind === 'hole') {
			// Its condition was met at the branch around it.
			this.meet(ruleWaits(this.plan, segment.rule).slice(-1));
			if (this.edits !== null) this.meet([this.edits]);
		} else if (segment.kind === 'branch') {
			for (const { rule } of segment.cases) this.meet(this.ofCondition(rule));
			for (const one of segment.cases) this.walk(one.segments);
			this.walk(segment.otherwise);
		}
	}

	private ofCondition(number: number): Wait[] {
		const { set, conditions, options } = this.plan;
		const [rule, condition] = [set.rules[number], conditions[number]];
		if (rule === undefined || condition === undefined) return [];
		return conditionWaits(rule.condition, condition, options.uniqueIds === true);
	}
}

/** The change of the content that is certain last; all content that comes in waits for it. */
function editsWait(plan: Plan): Wait | null {
	const { set, edits } = plan;
	if (edits.settlement === 'start') return null;
	const rules = set.rules.flatMap((rule, number) => (rule.theme === null ? ruleWaits(plan, number) : []));
	const found = longest(rules);
	if (found !== null && !waitsLonger(found.waits, edits.settlement)) return found;
	const template = set.xsl.find(({ name }) => name === 'template');
	if (template === undefined) return found;
	const advice = 'Templates for content are certain at the end only. Use rules with CSS selectors where they do.';
	return { where: whereOf(template.place), what: 'xsl:template', waits: edits.settlement, advice };
}
