/**
 * One exchange: the context that the app is given, and what the request facade is made of. How the response is written
 * is in response-writer.ts; when the next request may be read, in server-connection.ts.
 */

import type { Source } from '../../bytes/index.ts';
import {
	type Abilities,
	type ClosedListener,
	type Connection,
	type Context,
	Disconnected,
	ExchangeState,
	type FinishedListener,
	type IncomingInit,
	type Outcome,
	type ResponseTaker,
	type TrailersReader,
	type Version,
} from '../../convention/index.ts';
import { FieldList, type Fields, listOf, tags } from '../../fields/index.ts';
import type { RequestHead } from '../../protocol/h1/index.ts';
import { answer, answerError } from './answer.ts';
import type { ServerConnection } from './server-connection.ts';

/** This engine can do it all. A FileRange is read through memory. */
const abilities: Abilities = {
	inform: true,
	trailers: true,
	tunnel: true,
	rawFields: true,
	halfClose: true,
	sendFile: false,
};

const NO_OFFERS: readonly string[] = [];

export class Exchange extends ExchangeState implements Context, IncomingInit, TrailersReader, ResponseTaker {
	readonly owner: ServerConnection;
	readonly head: RequestHead;
	/** The request's body: fed while it comes in, or whole. */
	readonly payload: Source | null;
	readonly mount = '';
	/** The request has come in completely. */
	requestDone = false;
	/** The app has answered; the answer may still be on its way. */
	answered = false;
	/** The status of the response whose head is out; 0 before. */
	status = 0;
	/** Payload bytes of the response that were handed to the transport. */
	bytes = 0;
	private outcome: Outcome | null = null;
	private reason: unknown = undefined;
	private over = false;
	private controller: AbortController | null = null;
	private closedListeners: ClosedListener[] | null = null;
	private finishedListeners: FinishedListener[] | null = null;
	private trailerFields: FieldList | null = null;
	private trailersWaiting: ((fields: Fields | null) => void) | null = null;

	constructor(owner: ServerConnection, head: RequestHead, payload: Source | null) {
		super();
		this.owner = owner;
		this.head = head;
		this.payload = payload;
	}

	// What the request is made of.

	get method(): string {
		return this.head.method;
	}

	get target(): string {
		return this.head.target;
	}

	get form(): RequestHead['form'] {
		return this.head.form;
	}

	get authority(): string {
		return this.head.authority;
	}

	get scheme(): 'http' | 'https' {
		if (this.head.form === 'absolute') return (this.head.target.charCodeAt(4) | 0x20) === 0x73 ? 'https' : 'http';
		return this.owner.secure ? 'https' : 'http';
	}

	get version(): Version {
		return this.head.version === 11 ? '1.1' : '1.0';
	}

	get fields(): FieldList {
		return this.head.fields;
	}

	get trailersReader(): TrailersReader | null {
		return this.payload === null ? null : this;
	}

	get circumstances(): this {
		return this;
	}

	readTrailers(): Promise<Fields | null> {
		if (this.requestDone || this.over) return Promise.resolve(this.trailerFields);
		return new Promise((resolve) => {
			this.trailersWaiting = resolve;
		});
	}

	/** The request has come in completely, with these trailers. */
	requestComplete(trailers: FieldList | null): void {
		this.requestDone = true;
		this.trailerFields = trailers;
		this.trailersWaiting?.(trailers);
		this.trailersWaiting = null;
	}

	// What the app asks of its circumstances.

	get connection(): Connection {
		return this.owner.facts;
	}

	get can(): Abilities {
		return abilities;
	}

	get offers(): readonly string[] {
		const { head } = this;
		if (!head.offersTunnel) return NO_OFFERS;
		if (head.method === 'CONNECT') return ['connect'];
		return listOf((head.fields.getTagged(tags.upgrade) ?? '').toLowerCase());
	}

	inform(status: number, fields?: Fields): void {
		if (this.answered || this.over || this.head.version !== 11) return;
		if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) {
			throw new RangeError(`Not an informational status: ${status}`);
		}
		this.owner.inform(status, fields === undefined ? FieldList.empty() : FieldList.from(fields));
	}

	waitUntil(work: Promise<unknown>): void {
		this.owner.listener.waitUntil(work, this);
	}

	get closed(): AbortSignal {
		if (this.controller === null) {
			this.controller = new AbortController();
			if (this.reason !== undefined) this.controller.abort(this.reason);
		}
		return this.controller.signal;
	}

	onClosed(listener: ClosedListener): void {
		if (this.reason !== undefined) listener.exchangeClosed(this.reason);
		else if (this.over) return;
		else if (this.closedListeners === null) this.closedListeners = [listener];
		else this.closedListeners.push(listener);
	}

	offClosed(listener: ClosedListener): void {
		const at = this.closedListeners?.indexOf(listener) ?? -1;
		if (at >= 0) this.closedListeners?.splice(at, 1);
	}

	get finished(): Promise<Outcome> {
		return new Promise((resolve) => this.onFinished({ exchangeFinished: resolve }));
	}

	onFinished(listener: FinishedListener): void {
		if (this.outcome !== null) listener.exchangeFinished(this.outcome);
		else if (this.finishedListeners === null) this.finishedListeners = [listener];
		else this.finishedListeners.push(listener);
	}

	get remoteAddr(): { readonly hostname: string; readonly port: number; readonly transport: 'tcp' } {
		const { remote } = this.owner.facts;
		return remote.kind === 'ip'
			? { hostname: remote.host, port: remote.port, transport: 'tcp' }
			: { hostname: '', port: 0, transport: 'tcp' };
	}

	get props(): unknown {
		return undefined;
	}

	passThroughOnException(): void {}

	// What the app says.

	responded(response: Response): void {
		answer(this, response);
	}

	refused(error: unknown): void {
		answerError(this, error);
	}

	// How it ends.

	get committed(): boolean {
		return this.status !== 0;
	}

	get isOver(): boolean {
		return this.over;
	}

	/** The response is out as it should be. */
	succeed(): void {
		if (!this.over) this.settle({ ok: true, status: this.status, bytes: this.bytes });
	}

	/** Its time is up: the app is told, and may still be answered for. */
	expire(reason: unknown): void {
		this.reason = reason;
		const listeners = this.closedListeners;
		this.closedListeners = null;
		this.controller?.abort(reason);
		this.tellClosed(listeners, reason);
	}

	/** It was cut short: the app and everybody who waits are told. */
	abandon(cause: unknown): void {
		if (this.over) return;
		this.reason = cause ?? new Disconnected();
		const listeners = this.closedListeners;
		this.closedListeners = null;
		const { bytes, status, committed } = this;
		this.settle({ ok: false, status, bytes, cause: this.reason, committed });
		this.controller?.abort(this.reason);
		this.tellClosed(listeners, this.reason);
	}

	private settle(outcome: Outcome): void {
		this.over = true;
		this.outcome = outcome;
		this.closedListeners = null;
		this.trailersWaiting?.(null);
		this.trailersWaiting = null;
		const listeners = this.finishedListeners;
		this.finishedListeners = null;
		if (listeners !== null) for (const listener of listeners) this.tell(listener, outcome);
	}

	/** What is done behind an exchange is no affair of the next one's, nor of the process's. */
	private tell(listener: FinishedListener, outcome: Outcome): void {
		try {
			listener.exchangeFinished(outcome);
		} catch (error) {
			this.owner.listener.logFailure(this, error);
		}
	}

	private tellClosed(listeners: ClosedListener[] | null, reason: unknown): void {
		if (listeners === null) return;
		for (const listener of listeners) this.owner.listener.attempt(this, () => listener.exchangeClosed(reason));
	}
}
