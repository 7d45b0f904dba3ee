/**
 * How long a client is waited for, by what it is expected to do: one timer a connection, and the table of phases in
 * `arm`. What happens when patience ends is here, too.
 */
import { Disconnected, HttpError, ProtocolError } from '../../convention/index.ts';
import { HEAD, violations } from '../../protocol/h1/index.ts';
import { Timer, type TimerOwner, wheel } from '../../transport/index.ts';
import { answerError } from '../answer.ts';
import type { EngineTimeouts } from '../engine.ts';
import { answerViolation } from './answer-violation.ts';
import type { Exchange } from './exchange.ts';
import type { ServerConnection } from './server-connection.ts';

/** For the client to see our answer and close, after we have closed our half. */
const LINGER = 5_000;
/** The same in all, for a client that goes on sending. */
const LONGEST_LINGER = 30_000;
/** A FIN this soon behind a request is a client that closes its half; later, one that has left. */
const SAME_BURST = 100;
/** Then a client that seems to wait for the answer is asked whether it is there. */
const PROBE = 500;

/** A stream to a client that has closed its half may be silent for so long. */
const SILENCE = 5_000;

type Phase = 'header' | 'keepAlive' | 'bodyIdle' | 'write' | 'none' | 'linger' | 'probe' | 'silence';

export class Patience implements TimerOwner {
	private readonly owner: ServerConnection;
	private readonly timeouts: EngineTimeouts;
	private readonly timer: Timer = new Timer(this);
	private phase: Phase = 'header';
	private begun = 0;
	private requestEnded = 0;
	/** Milliseconds to the next probe. */
	private pause = 0;
	/** When lingering began. */
	private lingersFrom = 0;
	/** Bytes that had been written when a stream was last looked at. */
	private heard = 0;
	/** Bytes that the client had not taken when that was last looked at. */
	private unsent = 0;
	/** Part of a head has come; its time runs from the first byte. */
	readingHead = false;

	constructor(owner: ServerConnection, timeouts: EngineTimeouts) {
		this.owner = owner;
		this.timeouts = timeouts;
		wheel.set(this.timer, timeouts.header);
	}

	/** Settles what the client is waited for now. Called whenever something has changed. */
	arm(): void {
		const { owner } = this;
		const { exchange } = owner;
		if (owner.lingering || this.phase === 'silence') return;
		if (exchange === null) return this.armBetween();
		if (this.phase === 'probe' && !exchange.committed) return;
		this.readingHead = false;
		if (owner.transport.pending) this.expectTaking();
		else if (!exchange.requestDone && (owner.awaitsBody || exchange.isOver))
			this.expect('bodyIdle', this.timeouts.bodyIdle);
		else this.expect('none', 0);
	}

	exchangeBegun(): void {
		this.begun = wheel.now;
	}

	requestComplete(): void {
		this.requestEnded = wheel.now;
	}

	/**
	 * The client has closed its half while its answer is being made. Together with the request that is how `nc -N` and
	 * many scripts ask, and they are answered. Later it means that the client has left, unless a body of known length is
	 * under way: a lost client shows there by itself. In doubt an interim response finds out, since one who left resets
	 * it; where none can be sent any more, silence is not paid for long.
	 */
	clientFinished(exchange: Exchange): void {
		const { owner } = this;
		owner.codec.close();
		if (exchange.isOver || owner.writer?.knowsItsEnd) return;
		const soon = exchange.committed ? (owner.writer?.justBegun ?? false) : this.isSameBurst(exchange);
		if (!soon) owner.lose(new Disconnected());
		else if (exchange.committed) this.listen(exchange);
		else if (exchange.version === '1.1') {
			this.pause = PROBE;
			this.expect('probe', PROBE);
		}
	}

	/** FIN came right behind the whole request. A request that was cut short was never complete, whatever came before it. */
	private isSameBurst(exchange: Exchange): boolean {
		return exchange.requestDone && wheel.now - this.requestEnded <= SAME_BURST;
	}

	/** One who has left answers the first probe with a reset, and that is noticed when the next one is written. */
	private probe(exchange: Exchange): void {
		if (exchange.committed) return this.owner.writer?.knowsItsEnd ? this.arm() : this.listen(exchange);
		exchange.inform(100);
		this.pause *= 2;
		this.expect('probe', this.pause);
	}

	/** Gives a stream up when nothing has been written to it for a while; a write to somebody who left fails by itself. */
	private listen(exchange: Exchange): void {
		this.heard = exchange.bytes;
		this.set('silence', SILENCE);
	}

	/** From now on only the client's FIN is waited for; longer when it has not taken all of the answer yet. */
	linger(): void {
		if (this.phase !== 'linger') this.lingersFrom = wheel.now;
		this.unsent = this.owner.transport.unsent;
		this.set('linger', this.owner.transport.pending ? Math.max(LINGER, this.timeouts.write) : LINGER);
	}

	/** A client that is still sending has not seen our answer: it gets some more time, and in all no more than that. */
	lingerOn(): void {
		if (wheel.now - this.lingersFrom < LONGEST_LINGER) this.set('linger', LINGER);
	}

	/** Waits for nothing any more. */
	end(): void {
		wheel.remove(this.timer);
	}

	timedOut(): void {
		const { owner, phase } = this;
		const { exchange } = owner;
		this.phase = 'none';
		if (phase === 'linger') return this.takes() ? this.linger() : owner.transport.destroy();
		if (phase === 'write' && exchange !== null && !this.totalPassed && this.takes()) return this.expectTaking();
		if (phase === 'probe' && exchange !== null && !this.totalPassed) return this.probe(exchange);
		if (phase === 'silence' && exchange !== null && exchange.bytes > this.heard) return this.listen(exchange);
		owner.listener.timedOut();
		if (exchange === null) this.loseBetween(phase);
		else if (this.totalPassed) this.expire(exchange);
		else if (phase === 'bodyIdle') this.stopBody();
		else owner.lose(new Disconnected());
	}

	/** A large answer may be one write: what counts is that the client takes some of it. */
	private expectTaking(): void {
		this.unsent = this.owner.transport.unsent;
		this.expect('write', this.timeouts.write);
	}

	/** Whether the client has taken bytes since the last look. */
	private takes(): boolean {
		const before = this.unsent;
		this.unsent = this.owner.transport.unsent;
		return this.unsent < before;
	}

	private armBetween(): void {
		if (this.owner.codec.incoming === HEAD) {
			if (!this.readingHead) this.set('header', this.timeouts.header);
			this.readingHead = true;
		} else if (this.owner.begun) {
			this.readingHead = false;
			this.set('keepAlive', this.timeouts.keepAlive);
		}
	}

	/** Waits for that, and for the end of the exchange's total time in any case. */
	private expect(phase: Phase, milliseconds: number): void {
		const { total } = this.timeouts;
		this.set(phase, milliseconds, total === 0 ? 0 : this.begun + total);
	}

	private set(phase: Phase, milliseconds: number, latest = 0): void {
		this.phase = phase;
		wheel.set(this.timer, milliseconds, latest);
	}

	private get totalPassed(): boolean {
		return this.timeouts.total > 0 && wheel.now - this.begun >= this.timeouts.total;
	}

	private loseBetween(phase: Phase): void {
		if (phase === 'header' && this.readingHead) answerViolation(this.owner, { ...violations.CUT_SHORT, ...LATE_HEAD });
		else this.owner.close();
	}

	private expire(exchange: Exchange): void {
		if (exchange.committed) return this.owner.lose(new Disconnected());
		this.owner.codec.close();
		exchange.expire(new DOMException('The exchange took longer than the time-out allows.', 'TimeoutError'));
		answerError(exchange, new HttpError(503, { message: 'This took too long.', expose: true }));
	}

	private stopBody(): void {
		this.owner.codec.close();
		this.owner.intake.stop();
		const late = {
			side: 'remote',
			code: 'BODY_LATE',
			status: 408,
			message: 'The rest of the body did not come in time.',
		} as const;
		const { exchange, incoming, listener } = this.owner;
		if (exchange !== null) listener.attempt(exchange, () => incoming?.fail(new ProtocolError(late)));
		// What was being read behind the answer.
		if (exchange?.isOver) this.owner.close();
	}
}

const LATE_HEAD = { status: 408, message: 'The request head did not come in time.' };
