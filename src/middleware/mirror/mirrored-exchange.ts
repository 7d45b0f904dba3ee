/** One request to both: who has answered how, and when both have, the comparison. */
import type { Sink, Source } from '../../bytes/index.ts';
import {
	type AnswerStep,
	askApp,
	type Context,
	cancelPayload,
	type IncomingRequest,
	isFileRange,
	payloadSource,
	type ResponseTaker,
	rawResponse,
	UpstreamError,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { Timer, type TimerOwner, wheel } from '../../transport/index.ts';
import { MirroredContext } from './mirrored-context.ts';
import type { MirroredAnswer, MirrorSettings } from './options.ts';

interface Counts {
	mirrored: number;
	leftOut: number;
	active: number;
	failed: number;
}

export class MirroredExchange implements AnswerStep, ResponseTaker, Sink, TimerOwner {
	private readonly settings: MirrorSettings;
	private readonly counts: Counts;
	private readonly request: IncomingRequest;
	private readonly outer: Context;
	private readonly context: MirroredContext;
	private readonly began: number = performance.now();
	private readonly timer: Timer = new Timer(this);
	private sent = 0;
	/** The second has answered and its answer was read, or it has had its time. */
	private isOver = false;
	private first: MirroredAnswer | null = null;
	private second: MirroredAnswer | null = null;
	private reading: Source | null = null;

	constructor(settings: MirrorSettings, counts: Counts, request: IncomingRequest, context: Context) {
		this.settings = settings;
		this.counts = counts;
		this.request = request;
		this.outer = context;
		this.context = new MirroredContext(context);
	}

	/** The copy for the second; null when there is none. */
	send(copy: IncomingRequest | null): void {
		if (copy === null) {
			this.counts.leftOut++;
			return;
		}
		this.counts.mirrored++;
		this.counts.active++;
		this.sent = performance.now();
		if (this.settings.timeout > 0) wheel.set(this.timer, this.settings.timeout);
		askApp(this.settings.second, copy, this.context, this);
	}

	// The first.

	answered(response: Response): Response {
		const { status, fields } = rawResponse(response);
		this.first = { status, fields: FieldList.from(fields).copy(), time: performance.now() - this.began, error: null };
		this.compare();
		return response;
	}

	failed(error: unknown): never {
		this.first = failure(error, performance.now() - this.began);
		this.compare();
		throw error;
	}

	// The second.

	responded(response: Response): void {
		if (this.isOver) return cancelPayload(rawResponse(response).payload);
		try {
			const { status, fields, payload } = rawResponse(response);
			this.second = { status, fields: FieldList.from(fields), time: performance.now() - this.sent, error: null };
			if (isFileRange(payload)) this.over();
			else this.drain(payload);
		} catch (error) {
			return this.refused(error);
		}
		this.compare();
	}

	refused(error: unknown): void {
		if (this.isOver) return;
		this.counts.failed++;
		this.second = failure(error, performance.now() - this.sent);
		this.over();
		this.compare();
	}

	/** Read to its end, as a client would: what is cancelled costs the second its connection. */
	private drain(payload: Parameters<typeof payloadSource>[0]): void {
		const source = payloadSource(payload);
		if (source === null) return this.over();
		this.reading = source;
		try {
			source.start(this);
		} catch {
			cancelPayload(payload);
			this.over();
		}
	}

	write(): boolean {
		return true;
	}

	end(): void {
		this.over();
	}

	fail(): void {
		if (this.isOver) return;
		this.counts.failed++;
		this.over();
	}

	/** It has had its time, and more would only pile up. */
	timedOut(): void {
		const error = new UpstreamError('http_response_timeout');
		const { reading } = this;
		if (this.second === null) this.refused(error);
		else this.fail();
		this.context.close(error);
		reading?.cancel(error);
	}

	private over(): void {
		if (this.isOver) return;
		this.isOver = true;
		wheel.clear(this.timer);
		this.counts.active--;
		this.context.finish();
	}

	private compare(): void {
		const { first, second, request, settings } = this;
		if (first === null || second === null || settings.compare === null) return;
		try {
			settings.compare?.(request, first, second);
		} catch (error) {
			this.outer.waitUntil(Promise.reject(error));
		}
	}
}

function failure(error: unknown, time: number): MirroredAnswer {
	return { status: 0, fields: FieldList.empty(), time, error };
}
