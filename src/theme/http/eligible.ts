/** Which responses are pages that may be themed: a table of what is left alone, and why. */

import { codingOf } from '../../coding/index.ts';
import { type OutgoingResponse, payloadLength } from '../../convention/index.ts';
import { type FieldList, listOf, trimmed } from '../../fields/index.ts';
import { saysOff } from './fragment.ts';

/** Statuses below 300 and above 399 that carry no page of their own; 401 belongs to the client's dialogue. */
const NO_PAGE: readonly number[] = [101, 204, 205, 206, 401];

interface Exception {
	/** As `X-Turnabout-Theme` says it. */
	readonly reason: string;
	readonly applies: (response: OutgoingResponse) => boolean;
}

const EXCEPTIONS: readonly Exception[] = [
	{ reason: 'tunnel', applies: ({ tunnel }) => tunnel !== undefined },
	{ reason: 'type', applies: ({ fields }) => !isHtml(fields) },
	{ reason: 'status', applies: ({ status }) => NO_PAGE.includes(status) || (status >= 300 && status <= 399) },
	{ reason: 'off', applies: ({ fields }) => saysOff(fields) },
	{ reason: 'attachment', applies: ({ fields }) => /^\s*attachment\b/i.test(fields.get('content-disposition') ?? '') },
	// RFC 9111 section 5.2.2.6.
	{ reason: 'no-transform', applies: ({ fields }) => hasDirective(fields, 'no-transform') },
	{ reason: 'coding', applies: ({ fields }) => codingOf(fields) === undefined },
];

/** Why a response stays as it is, or null. */
export function exceptionOf(response: OutgoingResponse): string | null {
	return EXCEPTIONS.find(({ applies }) => applies(response))?.reason ?? null;
}

/** Whether there is nothing to put into a theme. */
export function isEmpty({ payload, fields }: OutgoingResponse): boolean {
	return payload === null || payloadLength(payload) === 0 || fields.get('content-length') === '0';
}

/** Whether the media type is HTML, in either form. */
export function isHtml(fields: FieldList): boolean {
	const type = fields.get('content-type');
	if (type === null) return false;
	const semicolon = type.indexOf(';');
	const name = trimmed(type, 0, semicolon === -1 ? type.length : semicolon).toLowerCase();
	return name === 'text/html' || name === 'application/xhtml+xml';
}

/** Whether a client wants to see HTML, and says so: any `*` would be satisfied with the bare status. */
export function acceptsHtml(accept: string | null): boolean {
	return listOf(accept ?? '').some(
		(one) => /^(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(one) && !/;\s*q=0(?:\.0*)?\s*(?:;|$)/i.test(one),
	);
}

function hasDirective(fields: FieldList, name: string): boolean {
	return listOf(fields.get('cache-control') ?? '').some((one) => one.toLowerCase() === name);
}
