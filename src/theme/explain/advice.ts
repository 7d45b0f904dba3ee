/**
 * How to write a rule so that it waits for less. A rewriting is proposed only when it was tried and does wait for less;
 * whether it means the same is for whoever knows the content to say, so each is an "if".
 */
import { Diagnostics } from '../diagnostics/index.ts';
import { compileSelector } from '../plan/index.ts';
import type { Expression } from '../rules/index.ts';
import type { Settlement } from '../tree/index.ts';
import { settlementText } from './settlement-text.ts';

/** What a rule asks for. */
export type Asks =
	/** Whether something is there. */
	| 'existence'
	/** Attributes of what is selected. */
	| 'attributes'
	/** All of what is selected. */
	| 'nodes'
	/** Which nodes are changed. */
	| 'pattern';

const HEAD_ONLY = /^(?:meta|link|title|base)(?![\w-])/;
const ONE_COMPOUND = /^[.[][^\s,>+~]*$/;

export function adviceFor(expression: Expression, asks: Asks, uniqueIds: boolean): string {
	const { language, text } = expression;
	if (asks === 'pattern') {
		return language === 'xpath'
			? 'Patterns in XPath are certain at the end only. Write it as a CSS selector that looks at nothing behind the element.'
			: 'The selector looks at what follows the element. Name the element by a class or an id instead.';
	}
	const better = rewritten(expression, asks, uniqueIds);
	if (better !== null) return better;
	const byId = uniqueIds ? null : settlementWith(expression, text, true, asks);
	if (byId !== null && byId !== 'end') {
		return `If the content has each id only once, say so (uniqueIds): it then waits for ${settlementText(byId)}.`;
	}
	if (language === 'xpath') {
		return 'Begin the path with /html/head, ask body for attributes only, or write it as CSS beneath an id (with uniqueIds).';
	}
	return 'Begin the selector with the id of the element that it stands in, and say that ids are unique (uniqueIds).';
}

/** The body of a rule has instructions in it. */
export const BODY_ADVICE =
	'Instructions in the body may ask anything of the content. Where they only place content, use a selector of the rule.';

/** Body comes in as a whole. */
export const WHOLE_BODY_ADVICE = 'All of body is brought in. Name the part that is wanted.';

function rewritten(expression: Expression, asks: Asks, uniqueIds: boolean): string | null {
	if (expression.language !== 'css') return null;
	const text = expression.text.trim();
	const better = (candidate: string): boolean => settlementWith(expression, candidate, uniqueIds, asks) !== 'end';
	if (HEAD_ONLY.test(text) && better(`head ${text}`)) {
		return `If it stands in head, write 'head ${text}': it then waits for head only.`;
	}
	if (asks !== 'nodes' && ONE_COMPOUND.test(text) && better(`body${text}`)) {
		return `If body has it, write 'body${text}': it then waits for the start tag of body only.`;
	}
	return null;
}

function settlementWith(expression: Expression, text: string, uniqueIds: boolean, asks: Asks): Settlement {
	const selector = compileSelector({ ...expression, text }, new Diagnostics());
	return selector?.settlement(uniqueIds, asks === 'existence' ? 'existence' : 'value') ?? 'end';
}
