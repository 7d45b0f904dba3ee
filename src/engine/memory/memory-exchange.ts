/**
 * One exchange without sockets, from the client's chair: runs the app as an engine would, keeps the rules that are the
 * engine's (docs/convention.md), and hands over what came out. No bytes of HTTP are made, so nothing here parses.
 */
import { fileSource, type Source } from '../../bytes/index.ts';
import {
	type App,
	cancelPayload,
	Disconnected,
	errorResponse,
	errorVerdict,
	IncomingRequest,
	isFileRange,
	type Outcome,
	ProtocolError,
	payloadLength,
	payloadSource,
	type RawResponse,
	rawResponse,
	tellFailure,
} from '../../convention/index.ts';
import type { FieldList, Fields } from '../../fields/index.ts';
import { MemoryAnswer } from './memory-answer.ts';
import { MemoryContext } from './memory-context.ts';
import { MemoryPipe } from './memory-pipe.ts';
import { type MemoryMessage, type MemoryRequest, memoryMessage } from './memory-request.ts';
import { tunnelPair } from './memory-tunnel.ts';
import { RequestPayload } from './request-payload.ts';
import { ResponsePump } from './response-pump.ts';

const WINDOW = 65_536;

/** An outcome; what is not said of `received` is told by the body. */
type Ended = { readonly received?: number } & (
	| Omit<Extract<Outcome, { ok: true }>, 'received'>
	| Omit<Extract<Outcome, { ok: false }>, 'received'>
);

/** What the client of the memory engine holds while an exchange is under way. */
export class MemoryExchange {
	/** Resolves with the head of the final response; rejects when the connection was dropped instead. */
	readonly answer: Promise<MemoryAnswer>;
	/** What the app was given. */
	readonly context: MemoryContext;
	readonly request: IncomingRequest;
	private readonly message: MemoryMessage;
	private readonly window: number;
	private readonly body: RequestPayload | null;
	private readonly replied: PromiseWithResolvers<MemoryAnswer> = Promise.withResolvers();
	private pump: ResponsePump | null = null;
	private dropTunnel: ((reason: Error) => void) | null = null;
	private answered = false;
	/** Of the response that was begun; 0 before. */
	private status = 0;

	constructor(request: string | MemoryRequest | Request) {
		const facts: MemoryRequest = typeof request === 'string' || request instanceof Request ? {} : request;
		const message = memoryMessage(request);
		this.message = message;
		this.window = facts.window ?? WINDOW;
		this.answer = this.replied.promise;
		this.context = new MemoryContext({
			version: message.version,
			offers: message.offers,
			remote: facts.remote ?? { kind: 'memory' },
			local: facts.local ?? { kind: 'memory' },
			tls: facts.tls ?? null,
			can: facts.can ?? {},
		});
		const { payload, trailers } = message;
		this.body = payload === null ? null : new RequestPayload(payload, trailers, () => this.bodyWanted());
		if (this.body !== null) this.context.requestTrailers = this.body.trailers;
		this.request = new IncomingRequest({
			...message,
			payload: this.body,
			trailersReader: this.context,
			circumstances: this.context,
		});
	}

	/** Calls the app. */
	run(app: App): void {
		try {
			const response = app(this.request, this.context, this.context);
			if (isPromise(response))
				response.then(
					(late) => this.respond(late),
					(error: unknown) => this.refuse(error),
				);
			else this.respond(response);
		} catch (error) {
			this.refuse(error);
		}
	}

	/** The client leaves: `closed` is aborted, both bodies are cut short. */
	abort(): void {
		const reason = new Disconnected();
		this.context.close(reason);
		this.body?.cut();
		this.dropTunnel?.(reason);
		if (this.pump !== null) this.pump.stop(reason);
		else this.over({ ok: false, status: this.status, bytes: 0, cause: reason, committed: this.context.committed });
		this.drop(reason);
	}

	private respond(response: Response): void {
		try {
			this.send(rawResponse(response), undefined);
		} catch (error) {
			this.refuse(error);
		}
	}

	/** Answers an error, or drops the connection. */
	private refuse(error: unknown): void {
		const response = errorResponse(error, this.context);
		this.log(error);
		if (this.context.committed) return;
		if (response !== null && !this.answered) return this.send(response, error);
		this.drop(error);
		this.over({ ok: false, status: 0, bytes: 0, cause: error, committed: false });
	}

	/** Throws what is wrong with the response before anything of it is sent. */
	private send(response: RawResponse, error: unknown): void {
		if (this.answered) return cancelPayload(response.payload, new Disconnected());
		const declared = this.checked(response);
		this.answered = true;
		this.status = response.status;
		this.context.committed = true;
		if (response.tunnel !== undefined) return this.openTunnel(response);
		const payload = this.sourceOf(response);
		const length = declared ?? payloadLength(response.payload);
		const pipe = payload === null ? null : new MemoryPipe(length, this.window);
		const ending = Promise.withResolvers<Fields | null>();
		this.deliver(response, { payload: pipe, error, trailers: ending.promise });
		if (payload === null || pipe === null) {
			ending.resolve(null);
			return this.over({ ok: true, status: response.status, bytes: 0 });
		}
		const pump = new ResponsePump(payload, pipe, declared, response.trailing, (failure, trailers) => {
			ending.resolve(trailers);
			this.over(
				failure === null
					? { ok: true, status: response.status, bytes: pump.bytes }
					: { ok: false, status: response.status, bytes: pump.bytes, cause: failure, committed: true },
			);
		});
		this.pump = pump;
		pipe.oncancel = () => this.abort();
		pump.start();
	}

	/** Rules 6 and 9. Returns the declared length. */
	private checked(response: RawResponse): number | null {
		const { status, tunnel, fields } = response;
		const value = fields.get('content-length');
		const declared = value === null ? null : Number(value);
		let wrong: string | null = null;
		if (value !== null && !/^\d+$/.test(value)) wrong = 'The Content-Length is not a number';
		else if (tunnel !== undefined) wrong = this.tunnelRefusal(status);
		else if (status === 101) wrong = 'Status 101 without a tunnel';
		else if (declared !== null && this.carriesPayload(status)) {
			const length = payloadLength(response.payload);
			if (length !== null && length !== declared) wrong = 'The payload does not have its Content-Length';
		}
		if (wrong === null) return declared;
		cancelPayload(response.payload);
		throw new ProtocolError({ side: 'local', code: 'RESPONSE', message: wrong });
	}

	private tunnelRefusal(status: number): string | null {
		const { method, offers } = { method: this.message.method, offers: this.message.offers };
		if (!this.context.can.tunnel || offers.length === 0) return 'A tunnel that the client did not offer';
		const switches =
			method === 'CONNECT' || this.message.version === '2' ? status >= 200 && status <= 299 : status === 101;
		return switches ? null : `Status ${status} does not open a tunnel`;
	}

	private carriesPayload(status: number): boolean {
		return this.message.method !== 'HEAD' && status !== 204 && status !== 304;
	}

	private sourceOf(response: RawResponse): Source | null {
		const { payload, status } = response;
		if (this.carriesPayload(status)) return isFileRange(payload) ? fileSource(payload) : payloadSource(payload);
		cancelPayload(payload);
		return null;
	}

	private openTunnel(response: RawResponse): void {
		cancelPayload(response.payload);
		const pair = tunnelPair(this.window, (error) => {
			const { status } = response;
			if (error === null) this.over({ ok: true, status, ...pair.bytes() });
			else this.over({ ok: false, status, ...pair.bytes(), cause: error, committed: true });
		});
		this.dropTunnel = pair.destroy;
		this.deliver(response, { payload: null, error: undefined, trailers: Promise.resolve(null), tunnel: pair.client });
		try {
			response.tunnel?.(pair.server);
		} catch (error) {
			this.context.failures.push(error);
			pair.destroy(error instanceof Error ? error : new Error('The tunnel failed', { cause: error }));
		}
	}

	private deliver(
		response: RawResponse,
		rest: Pick<MemoryAnswer, 'payload' | 'error' | 'trailers'> & { readonly tunnel?: MemoryAnswer['tunnel'] },
	): void {
		const { status, reason } = response;
		const { informational } = this.context;
		const fields = response.fields as FieldList;
		this.replied.resolve(new MemoryAnswer({ status, reason, fields, informational, tunnel: null, ...rest }));
	}

	private drop(reason: unknown): void {
		this.answered = true;
		// Who only looks at the context need not look at the answer.
		this.answer.catch(() => {});
		this.replied.reject(reason);
	}

	/** The request's body was first asked for: rule 8. */
	private bodyWanted(): void {
		const { context, message } = this;
		const expects = message.fields.get('expect')?.toLowerCase() === '100-continue' && message.version !== '1.0';
		if (expects && !context.informational.some((one) => one.status === 100)) context.inform(100);
	}

	/** There is no log here but that of a layer. */
	private log(error: unknown): void {
		if (errorVerdict(error).level !== null) tellFailure(this.context, error, this.context.committed, this.request);
	}

	private over(ended: Ended): void {
		this.body?.cancel();
		if (!ended.ok && ended.committed) this.log(ended.cause);
		this.context.finish({ received: this.body?.received ?? 0, ...ended } as Outcome);
	}
}

function isPromise(response: Response | Promise<Response>): response is Promise<Response> {
	return typeof (response as Promise<Response> | null)?.then === 'function';
}
