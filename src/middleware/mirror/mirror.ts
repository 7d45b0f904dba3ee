/**
 * Requests go to a second app as well, whose answers nobody gets: a new version on the traffic of the old one. The first is
 * never slowed: its body is kept as it flows, and the second hears of the request when the first has had all of it.
 */
import { bytesSource } from '../../bytes/index.ts';
import {
	type App,
	type Context,
	derive,
	type Explanation,
	type IncomingRequest,
	type Layer,
	layer,
	type RawRequest,
	raw,
	whenAnswered,
} from '../../convention/index.ts';
import { MirroredExchange } from './mirrored-exchange.ts';
import { type MirrorOptions, mirrorSettings } from './options.ts';
import { Recorded } from './recorded.ts';

export interface MirrorStatistics {
	/** Requests that went to the second, and those that did not because it had too many, or a body was too large. */
	readonly mirrored: number;
	readonly leftOut: number;
	/** Of the second: under way now, and failed since the start. */
	readonly active: number;
	readonly failed: number;
}

export interface Mirror extends Layer {
	statistics(): MirrorStatistics;
}

/** `mirror(second, { share: 0.1 })`. Throws TypeError or RangeError for options that cannot be meant. */
export function mirror(second: App, options: MirrorOptions = {}): Mirror {
	const settings = mirrorSettings(second, options);
	const counts = { mirrored: 0, leftOut: 0, active: 0, failed: 0 };
	const isMirrored = (request: RawRequest, context: Context): boolean =>
		settings.methods.has(request.method) && context.offers.length === 0 && settings.isWanted(request, context);
	const answer = (next: App, request: IncomingRequest, context: Context): Response | Promise<Response> => {
		if (!isMirrored(request, context)) return next(request, context, context);
		if (counts.active >= settings.concurrency) {
			counts.leftOut++;
			return next(request, context, context);
		}
		const exchange = new MirroredExchange(settings, counts, request, context);
		const { payload } = request;
		if (payload === null) {
			exchange.send(derive(request, { payload: null }));
			return whenAnswered(next, request, context, exchange);
		}
		const recorded = new Recorded(payload, settings.bodyBytes, {
			recorded: (body) => exchange.send(body === null ? null : derive(request, { payload: bytesSource(body) })),
		});
		return whenAnswered(next, derive(request, { payload: recorded, circumstances: context }), context, exchange);
	};
	const explain = (request: RawRequest): Explanation => ({
		does: settings.methods.has(request.method)
			? ['Sends a copy to a second app, and drops its answer.', 'Passes the request on as it is.']
			: [`Does not mirror ${request.method}.`, 'Passes the request on as it is.'],
	});
	const wrap =
		(next: App): App =>
		(request, context) =>
			answer(next, raw(request), context);
	return Object.assign(layer({ name: 'mirror', explain, besides: [second] }, wrap), {
		statistics: () => ({ ...counts }),
	});
}
