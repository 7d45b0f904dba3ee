/** A themed page in place of content that did not come: for people, when the app behind us is dead or says no more than a status. */
import { HttpError, type OutgoingResponse, UpstreamError } from '../../convention/index.ts';
import { acceptsHtml, isEmpty, isHtml } from './eligible.ts';
import { failureDocument } from './failure-text.ts';
import { saysOff } from './fragment.ts';
import type { Settings } from './options.ts';
import type { Page } from './themer.ts';
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

/** Whether a response only says that there is no content. */
export function isDead(response: OutgoingResponse, method: string): boolean {
	const { status, fields, tunnel } = response;
	if (!DEAD.includes(status) || tunnel !== undefined || saysOff(fields)) return false;
	return !isHtml(fields) || (method !== 'HEAD' && isEmpty(response));
}

/** The page for a status; null when the rules show it unthemed. Rejects with what the plan throws. */
export async function failurePage(page: Page, status: number, settings: Settings): Promise<string | null> {
	const early = await page.write(failureDocument(settings.failureText(status)));
	const { text, themed } = await page.end();
	return themed || early !== '' ? early + text : null;
}
