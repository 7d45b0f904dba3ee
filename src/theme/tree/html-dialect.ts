/** Where elements go in the html dialect: what HTML says of optional tags, nearly; never a second tree for broken markup. */
import type { TreeRules } from './dialect.ts';
import { type ElementKind, VOID } from './element-kind.ts';
import { ANY, CLOSE_P, type ClosingStep, closingSteps, reachOf } from './html-closing.ts';
import { AFTER_HEAD, BEFORE_HTML, BODY, HEAD, HTML, HtmlFrame, IN_BODY } from './html-frame.ts';
import type { OpenElements } from './open-elements.ts';
import { DOCUMENT } from './tree.ts';

export class HtmlDialect implements TreeRules {
	private readonly open: OpenElements;
	private readonly fragment: boolean;
	private readonly frame: HtmlFrame;

	constructor(open: OpenElements, fragment: boolean) {
		this.open = open;
		this.fragment = fragment;
		this.frame = new HtmlFrame(open);
		if (fragment) this.frame.phase = IN_BODY;
	}

	get begun(): boolean {
		return this.frame.phase !== BEFORE_HTML;
	}

	get asksForBlanks(): boolean {
		return this.frame.phase !== IN_BODY;
	}

	get headOver(): boolean {
		return this.frame.phase >= AFTER_HEAD;
	}

	get bodyBegun(): boolean {
		return this.frame.bodyTagRead;
	}

	startTag(kind: ElementKind, start: number, end: number, text: string, at: number): boolean {
		const { open } = this;
		if (kind === HTML || kind === HEAD || kind === BODY) {
			if (!this.fragment) return this.frame.start(kind, start, end, text, at);
			open.markUnbalanced();
			return false;
		}
		this.frame.prepare(kind, start);
		if (open.foreign) open.breakOut(kind, start);
		if (!open.foreign) {
			const steps = closingSteps(kind);
			if (steps !== undefined) for (const step of steps) this.take(step, start);
		}
		open.open(kind, start, end);
		if ((kind.bits & VOID) !== 0 && !open.foreign) open.close(end, end);
		return true;
	}

	private take(step: ClosingStep, at: number): void {
		const { open } = this;
		if (step.only !== null && open.count(step.only) === 0) return;
		if (step === CLOSE_P) {
			const depth = open.paragraphDepth();
			if (depth !== 0) open.closeTo(depth - 1, at);
			return;
		}
		const { targets, stops, passes, outermost } = step;
		const bitsAt = open.bits;
		let found = 0;
		for (let depth = open.depth; depth > 0; depth--) {
			const bits = bitsAt[depth] as number;
			if ((bits & targets) !== 0) {
				found = depth;
				if (!outermost) break;
			} else if (stops === ANY || ((bits & stops) !== 0 && (bits & passes) === 0)) break;
		}
		if (found !== 0) open.closeTo(found - 1, at);
	}

	endTag(kind: ElementKind, start: number, end: number): void {
		const { open } = this;
		if (!this.fragment && (kind === HTML || kind === HEAD || kind === BODY)) return this.frame.end(kind, start, end);
		if (open.count(kind) === 0) return open.markUnbalanced();
		const reach = reachOf(kind);
		const { bits, kinds } = open;
		for (let depth = open.depth; depth > 0; depth--) {
			if (kinds[depth] === kind) {
				open.closeTo(depth, start);
				open.close(start, end);
				return;
			}
			if (((bits[depth] as number) & reach) !== 0) break;
		}
		open.markUnbalanced();
	}

	text(at: number, blank: boolean): boolean {
		const { frame, open } = this;
		if (frame.phase === IN_BODY) return true;
		if (!blank) frame.prepare(null, at);
		return open.top !== DOCUMENT;
	}

	end(at: number): void {
		this.open.closeTo(0, at);
	}
}
