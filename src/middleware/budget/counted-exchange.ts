/** One exchange whose bytes are counted: the request's body, and what is answered. */
import type { Tunnel } from '../../bytes/index.ts';
import {
	type AnswerStep,
	BodyFault,
	derive,
	type HttpError,
	type IncomingRequest,
	isSource,
	OutgoingResponse,
	type Payload,
	payloadLength,
	withOwnFields,
} from '../../convention/index.ts';
import { CountedSource, type Cut } from './counted-source.ts';
import { CountedTunnel } from './counted-tunnel.ts';
import { Meter, type MeterOwner } from './meter.ts';
import type { BudgetSettings } from './options.ts';
import type { Used } from './store.ts';

/** Who keeps the counts, and says what is answered. */
export interface BudgetKeeper {
	readonly settings: BudgetSettings;
	/** An exchange has been cut off. */
	cutOff(): void;
	/** Nothing is left: 429, in place of an answer. */
	refused(used: Used): HttpError;
	/** The same for what is under way. */
	usedUp(used: Used): HttpError;
	unasked(error: unknown): void;
	tell(response: OutgoingResponse, used: Used): void;
}

export class CountedExchange implements AnswerStep, MeterOwner {
	private readonly keeper: BudgetKeeper;
	private readonly used: Used;
	private readonly meter: Meter;
	private readonly fault = new BodyFault();
	private readonly cuts: Cut[] = [];

	constructor(keeper: BudgetKeeper, key: string, used: Used) {
		this.keeper = keeper;
		this.used = used;
		this.meter = new Meter(keeper.settings, key, used, this);
	}

	/** The request as it goes on. Throws the refusal of a body that is larger than what is left. */
	asked(request: IncomingRequest): IncomingRequest {
		const { payload } = request;
		if (payload === null) return request;
		if (payload.length !== null && payload.length > this.meter.left) throw this.keeper.refused(this.now());
		const counted = new CountedSource(payload, this.meter, () => this.fault.refuse(this.refusal()));
		this.cuts.push(counted);
		return derive(request, { payload: counted });
	}

	answered(response: Response, request: Request): Response {
		const own = withOwnFields(response);
		const { status, fields, payload, tunnel } = own;
		const counted = request.method === 'HEAD' ? payload : this.counted(payload);
		if (this.keeper.settings.fields) this.keeper.tell(own, this.now());
		if (tunnel === undefined) return new OutgoingResponse(status, fields, counted, own);
		const { reason, trailing } = own;
		const through = (stream: Tunnel): void => tunnel(this.countedTunnel(stream));
		return new OutgoingResponse(status, fields, counted, { reason, trailing, tunnel: through });
	}

	failed(error: unknown): never {
		return this.fault.failed(error);
	}

	/** What cannot be stopped in the middle is counted at once. */
	private counted(payload: Payload): Payload {
		const length = payloadLength(payload);
		if (length !== null && length > this.meter.left) throw this.keeper.refused(this.now());
		if (!isSource(payload)) {
			if (length !== null && length > 0 && !this.meter.take(length)) throw this.refusal();
			return payload;
		}
		const source = new CountedSource(payload, this.meter, () => this.refusal());
		this.cuts.push(source);
		return source;
	}

	private countedTunnel(stream: Tunnel): Tunnel {
		const tunnel = new CountedTunnel(stream, this.meter, () => this.refusal());
		this.cuts.push(tunnel);
		return tunnel;
	}

	private refusal(): HttpError {
		return this.keeper.usedUp(this.now());
	}

	private now(): Used {
		const { requests, reset } = this.used;
		return { requests, bytes: this.keeper.settings.bytes - this.meter.left, reset };
	}

	spent(): void {
		this.keeper.cutOff();
		for (const one of this.cuts) one.cut();
	}

	unasked(error: unknown): void {
		this.keeper.unasked(error);
	}
}
