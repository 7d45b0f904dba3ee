/**
 * One call of fetchSync, on the side of the process: done by its upstreams, so that no thread needs a loop, and this one
 * stays free.
 */
import { bytesSource, type Source } from '../../bytes/index.ts';
import { parseOrigin, type Receiver } from '../../client/index.ts';
import {
	cancelPayload,
	Disconnected,
	type OutgoingResponse,
	payloadSource,
	UpstreamError,
} from '../../convention/index.ts';
import { MemoryContext } from '../../engine/memory/index.ts';
import { FieldList } from '../../fields/index.ts';
import type { Call } from './messages.ts';
import type { Origins } from './origins.ts';
import { type Carrier, Outflow } from './outflow.ts';
import { packed } from './thrown.ts';

export class OutgoingCall implements Receiver {
	private readonly carrier: Carrier;
	private readonly stream: number;
	private readonly context: MemoryContext = new MemoryContext({
		version: '1.1',
		offers: [],
		remote: { kind: 'memory' },
		local: { kind: 'memory' },
		tls: null,
		can: { inform: false, tunnel: false },
	});
	private body: Outflow | null = null;
	private over = false;

	constructor(carrier: Carrier, stream: number) {
		this.carrier = carrier;
		this.stream = stream;
	}

	/** Asks; what goes wrong is told to the thread. */
	begin(call: Call, origins: Origins): void {
		try {
			const url = new URL(call.url);
			const { path } = parseOrigin(url.origin);
			const payload = call.body === null ? null : bytesSource(call.body);
			const request = {
				method: call.method,
				target: `${path}${url.pathname}${url.search}`,
				authority: '',
				fields: FieldList.of(call.fields),
				payload,
			};
			origins.at(url.origin).send(request, this.context, this);
		} catch (error) {
			this.failed(error);
		}
	}

	received(response: OutgoingResponse): void {
		if (this.over) return cancelPayload(response.payload);
		// What an upstream hands over is bytes or nothing: files are an origin's.
		const source = payloadSource(response.payload as Source | null);
		this.carrier.carry(['answered', this.stream, response.status, response.fields.raw]);
		if (source === null) return this.carrier.carry(['ended', this.stream]);
		this.body = new Outflow(this.carrier, this.stream, source);
		this.body.start();
	}

	failed(error: unknown): void {
		if (this.over) return;
		const cause = error instanceof Disconnected ? new UpstreamError('connection_terminated') : error;
		this.carrier.carry(['cut', this.stream, packed(cause)]);
	}

	/** The thread has read that much of the body. */
	read(cost: number): void {
		this.body?.read(cost);
	}

	/** The thread has lost interest, or is over. */
	cancel(): void {
		if (this.over) return;
		this.over = true;
		this.body?.cancel();
		this.context.close(new Disconnected());
		this.context.finish({ ok: true, status: 0, bytes: 0, received: 0 });
	}
}
