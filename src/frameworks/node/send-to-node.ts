/** A response of ours, written with node's: fields in groups by name, since HTTP/2 knows no other way, and the body with back-pressure. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asError, copied, fileSource, type Sink, type Source } from '../../bytes/index.ts';
import { cancelPayload, isFileRange, type RawResponse } from '../../convention/index.ts';
import type { Fields } from '../../fields/index.ts';

/** RFC 9113 section 8.2.2. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
	'connection',
	'keep-alive',
	'proxy-connection',
	'transfer-encoding',
	'upgrade',
]);

/** Throws what node refuses about the head; then nothing has been sent. */
export function send(response: RawResponse, incoming: IncomingMessage, outgoing: ServerResponse): void {
	const { status, reason, payload, tunnel } = response;
	if (tunnel !== undefined) throw new TypeError('toNode: a tunnel cannot be opened here');
	const lines = new Map<string, { readonly name: string; readonly values: string[] }>();
	for (const [name, value] of response.fields) {
		const key = name.toLowerCase();
		if (incoming.httpVersionMajor > 1 && HOP_BY_HOP.has(key)) continue;
		const line = lines.get(key);
		if (line === undefined) lines.set(key, { name, values: [value] });
		else line.values.push(value);
	}
	for (const { name, values } of lines.values())
		outgoing.setHeader(name, values.length === 1 ? (values[0] as string) : values);
	outgoing.statusCode = status;
	if (reason !== null && incoming.httpVersionMajor === 1) outgoing.statusMessage = reason;
	if (incoming.method === 'HEAD' || status === 204 || status === 304) {
		cancelPayload(payload);
		outgoing.end();
	} else if (payload === null) outgoing.end();
	else if (typeof payload === 'string' || payload instanceof Uint8Array) outgoing.end(payload);
	else new ResponseToNode(isFileRange(payload) ? fileSource(payload) : payload, response, outgoing).start();
}

/** Carries a payload into node's response. */
class ResponseToNode implements Sink {
	private readonly source: Source;
	private readonly trailing: RawResponse['trailing'];
	private readonly outgoing: ServerResponse;
	private over = false;

	constructor(source: Source, { trailing }: RawResponse, outgoing: ServerResponse) {
		this.source = source;
		this.trailing = trailing;
		this.outgoing = outgoing;
	}

	start(): void {
		const { outgoing, source } = this;
		outgoing.on('drain', () => source.resume());
		outgoing.on('close', () => {
			if (this.over) return;
			this.over = true;
			source.cancel();
		});
		try {
			source.start(this);
		} catch (error) {
			this.fail(asError(error));
		}
	}

	write(chunk: Uint8Array): boolean {
		return !this.over && this.outgoing.write(copied(chunk));
	}

	end(trailers?: Fields): void {
		if (this.over) return;
		this.over = true;
		if (trailers !== undefined) this.addTrailers(trailers);
		const more = this.trailing?.();
		if (!(more instanceof Promise)) return this.finish(more);
		more.then(
			(fields) => this.finish(fields),
			() => this.outgoing.destroy(),
		);
	}

	/** What was cut short must not look complete. */
	fail(reason: Error): void {
		this.over = true;
		this.outgoing.destroy(reason);
	}

	private finish(trailers: Fields | undefined): void {
		if (trailers !== undefined) this.addTrailers(trailers);
		this.outgoing.end();
	}

	private addTrailers(trailers: Fields): void {
		// HTTP/2's form takes a record alone.
		const lines = [...trailers];
		this.outgoing.addTrailers('stream' in this.outgoing ? Object.fromEntries(lines) : lines);
	}
}
