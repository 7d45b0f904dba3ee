/**
 * An exchange of a runtime that speaks HTTP itself and knows requests and responses of fetch alone: Bun.serve, Deno.serve.
 * What fetch has no word for (1xx, trailers, tunnels) is missing, and `can` says so.
 */
import { latin1Bytes, type Tunnel } from '../bytes/index.ts';
import { type Abilities, type Connection, Disconnected } from '../convention/index.ts';
import { FRAMING, tags } from '../fields/index.ts';
import { FetchRequestBody } from './fetch-request-body.ts';
import { ResponseStream, type StreamOwner } from './fetch-response-stream.ts';
import { type OutgoingHead, type RequestFacts, ServedExchange, type ServedHost } from './served-exchange.ts';

/** What an engine over fetch can do. */
export const fetchAbilities: Abilities = {
	inform: false,
	trailers: false,
	tunnel: false,
	rawFields: false,
	halfClose: false,
	sendFile: false,
};

/** What the runtime does for one exchange. */
export interface FetchBorder {
	/** Settles when the runtime is done with the exchange; null where it does not tell. */
	readonly completed: Promise<void> | null;
	/** For how many milliseconds the connection may be idle from now on; 0: as long as it takes, since our clock counts. */
	patience(milliseconds: number): void;
}

export class FetchExchange extends ServedExchange implements StreamOwner {
	readonly can: Abilities = fetchAbilities;
	readonly canTrail = false;
	readonly native: Request;
	private readonly border: FetchBorder;
	private stream: ResponseStream | null = null;
	private response: Response | null = null;
	private resolve: ((response: Response) => void) | null = null;
	private watched: AbortSignal | null = null;
	private closing = false;
	/** One function for each exchange that has to wait, since a signal takes no less. */
	private readonly left = (): void => this.lose();

	constructor(host: ServedHost, connection: Connection, facts: RequestFacts, native: Request, border: FetchBorder) {
		super(host, connection, facts);
		this.native = native;
		this.border = border;
	}

	/** Takes the request's body, of which `most` bytes are allowed. */
	readBody(most: number): void {
		const stream = this.native.body;
		if (stream === null) {
			this.requestDone = true;
			this.border.patience(0);
			return;
		}
		// An app may read the native body past us.
		this.border.patience(this.listener.timeouts.bodyIdle);
		const declared = this.fields.getTagged(tags['content-length']);
		this.body = new FetchRequestBody(stream, this.native, declared === null ? null : Number(declared), this, most);
	}

	/** What the runtime is given, as soon as there is something. */
	get answer(): Response | Promise<Response> {
		if (this.response !== null) return this.response;
		this.watched = this.native.signal;
		this.watched.addEventListener('abort', this.left);
		if (this.watched.aborted) this.lose();
		return new Promise((resolve) => {
			if (this.response !== null) resolve(this.response);
			else this.resolve = resolve;
		});
	}

	override requestComplete(trailers: null): void {
		super.requestComplete(trailers);
		if (this.response === null) this.border.patience(0);
	}

	bodyMoved(): void {
		this.clock.arm();
	}

	// How it is written.

	get unsent(): number {
		return this.stream?.unsent ?? 0;
	}

	sendHead(head: OutgoingHead): void {
		const stream = new ResponseStream(this);
		const { status } = head;
		const response = new Response(stream.readable, { status, headers: this.linesOf(head, head.framing) });
		this.stream = stream;
		this.give(response);
	}

	sendWhole(head: OutgoingHead, body: string | Uint8Array): void {
		const { status, bodiless, framing } = head;
		const headers = this.linesOf(head, bodiless || status === 205 ? framing : -1);
		const bytes = typeof body === 'string' ? latin1Bytes(body) : (body as Uint8Array<ArrayBuffer>);
		const none = bodiless || status === 205 || bytes.length === 0;
		this.give(new Response(none ? this.nothing(head) : bytes, { status, headers }));
		// The writer has yet to say what was sent. When it has left, no runtime tells.
		queueMicrotask(() => this.succeed());
	}

	/** Runtimes say of a HEAD without a body that GET has none, too: where we do not know, a stream keeps them from it. */
	private nothing({ status, framing }: OutgoingHead): ReadableStream | null {
		if (this.method !== 'HEAD' || framing >= 0 || status === 204 || status === 205 || status === 304) return null;
		return new ReadableStream({ pull: (controller) => controller.close() }, { highWaterMark: 0 });
	}

	flushHead(): void {}

	sendBody(chunk: Uint8Array): boolean {
		return this.stream?.write(chunk) ?? true;
	}

	sendEnd(): void {
		this.stream?.end();
	}

	/** Nothing is ever offered, so nothing can be opened. */
	protected tunnel(): Tunnel {
		throw new TypeError('This engine opens no tunnels');
	}

	protected sendInformational(): void {}

	/** The lines of a head: the app's without framing and connection fields, then ours. The rest of the framing is the runtime's. */
	private linesOf(head: OutgoingHead, length: number): [string, string][] {
		const list = head.fields.copy();
		list.deleteFlagged(FRAMING);
		list.deleteTagged(tags.trailer);
		const lines = [...list];
		if (length >= 0) lines.push(['content-length', String(length)]);
		// Bun forgets it there (RFC 9110 section 6.6.1).
		if (this.method === 'HEAD' && !list.hasTagged(tags.date)) lines.push(['date', new Date().toUTCString()]);
		const asked = head.fields.getTagged(tags.connection) ?? '';
		if (this.closing || this.listener.draining || /\bclose\b/i.test(asked)) lines.push(['connection', 'close']);
		const upgrade = head.status === 426 ? head.fields.getTagged(tags.upgrade) : null;
		if (upgrade !== null) lines.push(['upgrade', upgrade], ['connection', 'upgrade']);
		return lines;
	}

	private give(response: Response): void {
		this.response = response;
		this.border.patience(this.stream === null ? this.listener.timeouts.keepAlive : 0);
		const { completed } = this.border;
		if (completed !== null) {
			this.unwatch();
			completed.then(this.left, this.left);
		}
		this.resolve?.(response);
		this.resolve = null;
	}

	// What the runtime reports of the response.

	streamTaken(): void {
		this.border.patience(this.listener.timeouts.keepAlive);
		// In the end of a source that ends within `start`, the writer has yet to say that it is over.
		queueMicrotask(() => this.succeed());
	}

	streamCancelled(reason: unknown): void {
		this.lose(new Disconnected(undefined, { cause: reason }));
	}

	// How it ends.

	override succeed(): void {
		this.unwatch();
		super.succeed();
	}

	override lose(cause?: Error): void {
		this.unwatch();
		if (!this.isOver) super.lose(cause);
	}

	giveUpRequest(): void {
		this.closing = true;
	}

	protected cut(): void {
		if (this.stream !== null) this.stream.fail();
		else if (this.response === null) this.give(dropped());
	}

	/** Deno aborts the signal behind good responses, too, and wants nobody to listen then. */
	private unwatch(): void {
		this.watched?.removeEventListener('abort', this.left);
		this.watched = null;
	}
}

/** The nearest to no answer that fetch has: Bun resets the connection, Deno ends it behind the head. */
function dropped(): Response {
	const stream = new ReadableStream({
		start(controller: ReadableStreamDefaultController): void {
			controller.error(undefined);
		},
	});
	return new Response(stream, { status: 500 });
}
