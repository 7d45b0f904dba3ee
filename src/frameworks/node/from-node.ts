/** Apps written for node's http server, as apps: Express, Koa, Fastify, or a plain `(request, response)` function. */
import { type App, noteApp, PendingResponse, raw } from '../../convention/index.ts';
import { checkOptions, wholeOption } from './check-options.ts';
import { type ExchangeSettings, NodeExchange, type NodeHandler } from './node-exchange.ts';

export interface FromNodeOptions {
	/** Bytes of a response that may wait before `write` answers false. Default: 65,536. */
	readonly highWaterMark?: number;
}

/** As much of a Fastify instance as is needed. */
export interface FastifyLike {
	readonly routing: NodeHandler;
	ready(): PromiseLike<unknown>;
	close(): PromiseLike<unknown>;
}

/** An app, and what `serve` starts and stops with it. */
export interface NodeApp extends App {
	/** For Fastify: its `ready()`. Without it the first request waits for that. */
	readonly start?: () => Promise<void>;
	/** For Fastify: its `close()`. */
	readonly stop?: () => Promise<void>;
}

const HIGH_WATER_MARK = 65_536;
const NOTE = 'Calls an app written for node:http.';

/**
 * An app of a node request handler: an Express app, `koa.callback()`, a Fastify instance, or any listener of http.Server.
 * Bodies stream both ways with back-pressure; 1xx and trailers go through. When the client leaves, the request is aborted
 * and the response closes; destroying either drops the exchange. What the handler throws, or its promise rejects with, is
 * the exchange's error. Below a mount `url` is relative to it, and `originalUrl` and `baseUrl` are as Express sets them.
 * Throws TypeError or RangeError for what cannot be an app, and for options that it does not know.
 */
export function fromNode(handler: NodeHandler | FastifyLike, options: FromNodeOptions = {}): NodeApp {
	const settings = settingsOf('fromNode', options);
	if (typeof handler === 'function')
		return noteApp(
			(request, context) => new NodeExchange(raw(request), context, settings).run(handler),
			handler.name === '' ? 'fromNode' : `fromNode(${handler.name})`,
			NOTE,
		);
	if (isFastify(handler)) return fromFastify(handler, settings);
	throw new TypeError(
		'fromNode: handler is neither a function (request, response) nor a Fastify instance; of a Koa app give app.callback()',
	);
}

export function settingsOf(caller: string, options: FromNodeOptions): ExchangeSettings {
	checkOptions(caller, options, ['highWaterMark']);
	return { highWaterMark: wholeOption(caller, options, 'highWaterMark', HIGH_WATER_MARK, 1) };
}

function fromFastify(instance: FastifyLike, settings: ExchangeSettings): NodeApp {
	let ready = false;
	let starting: Promise<void> | null = null;
	const start = (): Promise<void> => {
		starting ??= Promise.resolve(instance.ready()).then(() => {
			ready = true;
		});
		return starting;
	};
	const app: App = (request, context) => {
		const message = raw(request);
		const run = () => new NodeExchange(message, context, settings).run(instance.routing);
		return ready ? run() : whenReady(start(), run);
	};
	const stop = async (): Promise<void> => {
		await instance.close();
	};
	noteApp(app, 'fromNode', NOTE);
	return Object.assign(app, { start, stop });
}

function whenReady(ready: Promise<void>, run: () => Response | Promise<Response>): Promise<Response> {
	const pending = new PendingResponse();
	ready.then(() => pending.resolve(run())).catch((error: unknown) => pending.reject(error));
	return pending;
}

function isFastify(value: unknown): value is FastifyLike {
	const { routing, ready, close } = (value ?? {}) as Partial<FastifyLike>;
	return [routing, ready, close].every((method) => typeof method === 'function');
}
