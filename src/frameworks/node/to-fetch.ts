/** An app as a fetch handler: for Workers, Bun, Deno and whoever calls with a native Request. Native objects live at this border only. */
import { fileSource, type Sink, type Source, usedAlready, webStream } from '../../bytes/index.ts';
import {
	type Abilities,
	type App,
	type Connection,
	cancelPayload,
	Disconnected,
	ExchangeState,
	errorResponse,
	isFileRange,
	type Key,
	key,
	type RawResponse,
	rawResponse,
} from '../../convention/index.ts';
import type { Fields } from '../../fields/index.ts';
import { BorderContext } from './border-context.ts';
import { checkFunction } from './check-options.ts';

/** As much of a Worker's execution context as is used. */
export interface FetchExecution {
	waitUntil?(work: Promise<unknown>): void;
	readonly props?: unknown;
}

export type FetchHandler = (request: Request, environment?: unknown, execution?: FetchExecution) => Promise<Response>;

/** Under this key an app finds the second argument of the fetch handler: a Worker's bindings, Deno's info, Bun's server. */
export const fetchEnvironment: Key<unknown> = key('fetch environment');

const abilities: Abilities = {
	inform: false,
	trailers: false,
	tunnel: false,
	rawFields: false,
	halfClose: false,
	sendFile: false,
};

let lastId = 0;

/**
 * A fetch handler that answers with `app`; never rejects: errors are answered for as an engine does. Bodies stream both ways;
 * when the request is aborted the exchange closes. 1xx responses and trailers are lost, and tunnels cannot be opened, since
 * fetch has no word for them.
 */
export function toFetch(app: App): FetchHandler {
	checkFunction('toFetch', 'app', app);
	return async (request, environment, execution) => {
		const context = contextOf(request, environment, execution);
		const aborted = (): void => closeWith(context, request.signal.reason);
		request.signal.addEventListener('abort', aborted, { once: true });
		context.onFinished({ exchangeFinished: () => request.signal.removeEventListener('abort', aborted) });
		if (request.signal.aborted) aborted();
		try {
			return native(rawResponse(await app(request, context, context)), request, context);
		} catch (error) {
			const response = errorResponse(error, context);
			if (response !== null) return native(response, request, context);
			closeWith(context, error);
			return Response.error();
		}
	};
}

function closeWith(context: BorderContext, cause: unknown): void {
	context.settle({ ok: false, status: 0, bytes: 0, received: 0, cause: cause ?? new Disconnected(), committed: false });
}

function contextOf(request: Request, environment: unknown, execution: FetchExecution | undefined): BorderContext {
	let known: Connection | null = null;
	const context = new BorderContext({
		get connection() {
			known ??= connectionOf(request, environment);
			return known;
		},
		mount: '',
		can: abilities,
		props: execution?.props,
		inform() {},
		waitUntil(work) {
			if (typeof execution?.waitUntil === 'function') execution.waitUntil(work);
			else work.catch((error: unknown) => process.emitWarning(`Work behind a response failed: ${String(error)}`));
		},
	});
	if (environment !== undefined) context.set(fetchEnvironment, environment);
	return context;
}

/** Deno says who is calling; others do not. */
function connectionOf(request: Request, environment: unknown): Connection {
	const { remoteAddr } = (environment ?? {}) as { remoteAddr?: { hostname?: unknown; port?: unknown } };
	const { hostname, port } = remoteAddr ?? {};
	const known = typeof hostname === 'string' && typeof port === 'number';
	return {
		id: ++lastId,
		remote: known ? { kind: 'ip', host: hostname, port } : { kind: 'memory' },
		local: { kind: 'memory' },
		tls: request.url.startsWith('https:') ? { sni: null, alpn: null, peer: () => null } : null,
		protocol: '1.1',
		state: new ExchangeState(),
	};
}

function native(response: RawResponse, request: Request, context: BorderContext): Response {
	const { status, reason, payload, fields } = response;
	if (response.tunnel !== undefined) throw new TypeError('toFetch: a tunnel cannot be opened here');
	const init = { status, statusText: reason ?? '', headers: [...fields] };
	const bodiless = request.method === 'HEAD' || status === 204 || status === 205 || status === 304;
	if (context.isOver || bodiless || payload === null || typeof payload === 'string' || payload instanceof Uint8Array) {
		const none = context.isOver || bodiless;
		if (none) cancelPayload(payload);
		const made = new Response(none ? null : (payload as string | Uint8Array<ArrayBuffer> | null), init);
		context.settle({ ok: true, status, bytes: 0, received: 0 });
		return made;
	}
	const source = isFileRange(payload) ? fileSource(payload) : payload;
	return new Response(webStream(new WatchedSource(source, context, status)), init);
}

/** A payload whose end is that of the exchange. */
class WatchedSource implements Source, Sink {
	readonly length: number | null;
	private readonly source: Source;
	private readonly context: BorderContext;
	private readonly status: number;
	private sink: Sink | null = null;
	private used = false;
	private bytes = 0;

	constructor(source: Source, context: BorderContext, status: number) {
		this.length = source.length;
		this.source = source;
		this.context = context;
		this.status = status;
		context.onClosed({
			exchangeClosed: (reason) => {
				source.cancel(reason);
				this.leave(reason)?.fail(reason instanceof Error ? reason : new Disconnected(undefined, { cause: reason }));
			},
		});
	}

	start(sink: Sink): void {
		if (this.used) throw usedAlready();
		this.used = true;
		if (this.context.isOver) return sink.fail(new Disconnected());
		this.sink = sink;
		this.source.start(this);
	}

	resume(): void {
		if (this.sink !== null) this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.used = true;
		this.source.cancel(reason);
		this.leave(reason ?? new Disconnected());
	}

	write(chunk: Uint8Array): boolean {
		this.bytes += chunk.length;
		return this.sink?.write(chunk) ?? false;
	}

	end(trailers?: Fields): void {
		const { sink, bytes, status } = this;
		this.sink = null;
		sink?.end(trailers);
		this.context.settle({ ok: true, status, bytes, received: 0 });
	}

	fail(reason: Error): void {
		this.leave(reason)?.fail(reason);
	}

	/** Nobody is told any more but the context. */
	private leave(cause: unknown): Sink | null {
		const { sink, bytes, status } = this;
		this.sink = null;
		this.context.settle({ ok: false, status, bytes, received: 0, cause, committed: true });
		return sink;
	}
}
