/** What is noted on responses of the kind that can be themed, whether they were or not: for caches, and for people. */
import type { FieldList } from '../../fields/index.ts';
import { addVary } from '../../fields/index.ts';
import { markValidators, remarkNotModified } from './entity-tags.ts';
import { decidingFields } from './fragment.ts';
import type { Settings } from './options.ts';
import { PLAIN, SKIPPED } from './variant.ts';
import type { Visit } from './visit.ts';

/** `themed`: another body than the upstream's; `passed`: this one, by the rules; `skipped`: this one, for once. */
export type Outcome = 'themed' | 'passed' | 'skipped';

export const THEME_FIELD = 'X-Turnabout-Theme';

/** Notes what a page depends on. What was never to be themed depends on the request alone, not on the rules. */
export function markPage(fields: FieldList, visit: Visit, settings: Settings, outcome: Outcome): void {
	const variant = outcome === 'skipped' ? SKIPPED : visit.variant;
	markValidators(fields, variant, { weak: outcome === 'themed', dates: visit.variant !== PLAIN });
	addVary(fields, varyOf(visit, settings));
}

/** A 304 says of a page what its 200 said (RFC 9110 section 15.4.5). True when it was about a page. */
export function markNotModified(fields: FieldList, visit: Visit, settings: Settings): boolean {
	if (visit.translation === null || !remarkNotModified(fields, visit.translation)) return false;
	addVary(fields, varyOf(visit, settings));
	return true;
}

/** Says that there is no theme, and why, where that is wanted. True when it did. */
export function report(fields: FieldList, settings: Settings, reason: string, isLimit = false): boolean {
	if (settings.report === 'none' || (settings.report === 'limits' && !isLimit)) return false;
	fields.set(THEME_FIELD, `skipped; reason=${reason}`);
	return true;
}

/** The request fields that a page was chosen by. */
export function varyOf(visit: Visit, settings: Settings): string[] {
	const deciding = decidingFields(settings);
	return visit.page ? ['Accept-Encoding', ...deciding, ...visit.themer.varies] : [...deciding];
}
