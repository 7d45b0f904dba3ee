/**
 * The socket that a node library upgrades: it writes the head of the response itself, as text. What it writes first is
 * read by our own codec, in the client's role, and becomes the response; behind a 101 the socket is the tunnel's.
 */
import type { Duplex } from 'node:stream';
import { CutShortError, FedSource, type Feeder, type Tunnel, toDuplex } from '../../bytes/index.ts';
import {
	Abort,
	type Context,
	OutgoingResponse,
	PendingResponse,
	ProtocolError,
	type RawRequest,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import {
	H1Connection,
	type H1Events,
	h1Limits,
	NONE,
	type ResponseHead,
	type Violation,
} from '../../protocol/h1/index.ts';
import { ClientSocket } from './client-socket.ts';

type Callback = (error?: Error | null) => void;

export class UpgradeSocket extends ClientSocket implements H1Events<ResponseHead>, Feeder {
	/** What the library answers. */
	readonly answer: PendingResponse = new PendingResponse();
	private readonly codec: H1Connection<ResponseHead>;
	private switched = false;
	/** The tunnel, when the engine has opened it. */
	private stream: Duplex | null = null;
	private waiting: (() => void)[] = [];
	private payload: FedSource | null = null;
	private blocked = false;
	private heldWrite: Callback | null = null;
	private failure: Error | null = null;

	constructor(message: RawRequest, context: Context) {
		super(message, context);
		this.codec = new H1Connection<ResponseHead>('client', this, h1Limits);
		const offer = FieldList.of({ Connection: 'upgrade', Upgrade: message.fields.get('upgrade') ?? '' });
		this.codec.requestHead('GET', '/', offer, NONE, '');
		this.codec.end(null);
		// Nobody but the library may listen, and an error must not end the process.
		this.on('error', () => {});
	}

	// What node's stream asks for.

	override _write(chunk: Uint8Array, _: BufferEncoding, callback: Callback): void {
		if (this.switched) return this.whenOpen((stream) => void stream.write(chunk, callback));
		this.blocked = false;
		const at = this.codec.receive(chunk, 0, chunk.length);
		const rest = chunk.subarray(at);
		if (this.failure !== null) callback(this.failure);
		else if (this.switched && rest.length > 0) this.whenOpen((stream) => void stream.write(rest, callback));
		else if (this.blocked) this.heldWrite = callback;
		else callback();
	}

	override _final(callback: Callback): void {
		if (this.switched) return this.whenOpen((stream) => void stream.end(callback));
		this.codec.receiveEnd();
		this.answer.reject(new Abort('The library ended the connection without an answer'));
		callback(this.failure);
	}

	override _read(): void {
		this.whenOpen((stream) => void stream.resume());
	}

	override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
		// Both are without effect when all was said before.
		this.answer.reject(new Abort(undefined, { cause: error }));
		this.payload?.fail(error ?? new CutShortError('The socket was destroyed before the end of the response'));
		this.stream?.destroy(error ?? undefined);
		callback(error);
	}

	destroySoon(): void {
		if (this.writableFinished) this.destroy();
		else this.once('finish', () => this.destroy()).end();
	}

	// What the codec reports.

	head(head: ResponseHead): void {
		const { status, fields, reason } = head;
		if (status === 101) {
			this.switched = true;
			this.codec.switchProtocols();
			this.answer.resolve(new OutgoingResponse(101, fields, null, { reason, tunnel: (tunnel) => this.open(tunnel) }));
		} else if (status < 200) {
			this.context.inform(status, fields);
		} else {
			this.payload = new FedSource(head.framing >= 0 ? head.framing : null, this);
			this.answer.resolve(new OutgoingResponse(status, fields, this.payload, { reason }));
		}
	}

	body(bytes: Uint8Array, start: number, end: number): void {
		if (this.payload?.feed(bytes.subarray(start, end), true) === false) this.blocked = true;
	}

	complete(trailers: FieldList | null): void {
		this.payload?.finish(trailers);
	}

	violation(violation: Violation): void {
		const error = new ProtocolError({ side: 'local', ...violation, status: 500 });
		this.failure = error;
		this.answer.reject(error);
		this.payload?.fail(error);
	}

	// What the consumer of a body wants.

	feedStarted(): void {}

	feedMore(): void {
		const { heldWrite } = this;
		this.heldWrite = null;
		heldWrite?.();
	}

	feedCancelled(): void {
		this.feedMore();
	}

	/** The engine has sent the 101. */
	private open(tunnel: Tunnel): void {
		if (this.destroyed) return tunnel.destroy();
		const stream = toDuplex(tunnel);
		this.stream = stream;
		stream.on('data', (chunk: Uint8Array) => {
			if (!this.push(chunk)) stream.pause();
		});
		stream.pause();
		stream.on('end', () => this.push(null));
		stream.on('error', (error) => this.destroy(error));
		stream.on('close', () => this.destroy());
		const { waiting } = this;
		this.waiting = [];
		for (const work of waiting) work();
	}

	private whenOpen(work: (stream: Duplex) => void): void {
		const { stream } = this;
		if (stream !== null) work(stream);
		else this.waiting.push(() => work(this.stream as Duplex));
	}
}
