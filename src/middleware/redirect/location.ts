/**
 * What stands in Location (RFC 9110 section 10.2.2). Its host is always one that was written in the options; what comes from a
 * request is path and query, and cannot be read as anything else: not as another host, another field or a script.
 */

import { type Context, type RawRequest, respond } from '../../convention/index.ts';
import { shown } from '../../names/index.ts';
import { oneSlash, pathStart } from '../../routing/index.ts';

export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

const STATUSES: readonly unknown[] = [301, 302, 303, 307, 308];

/** Throws RangeError, beginning with `where`, for what is no redirect. */
export function checkStatus(where: string, status: unknown): RedirectStatus {
	if (STATUSES.includes(status)) return status as RedirectStatus;
	throw new RangeError(`${where}: status must be 301, 302, 303, 307 or 308, not ${shown(status)}`);
}

/** What a URL does not have (RFC 3986 section 2), and the backslash, which browsers take for a slash. */
const FOREIGN = /[^\x21-\x7e]|["<>\\^`{|}]/g;

/** With every byte that a URL does not have encoded; a percent sign is taken as it is. */
export function urlText(text: string): string {
	FOREIGN.lastIndex = 0;
	if (!FOREIGN.test(text)) return text;
	return text.replace(FOREIGN, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** A target has no fragment, so that what looks like one is a character of it. */
export function noFragment(target: string): string {
	return target.includes('#') ? target.replaceAll('#', '%23') : target;
}

/** The path and the query of a request as the client wrote them, from before any mount; it begins with one slash. Null for `*` and CONNECT. */
export function ownPath(request: RawRequest, context: Context): string | null {
	const { form, target } = request;
	if (form !== 'origin' && form !== 'absolute') return null;
	const local = target.slice(pathStart(request));
	return urlText(noFragment(oneSlash(context.mount + (local.startsWith('/') ? local : `/${local}`))));
}

export function redirectTo(location: string, status: RedirectStatus): Response {
	return respond(status, ['Location', location]);
}
