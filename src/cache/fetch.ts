/** One request to the origin, and what its answer is for the store. */
import { CutShortError, type Source, WholeSource } from '../bytes/index.ts';
import {
	type App,
	type Context,
	type IncomingRequest,
	identity,
	isFileRange,
	isSource,
	type Outcome,
	OutgoingResponse,
	PendingResponse,
	type ResponseTaker,
	rawResponse,
} from '../convention/index.ts';
import { FieldList } from '../fields/index.ts';
import { Body, type BodyOwner } from './body.ts';
import { Entry } from './entry.ts';
import { FillContext } from './fill-context.ts';
import {
	type Freshness,
	freshened,
	freshnessOf,
	parseDirectives,
	type Received,
	selectingOf,
	storageFault,
	varyNames,
} from './rules/index.ts';
import type { CacheSettings } from './settings.ts';
import { tagsOf } from './tags.ts';

/** What came back. */
export interface Fetched {
	readonly status: number;
	/** With fields of its own, which may be added to. */
	readonly response: OutgoingResponse;
	/** It is stored, or is being. */
	readonly entry: Entry | null;
	/** Why it is not. */
	readonly fault: string | null;
	/** When it was asked for and answered. */
	readonly received: Received;
}

export interface FetchReceiver {
	fetched(fetched: Fetched): void;
	failed(error: unknown): void;
}

export interface FetchPlan {
	readonly key: string;
	/** The request as the client has sent it: what is stored is selected by it. */
	readonly asked: IncomingRequest;
	/** The same as it goes out. */
	readonly sent: IncomingRequest;
	readonly context: Context;
	/** Whether the answer may be stored at all. */
	readonly mayStore: boolean;
	/** Nobody is in front of it: what is stored is renewed. */
	readonly background: boolean;
	/** Whether anybody else waits for it now. */
	readonly isShared: () => boolean;
}

export class Fetch implements ResponseTaker, BodyOwner {
	/** Something has happened to the resource since it was asked for: what comes back is not stored (RFC 9111 section 4.4). */
	tainted = false;
	private readonly settings: CacheSettings;
	private readonly plan: FetchPlan;
	private readonly receiver: FetchReceiver;
	private readonly context: FillContext;
	private asked = 0;
	private entry: Entry | null = null;
	private body: Body | null = null;
	private status = 0;

	constructor(settings: CacheSettings, plan: FetchPlan, receiver: FetchReceiver) {
		this.settings = settings;
		this.plan = plan;
		this.receiver = receiver;
		this.context = new FillContext(plan.context, plan.background ? null : () => this.goesOn());
	}

	/** The client has left: whether it is worth to go on. */
	private goesOn(): boolean {
		return this.body === null ? this.plan.isShared() : this.entry !== null || this.body.isRead;
	}

	begin(next: App): void {
		this.asked = performance.now();
		let answer: Response | Promise<Response>;
		try {
			answer = next(this.plan.sent, this.context, this.context);
		} catch (error) {
			return this.refused(error);
		}
		if (answer instanceof PendingResponse) answer.deliver(this);
		else if (typeof (answer as { then?: unknown }).then === 'function')
			(answer as Promise<Response>).then(
				(response) => this.responded(response),
				(error: unknown) => this.refused(error),
			);
		else this.responded(answer as Response);
	}

	refused(error: unknown): void {
		this.finish(false);
		this.receiver.failed(error);
	}

	responded(given: Response): void {
		const received = { asked: this.asked, answered: performance.now(), at: Date.now() };
		let response: OutgoingResponse;
		try {
			const message = rawResponse(given);
			response = new OutgoingResponse(message.status, FieldList.from(message.fields).copy(), message.payload, message);
		} catch (error) {
			return this.refused(error);
		}
		this.status = response.status;
		const fault = this.faultOf(response);
		if (fault !== null) return this.pass(response, received, fault);
		const freshness = this.freshnessOf(response, received);
		const asked = {
			directives: directivesOf(this.plan.asked),
			authorized: isAuthorized(this.plan.asked, this.plan.context),
		};
		const wrong = storageFault(asked, response.status, response.fields, freshness, this.settings);
		if (wrong !== null) this.pass(response, received, wrong);
		else this.keep(response, received, freshness);
	}

	/** What keeps it out before the rules are asked. */
	private faultOf({ status, fields, payload, tunnel }: OutgoingResponse): string | null {
		if (!this.plan.mayStore) return 'not for storing';
		if (this.tainted) return 'invalidated meanwhile';
		if (tunnel !== undefined || isFileRange(payload) || status === 206) return `status ${status}`;
		const { object, headers } = this.settings;
		if (isSource(payload) && payload.length !== null && payload.length > object) return 'too large';
		let size = 0;
		for (const part of fields.raw) size += part.length;
		return size > headers ? 'header too large' : null;
	}

	private freshnessOf({ status, fields }: OutgoingResponse, received: Received): Freshness {
		const freshness = freshnessOf(status, fields, received, this.settings);
		const lifetime = this.settings.ttl?.(this.plan.asked, new OutgoingResponse(status, fields, null)) ?? null;
		return lifetime === null ? freshness : { ...freshness, lifetime, explicit: true };
	}

	/** It goes on to the client as it is, and ends with it. */
	private pass(response: OutgoingResponse, received: Received, fault: string): void {
		this.plan.context.onFinished({ exchangeFinished: (outcome) => this.context.finish(outcome) });
		this.receiver.fetched({ status: response.status, response, entry: null, fault, received });
	}

	private keep(response: OutgoingResponse, received: Received, freshness: Freshness): void {
		const { payload, status } = response;
		const body = this.bodyOf(payload as Exclude<typeof payload, { readonly path: string }>);
		const fields = storedFields(response.fields, freshness, received);
		const { key, asked } = this.plan;
		const selecting = selectingOf(varyNames(fields), FieldList.from(asked.fields));
		const { reason } = response;
		const tags = tagsOf(fields);
		const entry = new Entry({ key, status, reason, fields, body, selecting, freshness, received, tags });
		this.entry = entry;
		this.body = body;
		this.settings.store.put(entry);
		const forClient = new OutgoingResponse(status, response.fields, isSource(payload) ? body.read() : payload, {
			reason,
		});
		if (body.isComplete) this.finish(true);
		this.receiver.fetched({ status, response: forClient, entry, fault: null, received });
		body.fill();
	}

	private bodyOf(payload: string | Uint8Array | Source | null): Body {
		if (payload === null) return Body.of('');
		if (typeof payload === 'string') return Body.of(Buffer.from(payload));
		if (payload instanceof Uint8Array) return Body.of(payload);
		if (payload instanceof WholeSource && payload.trailers === null) return Body.of(payload.take());
		return Body.from(payload, this.settings.object, this);
	}

	// What becomes of the bytes.

	bodyComplete(): void {
		if (this.entry !== null) this.settings.store.changed(this.entry);
		this.finish(true);
	}

	/** RFC 9111 section 3.3: what is cut short is never a whole. */
	bodyCut(): void {
		this.unstore();
		this.finish(false);
	}

	bodyTooLarge(): void {
		this.unstore();
	}

	private unstore(): void {
		if (this.entry !== null) this.settings.store.remove(this.entry);
		this.entry = null;
	}

	private finish(ok: boolean): void {
		const { status } = this;
		const bytes = this.body?.bytes ?? 0;
		const outcome: Outcome = ok
			? { ok, status, bytes, received: 0 }
			: { ok, status, bytes, received: 0, cause: new CutShortError('The response was cut short'), committed: false };
		this.context.finish(outcome);
	}
}

/** RFC 9111 section 3.5 speaks of the field; whoever has proved himself to a layer of `auth` is known to the app all the same. */
export function isAuthorized({ fields }: IncomingRequest, context: Context): boolean {
	return fields.has('authorization') || context.has(identity);
}

const NOTHING = parseDirectives(null);

function directivesOf({ fields }: IncomingRequest): ReturnType<typeof parseDirectives> {
	const value = fields.get('cache-control');
	return value === null ? NOTHING : parseDirectives(value);
}

/** Of the connection, or for the next hop alone (RFC 9111 section 3.1). */
const NOT_STORED = [
	'connection',
	'keep-alive',
	'proxy-authenticate',
	'proxy-authentication-info',
	'proxy-authorization',
	'proxy-connection',
	'te',
	'transfer-encoding',
	'upgrade',
	'trailer',
	// It is told anew each time.
	'age',
];

function storedFields(given: FieldList, { directives }: Freshness, { at }: Received): FieldList {
	const fields = FieldList.of(given.raw);
	for (const name of NOT_STORED) fields.delete(name);
	for (const name of directives.names('private')) fields.delete(name);
	// RFC 9110 section 6.6.1: who receives a response without a date gives it one.
	if (!fields.has('date')) fields.append('Date', new Date(at).toUTCString());
	return fields;
}

/** What a stored response is from now on, after a 304 about it (section 4.3.4). */
export function renew(entry: Entry, { response, received }: Fetched, settings: CacheSettings): void {
	const { fields } = response;
	if (!fields.has('date')) fields.append('Date', new Date(received.at).toUTCString());
	const next = freshened(entry.fields, fields);
	// Its age counts for the calculation, and is not kept.
	const told = fields.get('age');
	if (told !== null) next.append('Age', told);
	entry.freshness = freshnessOf(entry.status, next, received, settings);
	next.delete('age');
	entry.fields = storedFields(next, entry.freshness, received);
	entry.received = received;
	entry.invalid = false;
	entry.tags = tagsOf(entry.fields);
	settings.store.changed(entry);
}
