/**
 * Theming as middleware: requests are asked so that what comes back can be themed, pages are themed, and everything else
 * goes through as it is. Rules and themes are behind the Themer; nothing here knows what they say.
 */
import { type App, type Middleware, raw, respond } from '../../convention/index.ts';
import { ThemedExchange } from './exchange.ts';
import { type HttpThemeOptions, type Settings, settingsOf } from './options.ts';
import type { Themer } from './themer.ts';
import { factsOf, type Visit, visitOf } from './visit.ts';

/**
 * Middleware that themes the pages of the app behind it. `getThemer` is asked at every request, so that rules can change
 * while it runs; null lets everything pass. Throws RangeError for options that make no sense.
 */
export function themed(getThemer: () => Themer | null, options: HttpThemeOptions = {}): Middleware {
	const settings = settingsOf(options);
	return (next: App): App =>
		(request, context, execution) => {
			const themer = getThemer();
			const given = raw(request);
			const visit = themer === null ? null : visitOf(given, context, themer, settings);
			if (visit === null) return next(request, context, execution);
			const outgoing = visit.outgoing === given ? request : visit.outgoing;
			if (visit.development === 'off') return next(outgoing, context, execution);
			if (visit.development === 'only') return bare(visit, settings);
			return new ThemedExchange(visit, settings).ask(next, outgoing, execution);
		};
}

/** The theme as it is without content; the app is not asked. */
function bare(visit: Visit, { contentType }: Settings): Response {
	const fields = { 'Content-Type': `${contentType};charset=utf-8`, 'Cache-Control': 'no-store' };
	const { method } = visit.request;
	return respond(200, fields, method === 'HEAD' ? null : visit.themer.bare(factsOf(visit, 200)));
}
