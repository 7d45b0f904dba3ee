/** Talks to the memory engine, whose client is a call. */
import { type Sink, type Source, usedAlready } from '../../src/bytes/index.ts';
import type { MemoryAnswer, MemoryExchange, MemoryListener } from '../../src/engine/memory/index.ts';
import { FieldList, type Fields } from '../../src/fields/index.ts';
import { until } from '../support/until.ts';
import type { Ask, Client, Pair, Talk, TalkEnd, TalkHead } from './talk.ts';

export function memoryClient(listener: MemoryListener): Client {
	const open = new Set<MemoryExchange>();
	return {
		open: (ask) => new MemoryTalk(listener, ask, open),
		close: () => {
			for (const one of open) one.abort();
		},
	};
}

/** What was sent waits here until the app takes it. */
class Outgoing implements Source {
	readonly length: number | null;
	stuck = 0;
	private sink: Sink | null = null;
	private readonly queue: Uint8Array[] = [];
	private ending: Fields | null | undefined = undefined;
	private paused = false;
	private used = false;

	constructor(length: number | null) {
		this.length = length;
	}

	push(piece: Uint8Array): void {
		this.queue.push(piece);
		this.stuck += piece.length;
		this.flow();
	}

	finish(trailers: Fields | null): void {
		this.ending = trailers;
		this.flow();
	}

	start(sink: Sink): void {
		if (this.used) throw usedAlready();
		this.used = true;
		this.sink = sink;
		this.flow();
	}

	resume(): void {
		this.paused = false;
		this.flow();
	}

	cancel(): void {
		this.used = true;
		this.sink = null;
	}

	private flow(): void {
		while (this.sink !== null && !this.paused) {
			const piece = this.queue.shift();
			if (piece === undefined) break;
			this.stuck -= piece.length;
			this.paused = !this.sink.write(piece);
		}
		const { sink, ending } = this;
		if (sink === null || this.paused || ending === undefined || this.queue.length > 0) return;
		this.sink = null;
		if (ending === null) sink.end();
		else sink.end(ending);
	}
}

class MemoryTalk implements Talk {
	private readonly exchange: MemoryExchange;
	private readonly outgoing: Outgoing | null;
	private answer: MemoryAnswer | null = null;
	private dropped = false;
	private text = '';
	private over = false;
	private whole = false;
	private trailers: readonly Pair[] = [];
	private held = false;

	constructor(listener: MemoryListener, ask: Ask, open: Set<MemoryExchange>) {
		const { method, target = '/hello', fields = [], body = false, offer } = ask;
		const list = FieldList.of(fields);
		if (offer !== undefined)
			for (const line of [
				['Connection', 'Upgrade'],
				['Upgrade', offer],
			])
				list.append(...(line as [string, string]));
		const length = list.get('content-length');
		this.outgoing = body ? new Outgoing(length === null ? null : Number(length)) : null;
		this.exchange = listener.exchange({
			target,
			fields: list,
			authority: method === 'CONNECT' ? target : 'matrix.test',
			...(method !== undefined && { method }),
			...(this.outgoing !== null && { body: this.outgoing }),
		});
		open.add(this.exchange);
		this.exchange.answer.then(
			(answer) => setImmediate(() => this.read(answer)),
			() => (this.dropped = true),
		);
	}

	private read(answer: MemoryAnswer): void {
		this.answer = answer;
		const source = answer.tunnel?.readable ?? answer.payload;
		if (source === null) {
			this.over = this.whole = true;
			return;
		}
		if (this.held) return;
		source.start({
			write: (chunk) => {
				this.text += Buffer.from(chunk).toString('latin1');
				return true;
			},
			end: (trailers) => {
				this.trailers = trailers === undefined ? [] : [...trailers];
				this.over = this.whole = true;
			},
			fail: () => (this.over = true),
		});
	}

	get informational(): readonly TalkHead[] {
		return this.exchange.context.informational.map(({ status, fields }) => ({ status, fields: [...fields] }));
	}

	async head(): Promise<TalkHead | null> {
		await until(() => this.answer !== null || this.dropped, 'an answer');
		return this.answer === null ? null : { status: this.answer.status, fields: [...this.answer.fields] };
	}

	async reads(part: string): Promise<void> {
		await until(() => this.text.includes(part), `${part} in the body`);
	}

	async end(): Promise<TalkEnd> {
		await until(() => this.over || this.dropped, 'the end of the body');
		return { text: this.text, whole: this.whole, trailers: this.trailers };
	}

	send(piece: string | Uint8Array): void {
		const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
		if (this.outgoing !== null) this.outgoing.push(bytes);
		else this.answer?.tunnel?.writable.write(bytes);
	}

	get stuck(): number {
		return this.outgoing?.stuck ?? 0;
	}

	finish(trailers?: readonly Pair[]): void {
		if (this.outgoing !== null) this.outgoing.finish(trailers === undefined ? null : FieldList.of(trailers));
		else this.answer?.tunnel?.writable.end();
	}

	pause(): void {
		this.held = true;
	}

	leave(): void {
		this.exchange.abort();
	}
}
