/** Things that go wrong on purpose, to see what happens then: slow answers, failures, dropped connections, answers cut short. */
import { fileSource } from '../../bytes/index.ts';
import {
	Abort,
	type App,
	type Context,
	type Explanation,
	isFileRange,
	type Layer,
	layer,
	OutgoingResponse,
	payloadSource,
	raw,
	rawResponse,
	respond,
	statusLine,
} from '../../convention/index.ts';
import { CutSource } from './cut-source.ts';
import { type FaultsOptions, type FaultsSettings, faultsSettings } from './options.ts';

/** `faults({ share: 0.1, status: 503 })`. Throws TypeError or RangeError for options that cannot be meant. */
export function faults(options: FaultsOptions): Layer {
	const settings = faultsSettings(options);
	const wrap =
		(next: App): App =>
		(request, context) =>
			settings.happens(raw(request), context)
				? failing(settings, next, request, context)
				: next(request, context, context);
	return layer({ name: 'faults', explain: () => explained(settings) }, wrap);
}

async function failing(settings: FaultsSettings, next: App, request: Request, context: Context): Promise<Response> {
	const { delay, status, drop, cut } = settings;
	if (delay > 0) await late(delay, context);
	if (drop || status !== null) {
		raw(request).payload?.cancel();
		if (drop) throw new Abort();
		return respond(status as number, { 'Cache-Control': 'no-store' }, 'This fault was asked for.\n');
	}
	const response = await next(request, context, context);
	return cut === null ? response : cutShort(response, cut);
}

function cutShort(response: Response, bytes: number): Response {
	const message = rawResponse(response);
	const { payload, status, fields } = message;
	const source = isFileRange(payload) ? fileSource(payload) : payloadSource(payload);
	return source === null ? message : new OutgoingResponse(status, fields, new CutSource(source, bytes), message);
}

/** Not for those who have left meanwhile. */
function late(milliseconds: number, context: Context): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			context.offClosed(listener);
			resolve();
		}, milliseconds);
		const listener = {
			exchangeClosed: (reason: unknown): void => {
				clearTimeout(timer);
				reject(reason as Error);
			},
		};
		context.onClosed(listener);
	});
}

function explained({ delay, status, drop, cut }: FaultsSettings): Explanation {
	const does = delay > 0 ? [`Waits for ${delay} ms, for the requests that it happens to.`] : [];
	if (drop) does.push('Drops the connection, for the requests that it happens to.');
	if (status !== null) does.push(`Answers ${statusLine(status)}, for the requests that it happens to.`);
	if (cut !== null) does.push(`Cuts the answer short behind ${cut} bytes, for the requests that it happens to.`);
	return { does: [...does, 'Passes the request on as it is.'] };
}
