/**
 * How long the client of one exchange is waited for, by what it is expected to do: it owes a piece of its request, or
 * takes what it is sent, or nothing. The whole exchange may have its time, too. One timer for all of it.
 */
import { HttpError, ProtocolError } from '../convention/index.ts';
import { Timer, type TimerOwner, wheel } from '../transport/index.ts';
import { answerError } from './answer.ts';
import type { EngineTimeouts } from './engine.ts';
import type { ServedExchange } from './served-exchange.ts';

type Phase = 'none' | 'body' | 'write';

export class ServedClock implements TimerOwner {
	private readonly exchange: ServedExchange;
	private readonly timeouts: EngineTimeouts;
	private readonly timer: Timer = new Timer(this);
	private readonly begun: number = wheel.now;
	private phase: Phase = 'none';
	private ended = false;
	/** Bytes that the client had not taken when that was last looked at. */
	private unsent = 0;

	constructor(exchange: ServedExchange, timeouts: EngineTimeouts) {
		this.exchange = exchange;
		this.timeouts = timeouts;
		if (timeouts.total > 0) this.set('none', 0);
	}

	/** Settles what is waited for now. Called whenever something has changed. */
	arm(): void {
		const { exchange, timeouts } = this;
		if (exchange.isOver || this.ended) return;
		const { unsent } = exchange;
		if (unsent > 0) {
			this.unsent = unsent;
			this.set('write', timeouts.write);
		} else if (exchange.body?.waiting) this.set('body', timeouts.bodyIdle);
		else this.set('none', 0);
	}

	/** Waits for nothing any more: the exchange is over, or a tunnel with time-outs of its own. */
	end(): void {
		this.ended = true;
		wheel.remove(this.timer);
	}

	timedOut(): void {
		const { exchange, phase } = this;
		if (exchange.isOver) return;
		if (this.totalPassed) return this.expire();
		// A large answer may be one write: what counts is that the client takes some of it.
		if (phase === 'write' && exchange.unsent < this.unsent) return this.arm();
		if (phase === 'none') return this.arm();
		exchange.listener.timedOut();
		if (phase === 'write') exchange.lose();
		else this.stopBody();
	}

	private set(phase: Phase, milliseconds: number): void {
		const { total } = this.timeouts;
		this.phase = phase;
		wheel.set(this.timer, milliseconds, total === 0 ? 0 : this.begun + total);
	}

	private get totalPassed(): boolean {
		return this.timeouts.total > 0 && wheel.now - this.begun >= this.timeouts.total;
	}

	private expire(): void {
		const { exchange } = this;
		exchange.listener.timedOut();
		if (exchange.committed) return exchange.lose();
		exchange.giveUpRequest();
		exchange.expire(new DOMException('The exchange took longer than the time-out allows.', 'TimeoutError'));
		answerError(exchange, new HttpError(503, { message: 'This took too long.', expose: true }));
	}

	private stopBody(): void {
		const { exchange } = this;
		exchange.giveUpRequest();
		const late = {
			side: 'remote',
			code: 'BODY_LATE',
			status: 408,
			message: 'The rest of the body did not come in time.',
		} as const;
		exchange.listener.attempt(exchange, () => exchange.body?.cutShort(new ProtocolError(late)));
		this.arm();
	}
}
