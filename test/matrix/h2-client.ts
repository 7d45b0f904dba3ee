/** Talks HTTP/2 by node's client: all exchanges are streams of one session. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2';
import { until } from '../support/until.ts';
import type { Ask, Client, Pair, Talk, TalkEnd, TalkHead } from './talk.ts';

/** `authority`: trust this certificate authority and speak TLS. */
export function h2Client(port: number, authority?: string): Client {
	// Cases queue more than node lets a session hold.
	const roomy = { maxSessionMemory: 200 };
	const session: ClientHttp2Session =
		authority === undefined
			? connect(`http://127.0.0.1:${port}`, roomy)
			: connect(`https://127.0.0.1:${port}`, { ...roomy, ca: authority, servername: 'localhost' });
	session.on('error', () => {});
	const ready = new Promise<void>((resolve) => session.once('remoteSettings', () => resolve()));
	return { open: (ask) => new H2Talk(session, ready, ask), close: () => session.destroy() };
}

class H2Talk implements Talk {
	readonly informational: TalkHead[] = [];
	private stream: ClientHttp2Stream | null = null;
	private text = '';
	private trailers: readonly Pair[] = [];
	private outgoing: readonly Pair[] = [];
	private final: TalkHead | null = null;
	private over = false;
	private whole = false;
	private held = false;
	private readonly waiting: ((stream: ClientHttp2Stream) => void)[] = [];

	/** Extended CONNECT may be asked for when the server has said that it knows it (RFC 8441 section 3). */
	constructor(session: ClientHttp2Session, ready: Promise<void>, ask: Ask) {
		void ready.then(() => {
			this.stream = session.request(headersOf(ask), { endStream: !streams(ask), waitForTrailers: true });
			this.watch(this.stream);
			for (const act of this.waiting.splice(0)) act(this.stream);
		});
	}

	private watch(stream: ClientHttp2Stream): void {
		stream.on('headers', (headers) => this.informational.push(headOf(headers)));
		stream.on('response', (headers, _flags, raw?: string[]) => {
			this.final = raw === undefined ? headOf(headers) : { status: Number(headers[':status']), fields: pairsOf(raw) };
		});
		stream.on('trailers', (headers) => {
			this.trailers = headOf(headers).fields;
		});
		stream.on('wantTrailers', () => stream.sendTrailers(Object.fromEntries(this.outgoing)));
		stream.setEncoding('latin1');
		if (!this.held) stream.on('data', (chunk: string) => (this.text += chunk));
		stream.on('end', () => (this.whole = true));
		stream.on('error', () => {});
		stream.on('close', () => {
			this.over = true;
			this.whole &&= stream.rstCode === 0;
		});
	}

	private act(what: (stream: ClientHttp2Stream) => void): void {
		if (this.stream === null) this.waiting.push(what);
		else what(this.stream);
	}

	async head(): Promise<TalkHead | null> {
		await until(() => this.final !== null || this.over, 'a head or the end of the stream');
		return this.final;
	}

	async reads(part: string): Promise<void> {
		await until(() => this.text.includes(part), `${part} in the body`);
	}

	async end(): Promise<TalkEnd> {
		await until(() => this.over || this.whole, 'the end of the stream');
		// A reset may follow the end by a moment, and makes it none.
		await until(() => this.over || this.stream?.writableEnded !== true, 'the close of the stream');
		return { text: this.text, whole: this.whole, trailers: this.trailers };
	}

	send(piece: string | Uint8Array): void {
		this.act((stream) => stream.write(piece));
	}

	get stuck(): number {
		return this.stream?.writableLength ?? 0;
	}

	finish(trailers: readonly Pair[] = []): void {
		this.outgoing = trailers;
		this.act((stream) => stream.end());
	}

	pause(): void {
		this.held = true;
		this.stream?.pause();
	}

	leave(): void {
		this.act((stream) => stream.close(8));
	}
}

const streams = ({ body = false, method = '', offer }: Ask): boolean =>
	body || method === 'CONNECT' || offer !== undefined;

function headersOf(ask: Ask): OutgoingHttpHeaders {
	const { target = '/hello', body = false, offer, fields = [] } = ask;
	const method = offer === undefined ? (ask.method ?? (body ? 'POST' : 'GET')) : 'CONNECT';
	const headers: Record<string, string | string[]> = { ':method': method };
	if (method === 'CONNECT' && offer === undefined) headers[':authority'] = target;
	else Object.assign(headers, { ':path': target, ':scheme': 'http', ':authority': 'matrix.test' });
	if (offer !== undefined) headers[':protocol'] = offer;
	for (const [name, value] of fields) {
		const key = name.toLowerCase() === 'host' ? ':authority' : name.toLowerCase();
		const before = headers[key];
		headers[key] = before === undefined || key === ':authority' ? value : [before, value].flat();
	}
	return headers;
}

function headOf(headers: object): TalkHead {
	const fields: Pair[] = [];
	let status = 0;
	for (const [name, value] of Object.entries(headers as Record<string, string | number | string[]>)) {
		if (name === ':status') status = Number(value);
		else for (const one of [value].flat()) fields.push([name, String(one)]);
	}
	return { status, fields };
}

function pairsOf(raw: readonly string[]): Pair[] {
	const pairs: Pair[] = [];
	for (let i = 0; i + 1 < raw.length; i += 2) {
		if (!raw[i]?.startsWith(':')) pairs.push([raw[i] as string, raw[i + 1] as string]);
	}
	return pairs;
}
