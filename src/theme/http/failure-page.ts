/** A themed page in place of content that did not come: for people, when the app behind us is dead or says no more than a status. */
import { HttpError, type OutgoingResponse, UpstreamError } from '../../convention/index.ts';
import { type FieldList, structured } from '../../fields/index.ts';
import { acceptsHtml, isEmpty, isHtml } from './eligible.ts';
import { failureDocument, failureNotice, says } from './failure-text.ts';
import { saysOff } from './fragment.ts';
import type { Settings } from './options.ts';
import type { Page, PageFacts, Themer } from './themer.ts';
import type { Visit } from './visit.ts';

/** What an upstream that cannot answer answers: from others of 500 and up, the app's own words are shown. */
const DEAD: readonly number[] = [502, 503, 504];

/** Whether whoever asks would see such a page. */
export function canExcuse({ page, request }: Visit, settings: Settings): boolean {
	return settings.failurePages && page && acceptsHtml(request.fields.get('accept'));
}

/** The status to excuse of something thrown, or null. */
export function excusable(error: unknown): number | null {
	if (!(error instanceof UpstreamError) && !(error instanceof HttpError)) return null;
	return error.status >= 500 ? error.status : null;
}

/** Whether a response only says that there is no content; the page of a proxy says no more. */
export function isDead(response: OutgoingResponse, method: string): boolean {
	const { status, fields, tunnel } = response;
	if (!DEAD.includes(status) || tunnel !== undefined || saysOff(fields)) return false;
	return !isHtml(fields) || isOfIntermediary(fields) || (method !== 'HEAD' && isEmpty(response));
}

/**
 * The page for a status; null when the rules show it unthemed. Rules that look for the content's own elements find none in
 * the words that stand in for it: then the theme itself has a place for them. Rejects with what the plan throws.
 */
export async function failurePage(
	page: Page,
	themer: Themer,
	facts: PageFacts,
	settings: Settings,
): Promise<string | null> {
	const said = settings.failureText(facts.status);
	const early = await page.write(failureDocument(said));
	const { text, themed } = await page.end();
	const html = early + text;
	if (!themed && early === '') return null;
	return says(html, said) ? html : themer.notice(facts, failureNotice(said)) || html;
}

/** RFC 9209 section 2.1: an intermediary that got no response says why, and its page is not the application's. */
function isOfIntermediary(fields: FieldList): boolean {
	const value = fields.get('proxy-status');
	if (value === null) return false;
	try {
		const parameters = structured.parseList(value).at(-1)?.parameters;
		return parameters?.has('error') === true && !parameters.has('received-status');
	} catch {
		return false;
	}
}
