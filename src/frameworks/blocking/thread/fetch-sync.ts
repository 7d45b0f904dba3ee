/** Other servers, asked by blocking. The asking is done by the process, whose loop stays free. */
import { HeadersView, UpstreamError } from '../../../convention/index.ts';
import { FieldList, type FieldsInit, isToken } from '../../../fields/index.ts';
import type { ToThread } from '../messages.ts';
import { unpacked } from '../thrown.ts';
import { BlockingBody } from './blocking-body.ts';
import { currentThread, type StreamOwner, type Thread } from './thread.ts';

export interface FetchSyncInit {
	/** Default: GET, or POST when there is a body. */
	readonly method?: string;
	readonly headers?: FieldsInit;
	/** Text is sent as UTF-8. */
	readonly body?: string | Uint8Array | URLSearchParams | null;
	/** Milliseconds for all of it, to the last byte of the answer that is read. Default: 30000. */
	readonly timeout?: number;
}

/** An answer: the head is there, the body is read by blocking. What is not read is given up when the callable ends. */
export class FetchedResponse {
	readonly url: string;
	readonly status: number;
	readonly fields: FieldList;
	readonly body: BlockingBody;
	private view: HeadersView | null = null;

	constructor(url: string, status: number, fields: readonly string[], body: BlockingBody) {
		this.url = url;
		this.status = status;
		this.fields = FieldList.of(fields);
		this.body = body;
	}

	/** Whether the status is from 200 to 299. */
	get ok(): boolean {
		return this.status >= 200 && this.status <= 299;
	}

	/** The fields as fetch's Headers. */
	get headers(): Headers {
		this.view ??= new HeadersView(this.fields);
		return this.view;
	}

	/** All of the body. Throws TooLargeError when there are more than `limit` bytes. */
	bytes(limit?: number): Uint8Array<ArrayBuffer> {
		return this.body.bytes(limit);
	}

	text(limit?: number): string {
		return this.body.text(limit);
	}

	json(limit?: number): unknown {
		return this.body.json(limit);
	}
}

/**
 * Asks another server, and blocks until the head of its answer has come. Redirects are answers like any other; nothing
 * is decoded. Throws UpstreamError when the server cannot be reached, breaks the rules or takes too long, Disconnected
 * once the client has gone, TypeError for a URL or fields that cannot be sent.
 */
export function fetchSync(url: string | URL, init: FetchSyncInit = {}): FetchedResponse {
	const { timeout = 30_000, body = null } = init;
	if (!(timeout > 0)) throw new RangeError(`Not a number of milliseconds: ${timeout}`);
	const thread = currentThread();
	thread.checkClient();
	const parsed = checkedUrl(url);
	const method = init.method ?? (body === null ? 'GET' : 'POST');
	if (!isToken(method) || method === 'CONNECT') throw new TypeError(`Not a method for fetchSync: ${method}`);
	const fields = FieldList.of(init.headers);
	const type = defaultType(body);
	if (type !== null && !fields.has('content-type')) fields.append('content-type', type);
	const until = performance.now() + timeout;
	const stream = thread.nextCall();
	const answer = new Answer(thread, stream, until, timeout);
	thread.post([
		'call',
		stream,
		{
			url: parsed.href,
			method,
			fields: fields.raw,
			body:
				body instanceof URLSearchParams ? body.toString() : body instanceof Uint8Array ? new Uint8Array(body) : body,
		},
	]);
	return answer.wait(parsed.href, until);
}

function checkedUrl(url: string | URL): URL {
	const parsed = new URL(url);
	if (parsed.username !== '' || parsed.password !== '')
		throw new TypeError('A URL for fetchSync holds no credentials: send an Authorization field');
	parsed.hash = '';
	return parsed;
}

function defaultType(body: FetchSyncInit['body']): string | null {
	if (body instanceof URLSearchParams) return 'application/x-www-form-urlencoded;charset=UTF-8';
	return typeof body === 'string' ? 'text/plain;charset=UTF-8' : null;
}

/** The answer that is waited for: its head, and the failure that came in its place. */
class Answer implements StreamOwner {
	private readonly thread: Thread;
	private readonly stream: number;
	private readonly timeout: number;
	private readonly body: BlockingBody;
	private head: { readonly status: number; readonly fields: readonly string[] } | null = null;
	private failure: Error | null = null;

	constructor(thread: Thread, stream: number, until: number, timeout: number) {
		this.thread = thread;
		this.stream = stream;
		this.timeout = timeout;
		this.body = new BlockingBody(thread, stream, 'coming');
		this.body.limit(until, () => this.late());
		thread.open(stream, this);
	}

	streamed(message: ToThread): void {
		if (message[0] === 'answered') this.head = { status: message[2], fields: message[3] };
		else if (this.head !== null) this.body.streamed(message);
		else if (message[0] === 'cut') this.failure = unpacked(message[2]);
	}

	wait(url: string, until: number): FetchedResponse {
		const came = this.thread.wait(() => this.head !== null || this.failure !== null, until);
		const { head, failure } = this;
		if (failure !== null) throw failure;
		if (!came || head === null) {
			this.thread.post(['drop', this.stream]);
			throw this.late();
		}
		return new FetchedResponse(url, head.status, head.fields, this.body);
	}

	private late(): UpstreamError {
		return new UpstreamError('http_response_timeout', { message: `No answer within ${this.timeout} ms` });
	}
}
