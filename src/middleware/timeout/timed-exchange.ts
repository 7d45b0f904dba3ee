/** One exchange against the clock: whichever comes first, the answer or the end of its time, is what the client gets. */
import { fileSource, type Source, type Tunnel } from '../../bytes/index.ts';
import {
	cancelPayload,
	HttpError,
	isFileRange,
	isSource,
	OutgoingResponse,
	PendingResponse,
	type RawResponse,
	type ResponseTaker,
	rawResponse,
} from '../../convention/index.ts';
import { Timer, type TimerOwner, wheel } from '../../transport/index.ts';
import type { Settings } from './options.ts';
import type { TimedContext } from './timed-context.ts';
import { type Cut, TimedSource } from './timed-source.ts';
import type { WatchedBody } from './watched-body.ts';

export interface Counts {
	timedOut: number;
	late: number;
	cut: number;
}

const clock = performance;
/** More than the wheel is late by: an upstream that has been given the same time says first what has become of it. */
const GRACE = 100;

export class TimedExchange extends PendingResponse implements ResponseTaker, TimerOwner, Cut {
	private readonly settings: Settings;
	private readonly counts: Counts;
	private readonly context: TimedContext;
	private readonly body: WatchedBody | null;
	private readonly began: number;
	private readonly timer: Timer = new Timer(this);
	private late = false;

	constructor(settings: Settings, counts: Counts, context: TimedContext, body: WatchedBody | null, began: number) {
		super();
		this.settings = settings;
		this.counts = counts;
		this.context = context;
		this.body = body;
		this.began = began;
	}

	/** The app has not answered at once: it has `left` milliseconds. */
	wait(answer: Promise<Response>, left: number): void {
		wheel.set(this.timer, left + GRACE);
		if (answer instanceof PendingResponse) answer.deliver(this);
		else
			answer.then(
				(response) => this.responded(response),
				(error: unknown) => this.refused(error),
			);
	}

	responded(response: Response): void {
		wheel.remove(this.timer);
		if (this.late) return this.discard(response);
		try {
			this.resolve(this.finished(response));
		} catch (error) {
			this.reject(error);
		}
	}

	refused(error: unknown): void {
		wheel.remove(this.timer);
		// Whoever was told that his time is up may well throw that; it has been answered.
		if (!this.late) this.reject(error);
	}

	timedOut(): void {
		// The client has gone first: there is nobody to answer.
		if (this.context.isClosed) return;
		this.late = true;
		this.counts.timedOut++;
		const error = this.body?.awaited === true ? slowClient() : tooLate();
		this.context.close(error);
		this.reject(error);
	}

	/** The answer, with an end to its body or its tunnel where there is one. */
	finished(response: Response): Response {
		const { total, tunnel } = this.settings;
		if (total === 0 && tunnel === 0) return response;
		const message = rawResponse(response);
		if (message.tunnel !== undefined) return tunnel === 0 ? message : this.endTunnel(message, message.tunnel);
		const { payload, status, fields } = message;
		if (total === 0 || (!isSource(payload) && !isFileRange(payload))) return message;
		const source: Source = isFileRange(payload) ? fileSource(payload) : payload;
		const left = Math.max(1, this.began + total - clock.now());
		return new OutgoingResponse(status, fields, new TimedSource(source, left, this), message);
	}

	cut(): Error {
		this.counts.cut++;
		const error = tooLate();
		this.context.close(error);
		return error;
	}

	private endTunnel(message: RawResponse & OutgoingResponse, open: (stream: Tunnel) => void): Response {
		const { status, fields, payload, reason, trailing } = message;
		const tunnel = (stream: Tunnel): void => {
			const timer = new Timer({ timedOut: () => stream.destroy(this.cut()) });
			wheel.set(timer, this.settings.tunnel);
			this.context.onFinished({ exchangeFinished: () => wheel.remove(timer) });
			open(stream);
		};
		return new OutgoingResponse(status, fields, payload, { reason, trailing, tunnel });
	}

	private discard(response: Response): void {
		this.counts.late++;
		try {
			cancelPayload(rawResponse(response).payload, tooLate());
		} catch {
			// No response, or one that was read: there is nothing to give up.
		}
	}
}

/** RFC 9110 section 15.6.4. There is no saying when it will be better, hence no Retry-After. */
export const tooLate = (): HttpError => new HttpError(503, { message: 'The answer took too long.', expose: true });

/** RFC 9110 section 15.5.9. */
const slowClient = (): HttpError =>
	new HttpError(408, { message: 'The request took too long to come.', fields: { Connection: 'close' } });
