/** An app for clients that do anything: what it does depends on the target, and it never gives up by itself. */
import { pipe } from '../../src/bytes/index.ts';
import { type App, type Context, type RawRequest, raw, respond } from '../../src/convention/index.ts';
import { FieldList } from '../../src/fields/index.ts';

const large = Buffer.alloc(300_000, 'x');

const ways: Readonly<Record<string, (request: RawRequest, context: Context) => Response | Promise<Response>>> = {
	/** Comes back as it goes in. */
	echo: ({ payload }) => respond(200, {}, payload),
	/** Read whole. */
	read: async (request) => respond(200, {}, await request.text()),
	/** The body is left alone. */
	large: () => respond(200, {}, large),
	/** Nothing is said until the client leaves or the time is up. */
	never: () => new Promise(() => {}),
	throw: () => {
		throw new Error('the app is broken');
	},
	/** Interim responses, and trailers behind a body of its own. */
	inform: (_request, context) => {
		context.inform(103, FieldList.of({ Link: '</a>; rel=preload' }));
		return respond(200, {}, 'x', { trailing: () => FieldList.of({ 'X-End': '1' }) });
	},
	/** Half a body, then a failure. */
	fail: () => {
		const start = (sink: { write(chunk: Uint8Array): boolean; fail(error: Error): void }): void => {
			sink.write(Buffer.from('half'));
			sink.fail(new Error('broken'));
		};
		return respond(200, {}, { length: null, start, resume() {}, cancel() {} });
	},
};

export const TARGETS: readonly string[] = Object.keys(ways).map((way) => `/${way}`);

export const fuzzApp: App = (request, context) => {
	const [offer] = context.offers;
	if (offer !== undefined) {
		const tunnel = offer === 'connect' || context.connection.protocol === '2';
		return respond(tunnel ? 200 : 101, tunnel ? {} : { Upgrade: offer }, null, {
			tunnel: ({ readable, writable }) => pipe(readable, writable),
		});
	}
	const one = raw(request);
	return (ways[one.target.slice(1)] ?? ways['read'] ?? (() => respond(404)))(one, context);
};
