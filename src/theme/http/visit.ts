/**
 * What becomes of a request, and what is remembered of it until its response is there. Ranges are not asked for, since
 * parts of the content are no parts of the page (RFC 9110 section 14.2); validators and codings are translated.
 */

import { decodable } from '../../coding/index.ts';
import { type Context, derive, type RawRequest } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { type Switch, switchIn } from './development-switch.ts';
import { type Translation, unmarkConditions } from './entity-tags.ts';
import { wantsPage } from './fragment.ts';
import { extensionOf } from './ignored-extensions.ts';
import type { Parameters, Settings } from './options.ts';
import type { PageFacts, Themer } from './themer.ts';
import { PLAIN, variantOf } from './variant.ts';

export interface Visit {
	/** The one that was there when the request came: later on there may be another. */
	readonly themer: Themer;
	readonly context: Context;
	/** As the client sent it, but for the development switch. */
	readonly request: RawRequest;
	/** As the app gets it. */
	readonly outgoing: RawRequest;
	/** Whether the answer may be themed. */
	readonly page: boolean;
	readonly variant: string;
	readonly translation: Translation | null;
	readonly parameters: Parameters;
	readonly development: Switch | null;
}

/** Null for requests that are none of our business: nothing about their responses changes. */
export function visitOf(given: RawRequest, context: Context, themer: Themer, settings: Settings): Visit | null {
	const { method, form, target } = given;
	if (method === 'CONNECT' || (form !== 'origin' && form !== 'absolute')) return null;
	if (settings.ignoredExtensions.has(extensionOf(partsOf(target).path))) return null;
	const development = settings.development ? switchIn(target) : null;
	const request = development === null ? given : derive(given, { target: development.target });
	const page = wantsPage(request.fields, settings) && development?.what !== 'off';
	const { parameters: known } = settings;
	const parameters = typeof known === 'function' ? known(request, context) : known;
	const variant = page ? variantOf(themer, request.fields, parameters) : PLAIN;
	const visit = { themer, context, request, page, variant, parameters, development: development?.what ?? null };
	if (!TRANSLATED.some((name) => request.fields.has(name))) return { ...visit, outgoing: request, translation: null };
	const fields = FieldList.of(request.fields);
	const translation = unmarkConditions(fields, variant);
	const narrowed = page && narrow(fields);
	const outgoing = translation !== null || narrowed ? derive(request, { fields }) : request;
	return { ...visit, outgoing, translation };
}

/** The fields that may have to be others for the app. */
const TRANSLATED = ['accept-encoding', 'if-none-match', 'if-match', 'range', 'if-range'];

/** Asks for whole bodies in codings that can be taken off. True when something had to be changed. */
function narrow(fields: FieldList): boolean {
	const ranged = fields.has('range') || fields.has('if-range');
	fields.delete('range');
	fields.delete('if-range');
	const accept = fields.get('accept-encoding');
	if (accept === null) return ranged;
	const kept = decodable(accept);
	if (kept === accept) return ranged;
	fields.set('Accept-Encoding', kept);
	return true;
}

/** What conditions may ask, for content of that status. */
export function factsOf({ context, request, parameters, development }: Visit, status: number): PageFacts {
	const { path, query } = partsOf(request.target);
	return {
		path: decodedPath(path),
		query,
		host: request.authority,
		scheme: request.scheme,
		parameters,
		header: (name) => request.fields.get(name),
		status,
		exchange: { request, context },
		debug: development === 'debug' ? 'report' : 'off',
	};
}

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i;

function partsOf(target: string): { readonly path: string; readonly query: string } {
	const own = target.replace(ORIGIN, '');
	const mark = own.indexOf('?');
	const path = mark === -1 ? own : own.slice(0, mark);
	return { path: path === '' ? '/' : path, query: mark === -1 ? '' : own.slice(mark + 1) };
}

function decodedPath(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}
