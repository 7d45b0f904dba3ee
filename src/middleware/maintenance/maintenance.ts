/**
 * A house that is closed for a while: 503 with Retry-After for everybody (RFC 9110 section 15.6.4), but for those who work in
 * it and for health checks. Upgrades and CONNECT are answered like the rest.
 */
import {
	type App,
	type Context,
	type Explanation,
	type FieldNote,
	type Layer,
	layer,
	type RawRequest,
	raw,
	respond,
	statusLine,
} from '../../convention/index.ts';
import { formatHttpDate } from '../../fields/index.ts';
import { namedCaller } from '../caller.ts';
import { type MaintenanceOptions, type Settings, settingsOf } from './options.ts';
import { plainPage, prefersHtml, problem } from './page.ts';

export interface Maintenance extends Layer {
	statistics(): { readonly passed: number; readonly closed: number };
}

/** Middleware that answers 503 while it is on. Throws TypeError or RangeError with the option's name and the reason. */
export function maintenance(options: MaintenanceOptions): Maintenance {
	const settings = settingsOf(options);
	const counts = { passed: 0, closed: 0 };
	const explain = (request: RawRequest, context: Context): Explanation => told(request, context, settings);
	const made = layer(
		{ name: 'maintenance', explain },
		(next: App): App =>
			(request, context) => {
				if (whyOpen(request, context, settings) !== null) {
					counts.passed++;
					return next(request, context, context);
				}
				counts.closed++;
				return closed(raw(request), context, settings);
			},
	);
	return Object.assign(made, { statistics: () => ({ ...counts }) });
}

/** Why this request passes, or null. */
function whyOpen(given: Request, context: Context, { enabled, allow, except }: Settings): string | null {
	if (!enabled()) return 'Maintenance is off.';
	if (except !== null && except.find(raw(given)) !== null) return 'This path is answered during maintenance, too.';
	if (allow === null) return null;
	const welcome: unknown =
		typeof allow === 'function' ? allow(raw(given), context) : allow.has(namedCaller(context) ?? '');
	// A promise is no yes.
	return welcome === true ? 'This client is let in during maintenance.' : null;
}

const SOURCES: Readonly<Record<string, string>> = {
	'Content-Type': 'RFC 9110 section 8.3',
	'Retry-After': 'RFC 9110 section 10.2.3',
	'Cache-Control': 'RFC 9111 section 5.2.2.5',
	Vary: 'RFC 9110 section 12.5.5',
};

function fieldsOf(html: boolean, { retryAfter }: Settings): Record<string, string> {
	return {
		'Content-Type': html ? 'text/html; charset=utf-8' : 'application/problem+json',
		'Retry-After': typeof retryAfter === 'number' ? String(retryAfter) : formatHttpDate(retryAfter),
		'Cache-Control': 'no-store',
		Vary: 'Accept',
	};
}

function closed(request: RawRequest, context: Context, settings: Settings): Response {
	const { page, message } = settings;
	const html = prefersHtml(request.fields.get('accept'));
	const fields = fieldsOf(html, settings);
	if (!html) return respond(503, fields, `${problem(message)}\n`);
	return respond(503, fields, typeof page === 'function' ? page(request, context) : (page ?? plainPage(message)));
}

function told(request: RawRequest, context: Context, settings: Settings): Explanation {
	const open = whyOpen(request, context, settings);
	if (open !== null) return { does: [open, 'Passes the request on as it is.'] };
	const html = prefersHtml(request.fields.get('accept'));
	const fields = Object.entries(fieldsOf(html, settings)).map(
		([name, value]): FieldNote => ({ what: 'adds', name, value, on: 'response', source: SOURCES[name] as string }),
	);
	const kind = html ? 'a page' : 'a problem in JSON (RFC 9457)';
	return { does: ['Maintenance is on.'], fields, answers: statusLine(503, kind) };
}
