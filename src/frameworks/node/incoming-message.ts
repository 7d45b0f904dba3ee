/**
 * The request that a framework is given: node's own IncomingMessage, filled as node's parser would. The body comes when it
 * is read, and waits while it is not.
 */
/* oxlint-disable no-underscore-dangle -- the names are node's */
import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Sink, type Source, WholeSource } from '../../bytes/index.ts';
import type { Context, RawRequest } from '../../convention/index.ts';
import { type Fields, tags } from '../../fields/index.ts';

/** What node's parser uses of a message; its types leave it out. */
interface Fillable {
	_addHeaderLines(lines: string[], count: number): void;
	_dump(): void;
	readonly _consuming: boolean;
	readonly _readableState: { readonly resumeScheduled: boolean };
}

/** Below a mount: what stood before, by the names that Express, connect and Fastify look for. */
interface Mounted {
	originalUrl: string;
	baseUrl: string;
}

/**
 * `url` is relative to the mount; `originalUrl` is what the client asked for and `baseUrl` the mount, as Express sets them
 * when it mounts an app. Without a mount both are left for the framework to set.
 */
export function incomingMessage(message: RawRequest, context: Context, socket: Duplex): IncomingMessage {
	const request = new IncomingMessage(socket as unknown as Socket);
	const { version, target, fields } = message;
	request.httpVersion = version === '2' ? '2.0' : version;
	request.httpVersionMajor = version === '2' ? 2 : 1;
	request.httpVersionMinor = version === '1.1' ? 1 : 0;
	request.method = message.method;
	request.url = target;
	const lines = fields.raw;
	// HTTP/2 says it in :authority, and node's users look for it here.
	if (message.authority !== '' && !hasHost(fields)) lines.unshift('host', message.authority);
	// And that there is a body they read from one of two fields, of which HTTP/2 needs neither.
	if (message.payload?.length === null && !isFramed(fields)) lines.push('transfer-encoding', 'chunked');
	(request as unknown as Fillable)._addHeaderLines(lines, lines.length);
	if (message.payload === null) request.complete = true;
	if (context.mount !== '') {
		const mounted = request as unknown as Mounted;
		mounted.originalUrl = originalTarget(message, context.mount);
		mounted.baseUrl = context.mount;
	}
	return request;
}

function hasHost(fields: Fields): boolean {
	return 'hasTagged' in fields
		? (fields as { hasTagged(tag: number): boolean }).hasTagged(tags.host)
		: fields.has('host');
}

function isFramed(fields: Fields): boolean {
	return fields.has('transfer-encoding') || fields.has('content-length');
}

function originalTarget({ form, target }: RawRequest, mount: string): string {
	if (form === 'origin') return mount + target;
	if (form !== 'absolute') return target;
	const authority = target.indexOf('://') + 3;
	const path = target.slice(authority).search(/[/?]/);
	return path === -1 ? target + mount : target.slice(0, authority + path) + mount + target.slice(authority + path);
}

/** Carries the payload into the message. `failed` is told of a body that was cut short, before the message is. */
export class RequestBody implements Sink {
	private readonly request: IncomingMessage;
	private source: Source | null;
	private readonly failed: (reason: Error) => void;
	private started = false;
	private over = false;

	constructor(request: IncomingMessage, source: Source | null, failed: (reason: Error) => void) {
		this.request = request;
		this.source = source;
		this.failed = failed;
	}

	/** Whether the body was asked for. */
	get touched(): boolean {
		return this.started;
	}

	/** The message has room. */
	readOn(): void {
		if (this.over) return;
		const { source } = this;
		if (this.started) return source?.resume();
		this.started = true;
		if (source === null) this.end();
		else if (source instanceof WholeSource) this.whole(source);
		else source.start(this);
	}

	/** Nobody wants it any more. */
	cancel(reason?: unknown): void {
		if (this.over) return;
		this.over = true;
		this.source?.cancel(reason);
	}

	/** The response is out: a body that nobody has read is given up, and the message ends as node lets it end. */
	dump(): void {
		const request = this.request as unknown as Fillable;
		if (request._consuming || request._readableState.resumeScheduled || this.over) return;
		this.source?.cancel();
		// Who comes to read after all is told that there is nothing.
		this.source = null;
		this.request.complete = true;
		// The way to an end is long, and most often nobody waits there.
		if (this.request.listenerCount('end') === 0 && this.request.listenerCount('close') === 0) return;
		this.over = true;
		this.request.push(null);
		request._dump();
	}

	write(chunk: Uint8Array): boolean {
		return !this.over && this.request.push(Buffer.from(chunk));
	}

	end(trailers?: Fields): void {
		if (this.over) return;
		this.over = true;
		this.request.complete = true;
		if (trailers !== undefined && trailers.size > 0) this.addTrailers(trailers);
		this.request.push(null);
	}

	fail(reason: Error): void {
		if (this.over) return;
		this.over = true;
		this.failed(reason);
		this.request.destroy(reason);
	}

	private whole(source: WholeSource): void {
		const content = source.take();
		if (content.length > 0)
			this.request.push(typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content));
		this.end(source.trailers ?? undefined);
	}

	private addTrailers(trailers: Fields): void {
		const lines = trailers.raw;
		(this.request as unknown as Fillable)._addHeaderLines(lines, lines.length);
	}
}
