/** One request to the origin, and what its answer is for the store. */
import { CutShortError, type FileRange, type Source, WholeSource } from '../bytes/index.ts';
import {
	type App,
	askApp,
	type Context,
	type IncomingRequest,
	identity,
	isFileRange,
	isSource,
	type Outcome,
	OutgoingResponse,
	payloadLength,
	type ResponseTaker,
	rawResponse,
} from '../convention/index.ts';
import { FieldList } from '../fields/index.ts';
import type { Member, Roster } from '../transport/index.ts';
import { Body, type BodyOwner, kept } from './body.ts';
import { Entry } from './entry.ts';
import { FillContext, type FillOwner } from './fill-context.ts';
import { partIn, partKey } from './parts.ts';
import {
	type Freshness,
	freshened,
	freshnessOf,
	parseDirectives,
	type Received,
	refusalOf,
	type Said,
	saidIn,
	selectingOf,
	uselessness,
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
	/** When it was asked for and answered. */
	readonly received: Received;
}

/** Who wants to know, and what exactly. Told once. */
export interface Asker {
	readonly key: string;
	/** The request as the client has sent it: what is stored is selected by it. */
	readonly request: IncomingRequest;
	readonly context: Context;
	/** Whether anybody else waits for it now. */
	readonly isShared: boolean;
	/** Only what says itself how long it holds is stored. Default: false. */
	readonly onlyExplicit?: boolean;
	fetched(fetched: Fetched): void;
	failed(error: unknown): void;
}

/** Who counts what is under way. */
export interface FetchHost {
	readonly settings: CacheSettings;
	readonly fetches: Roster<Fetch>;
}

export class Fetch implements ResponseTaker, BodyOwner, FillOwner, Member {
	rosterPlace = -1;
	/** Something has happened to the resource since it was asked for: what comes back is not stored (RFC 9111 section 4.4). */
	tainted = false;
	private readonly host: FetchHost;
	private readonly settings: CacheSettings;
	private readonly asker: Asker;
	private readonly context: FillContext;
	private asked: number = performance.now();
	private entry: Entry | null = null;
	private body: Body | null = null;
	private status = 0;

	/** `detached`: nobody is in front of it; what is stored is renewed. */
	constructor(host: FetchHost, asker: Asker, detached: boolean) {
		this.host = host;
		this.settings = host.settings;
		this.asker = asker;
		this.context = new FillContext(asker.context, this, detached);
		host.fetches.add(this);
	}

	get key(): string {
		return this.asker.key;
	}

	/** The client has left: whether it is worth to go on. */
	goesOn(): boolean {
		return this.body === null ? this.asker.isShared : this.entry !== null || this.body.isRead;
	}

	/** Nobody waits for it any longer. */
	abandon(reason: Error): void {
		this.host.fetches.delete(this);
		this.context.close(reason);
	}

	/** `sent`: the request as it goes out. */
	begin(next: App, sent: IncomingRequest): void {
		this.asked = performance.now();
		askApp(next, sent, this.context, this);
	}

	refused(error: unknown): void {
		this.host.fetches.delete(this);
		this.finish(false);
		this.asker.failed(error);
	}

	responded(given: Response): void {
		this.host.fetches.delete(this);
		const received = { asked: this.asked, answered: performance.now(), at: Date.now() };
		try {
			this.take(given, received);
		} catch (error) {
			// It was no response at all, or a rule of the user's has thrown.
			this.refused(error);
		}
	}

	private take(given: Response, received: Received): void {
		const message = rawResponse(given);
		const { status, fields, payload } = message;
		const response = new OutgoingResponse(status, FieldList.from(fields).copy(), payload, message);
		this.status = status;
		const freshness = this.freshnessToStore(response, received);
		if (typeof freshness === 'string') this.pass(response, received);
		else this.keep(response, received, freshness);
	}

	/** How long it is fresh, if it may be stored; else why it may not. What is cheap to find out comes first. */
	private freshnessToStore(response: OutgoingResponse, received: Received): Freshness | string {
		const { status, fields, payload } = response;
		const { settings } = this;
		const { request, context } = this.asker;
		if (this.tainted) return 'invalidated meanwhile';
		if (response.tunnel !== undefined || isFileRange(payload)) return 'no body that could be stored';
		if (status === 206 && !isWholePart(response)) return 'no part that could be stored';
		if (isSource(payload) && payload.length !== null && payload.length > settings.object) return 'too large';
		const said = saidIn(fields, settings.targets);
		const asked = { directives: directivesOf(request), authorized: isAuthorized(request, context) };
		const refusal = refusalOf(asked, status, fields, said.directives, settings);
		if (refusal !== null) return refusal;
		const freshness = freshnessBy(settings, request, response, received, said);
		if (this.asker.onlyExplicit === true && !freshness.explicit) return 'no freshness of its own';
		const useless = uselessness(status, fields, freshness);
		if (useless !== null) return useless;
		let size = 0;
		for (const part of fields.raw) size += part.length;
		return size > settings.headers ? 'header too large' : freshness;
	}

	/** It goes on to the client as it is, and ends with it. */
	private pass(response: OutgoingResponse, received: Received): void {
		this.context.pass();
		this.asker.fetched({ status: response.status, response, entry: null, received });
	}

	private keep(response: OutgoingResponse, received: Received, freshness: Freshness): void {
		const { payload, status } = response;
		const body = this.bodyOf(payload as Exclude<typeof payload, FileRange>);
		const fields = storedFields(response.fields, freshness, received);
		const { request } = this.asker;
		const key = status === 206 ? partKey(this.asker.key) : this.asker.key;
		const selecting = selectingOf(varyNames(fields), FieldList.from(request.fields));
		const { reason } = response;
		const tags = tagsOf(fields);
		const entry = new Entry({ key, status, reason, fields, body, selecting, freshness, received, tags });
		this.entry = entry;
		if (body instanceof Body) this.body = body;
		this.settings.store.put(entry);
		const forClient = new OutgoingResponse(status, response.fields, isSource(payload) ? entry.read() : payload, {
			reason,
		});
		if (this.body === null) this.finish(true);
		this.asker.fetched({ status, response: forClient, entry, received });
		this.body?.fill();
	}

	private bodyOf(payload: string | Uint8Array | Source | null): Body | string | Uint8Array {
		if (payload === null) return '';
		if (typeof payload === 'string') return kept(Buffer.from(payload));
		if (payload instanceof Uint8Array) return kept(payload);
		if (payload instanceof WholeSource && payload.trailers === null) return kept(payload.take());
		return Body.from(payload, this.settings.object, this);
	}

	// What becomes of the bytes.

	bodyComplete(): void {
		const { entry, body } = this;
		if (entry !== null && body !== null) {
			entry.settle(body.content);
			this.settings.store.changed(entry);
		}
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

	/** What is coming takes room as what has come does; it may be the one that has to make it. */
	bodyGrown(): boolean {
		const { entry } = this;
		if (entry === null) return false;
		this.settings.store.changed(entry);
		return entry.counted > 0;
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

/** One part, of which as much is coming as it says. */
function isWholePart({ fields, payload }: OutgoingResponse): boolean {
	const part = partIn(fields);
	const length = isFileRange(payload) ? null : payloadLength(payload);
	return part !== null && length === part.last - part.first + 1;
}

/** By what it says, or by the rule of whoever has set one. */
function freshnessBy(
	settings: CacheSettings,
	request: IncomingRequest,
	{ status, fields }: OutgoingResponse,
	received: Received,
	said: Said,
): Freshness {
	const freshness = freshnessOf(status, fields, received, settings, said);
	const lifetime = settings.ttl?.(request, new OutgoingResponse(status, fields, null)) ?? null;
	return lifetime === null ? freshness : { ...freshness, lifetime, explicit: true };
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
export function renew(
	entry: Entry,
	request: IncomingRequest,
	{ response, received }: Fetched,
	settings: CacheSettings,
): void {
	const { fields } = response;
	if (!fields.has('date')) fields.append('Date', new Date(received.at).toUTCString());
	const next = freshened(entry.fields, fields);
	// Its age counts for the calculation, and is not kept.
	const told = fields.get('age');
	if (told !== null) next.append('Age', told);
	const whole = new OutgoingResponse(entry.status, next, null);
	const freshness = freshnessBy(settings, request, whole, received, saidIn(next, settings.targets));
	const renewed = storedFields(next, freshness, received);
	entry.renew(renewed, freshness, received, tagsOf(renewed));
	settings.store.changed(entry);
}
