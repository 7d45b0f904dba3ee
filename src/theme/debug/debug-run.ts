/** A page of `?theme=debug`: the themed page with its regions marked, and the report about it when it is finished. */
import type { Facts } from '../page/index.ts';
import { type PageEnd, PageRun, type Plan } from '../plan/index.ts';
import type { Tree } from '../tree/index.ts';
import { type DebugReport, debugReport } from './debug-report.ts';
import { markedPlan } from './marked-plan.ts';

export class DebugRun {
	private readonly plan: Plan;
	private readonly facts: Facts;
	private readonly documents: ReadonlyMap<string, Tree>;
	private readonly run: PageRun;
	private readonly shown: (name: string) => string;
	private content = '';
	private parse = 0;
	/** Null until the page has ended. */
	report: DebugReport | null = null;

	/** `shown`: a file's name as people are to see it. */
	constructor(
		plan: Plan,
		facts: Facts,
		shown: (name: string) => string,
		documents: ReadonlyMap<string, Tree> = new Map(),
	) {
		this.shown = shown;
		this.plan = plan;
		this.facts = facts;
		this.documents = documents;
		this.run = new PageRun(markedPlan(plan), facts, documents);
	}

	write(text: string): string {
		this.content += text;
		const begun = performance.now();
		const out = this.run.write(text);
		this.parse += performance.now() - begun;
		return out;
	}

	/** A page that no theme applies to is shown as it is, with the report that says why. */
	end(): PageEnd {
		const begun = performance.now();
		const { text, themed } = this.run.end();
		const walk = performance.now() - begun;
		const { plan, content, facts, documents, parse, run, shown } = this;
		this.report = debugReport({ plan, content, facts, documents, theme: run.theme ?? null, parse, walk, shown });
		return { text: themed ? text : content, themed: true };
	}
}
