/** Talks HTTP/1.1 on raw sockets, one exchange on each, with the small reader of the tests. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Head, readChunked, readHead } from '../support/message.ts';
import { RawPeer } from '../support/raw-peer.ts';
import type { Ask, Client, Pair, Talk, TalkEnd, TalkHead } from './talk.ts';

/** `authority`: trust this certificate authority and speak TLS. */
export function h1Client(port: number, authority?: string): Client {
	const open = new Set<RawPeer>();
	return {
		open: (ask) => {
			const socket: Socket =
				authority === undefined
					? connect({ port, host: '127.0.0.1', allowHalfOpen: true })
					: connectTls({
							port,
							host: '127.0.0.1',
							servername: 'localhost',
							ca: authority,
							ALPNProtocols: ['http/1.1'],
						});
			const peer = new RawPeer(socket);
			open.add(peer);
			return new H1Talk(peer, ask);
		},
		close: () => {
			for (const peer of open) peer.destroy();
		},
	};
}

class H1Talk implements Talk {
	readonly informational: TalkHead[] = [];
	private readonly peer: RawPeer;
	private readonly method: string;
	private readonly framed: boolean;
	private final: Head | null = null;
	private at = 0;

	constructor(peer: RawPeer, ask: Ask) {
		this.peer = peer;
		const { target = '/hello', body = false, offer, fields = [] } = ask;
		this.method = ask.method ?? (body ? 'POST' : 'GET');
		const names = fields.map(([name]) => name.toLowerCase());
		const lines: Pair[] = [...fields];
		if (!names.includes('host')) lines.unshift(['Host', this.method === 'CONNECT' ? target : 'matrix.test']);
		if (offer !== undefined) lines.push(['Connection', 'Upgrade'], ['Upgrade', offer]);
		this.framed = body && !names.includes('content-length');
		if (this.framed) lines.push(['Transfer-Encoding', 'chunked']);
		const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
		peer.send(`${this.method} ${target} HTTP/1.1\r\n${head}\r\n`);
	}

	async head(): Promise<TalkHead | null> {
		while (this.final === null) {
			const next = await this.peer.when(() => {
				const head = readHead(this.peer.received, this.at);
				return head ?? (this.peer.over ? 'over' : null);
			}, 'head');
			if (next === 'over') return null;
			this.at = next.next;
			const status = statusOf(next);
			if (status >= 200 || status === 101) this.final = next;
			else this.informational.push({ status, fields: next.fields });
		}
		return { status: statusOf(this.final), fields: this.final.fields };
	}

	async reads(part: string): Promise<void> {
		const head = await this.head();
		const chunked = head?.fields.some(([name]) => name.toLowerCase() === 'transfer-encoding') === true;
		await this.peer.when(() => {
			const text = this.peer.received.slice(this.at);
			return (chunked ? unchunked(text) : text).includes(part);
		}, part);
	}

	async end(): Promise<TalkEnd> {
		const head = await this.head();
		if (head === null || this.final === null) return { text: '', whole: false, trailers: [] };
		const value = (name: string): string | null =>
			head.fields.filter(([other]) => other.toLowerCase() === name)[0]?.[1] ?? null;
		const tunnel = head.status === 101 || (this.method === 'CONNECT' && head.status < 300);
		if (this.method === 'HEAD' || head.status === 204 || head.status === 304) return this.fixed(0);
		if (!tunnel && value('transfer-encoding') !== null) return this.chunked();
		const length = tunnel ? null : value('content-length');
		if (length !== null) return this.fixed(Number(length));
		await this.peer.when(() => this.peer.over, 'end');
		return {
			text: this.peer.received.slice(this.at),
			whole: this.peer.ended && this.peer.failure === null,
			trailers: [],
		};
	}

	private async chunked(): Promise<TalkEnd> {
		await this.peer.when(() => this.peer.over || readChunked(this.peer.received, this.at) !== null, 'last chunk');
		const read = readChunked(this.peer.received, this.at);
		if (read === null) return { text: this.peer.received.slice(this.at), whole: false, trailers: [] };
		return { text: read.body, whole: true, trailers: read.trailers };
	}

	private async fixed(length: number): Promise<TalkEnd> {
		await this.peer.when(() => this.peer.over || this.peer.received.length >= this.at + length, 'whole body');
		const text = this.peer.received.slice(this.at, this.at + length);
		return { text, whole: text.length === length, trailers: [] };
	}

	send(piece: string | Uint8Array): void {
		const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
		if (!this.framed) this.peer.send(bytes);
		else
			this.peer
				.send(`${bytes.length.toString(16)}\r\n`)
				.send(bytes)
				.send('\r\n');
	}

	get stuck(): number {
		return this.peer.socket.writableLength;
	}

	finish(trailers: readonly Pair[] = []): void {
		const lines = trailers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
		if (this.framed) this.peer.send(`0\r\n${lines}\r\n`);
		else this.peer.finish();
	}

	pause(): void {
		this.peer.pause();
	}

	leave(): void {
		this.peer.reset();
	}
}

/** What a chunked body holds until now. */
function unchunked(text: string): string {
	let body = '';
	for (let at = 0; ; ) {
		const line = text.indexOf('\r\n', at);
		const size = line < 0 ? 0 : Number.parseInt(text.slice(at, line), 16);
		if (size === 0) return body;
		body += text.slice(line + 2, line + 2 + size);
		at = line + 4 + size;
	}
}

function statusOf(head: Head): number {
	return Number(head.startLine.split(' ')[1]);
}
