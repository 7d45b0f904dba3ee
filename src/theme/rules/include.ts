/** Diazo's `include` inside a body: what it brings in, and when. */

import { type Diagnostics, didYouMean } from '../diagnostics/index.ts';
import { readCondition } from './condition.ts';
import { Mistakes } from './mistakes.ts';
import type { IncludeMethod, MarkupElement, Reference, Selection, Test } from './model.ts';
import { RuleAttributes } from './rule-attributes.ts';
import { METHODS } from './vocabulary.ts';

/** Where what is brought in comes from: the same on rules and on `include`. */
export interface Source {
	readonly content: Selection | null;
	readonly reference: Reference | null;
	readonly raw: boolean;
	readonly mode: string | null;
}

export interface Include extends Source {
	readonly condition: readonly Test[];
}

/** What an `include` in a body says; what is wrong with it goes to `diagnostics`. */
export function readInclude(element: MarkupElement, diagnostics: Diagnostics, compat = false): Include {
	const mistakes = new Mistakes(diagnostics, compat);
	const attributes = new RuleAttributes(element, mistakes);
	const source = readSource(attributes, mistakes);
	return { ...source, condition: readCondition(attributes, source.content, mistakes) };
}

export function readSource(attributes: RuleAttributes, mistakes: Mistakes): Source {
	const content = attributes.selection('content');
	const method = readMethod(attributes, mistakes);
	const mode = attributes.plain('mode')?.value ?? null;
	const href = attributes.plain('href');
	const { place } = attributes.plain('method') ?? attributes;
	if (method === 'raw' && mode !== null) {
		mistakes.error('conflict', 'mode and method="raw" exclude each other.', place);
	}
	if (method === 'raw' && href !== null) {
		mistakes.error('bad-method', 'method="raw" is for content, not for another document.', place, 'Leave it out.');
	}
	if (method !== null && method !== 'raw' && href === null) {
		mistakes.passedOver('missing-attribute', `method="${method}" needs a document in href.`, place);
	}
	if (href !== null && href.value.trim() === '') mistakes.error('empty-href', 'href is empty.', href.place);
	const reference =
		href === null ? null : { href: href.value.trim(), place: href.place, method, mode, timeout: null, onError: null };
	return { content, reference, raw: method === 'raw', mode };
}

function readMethod(attributes: RuleAttributes, mistakes: Mistakes): IncludeMethod | null {
	const written = attributes.plain('method');
	if (written === null) return null;
	const method = METHODS.find((one) => one === written.value);
	if (method !== undefined) return method;
	const hint = didYouMean(written.value, METHODS) ?? `There are ${METHODS.join(', ')}.`;
	mistakes.error('bad-method', `There is no method '${written.value}'.`, written.place, hint);
	return null;
}
