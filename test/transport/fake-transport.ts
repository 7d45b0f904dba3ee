/** A transport that keeps what it was told, a reader that keeps what it heard, and a tunnel between the two. */
import type { TestContext } from 'node:test';
import type { Sink } from '../../src/bytes/index.ts';
import { type Transport, type TransportHandler, TransportTunnel } from '../../src/transport/index.ts';
import { NOBODY } from '../../src/transport/node/index.ts';

export class FakeTransport implements Transport {
	readonly remote = { kind: 'memory' } as const;
	readonly local = { kind: 'memory' } as const;
	readonly tls = null;
	readonly calls: string[] = [];
	handler: TransportHandler = NOBODY;
	paused = false;
	full = false;
	pending = false;
	unsent = 0;

	write(data: string | Uint8Array): boolean {
		this.calls.push(`write ${Buffer.from(data as Uint8Array).toString()}`);
		return !this.full;
	}

	writeFramed(_before: string, data: Uint8Array): boolean {
		return this.write(data);
	}

	probe(): void {
		this.calls.push('probe');
	}

	pause(): void {
		this.paused = true;
	}

	resume(): void {
		this.paused = false;
	}

	end(): void {
		this.calls.push('end');
	}

	destroy(reset = false): void {
		this.calls.push(reset ? 'reset' : 'destroy');
	}

	receive(text: string): void {
		const bytes = Buffer.from(text);
		this.handler.received(bytes, bytes.length, false);
		// What was lent is somebody else's now.
		bytes.fill(0);
	}
}

export class Heard implements Sink {
	readonly events: string[] = [];
	private readonly pieces: Uint8Array[] = [];
	takes = true;

	write(chunk: Uint8Array): boolean {
		this.pieces.push(chunk);
		return this.takes;
	}

	end(): void {
		this.events.push('end');
	}

	fail(reason: Error): void {
		this.events.push(`fail ${reason.message}`);
	}

	get text(): string {
		return Buffer.concat(this.pieces).toString();
	}
}

export function tunnelOf(t: TestContext, early: string | null = null, idle = 0, total = 0) {
	const transport = new FakeTransport();
	const ends: string[] = [];
	const owner = {
		tunnelClosed: (sent: number, taken: number, error: Error | null) =>
			void ends.push([sent, taken, ...(error === null ? [] : [error.message])].join(' ')),
	};
	const tunnel = new TransportTunnel(
		transport,
		early === null ? null : Buffer.from(early),
		owner,
		{ idle, total },
		(cause, late) => cause ?? new Error(late ? 'late' : 'lost'),
	);
	t.after(() => transport.handler.closed(null));
	return { transport, tunnel, ends, heard: new Heard() };
}
