/**
 * One end of a TCP connection as tests want it: it sends exactly the bytes it is told, keeps every byte that came, and
 * every wait has a time limit whose message shows what had come until then.
 */
import type { Socket } from 'node:net';
import { type Head, type Message, readHead, readMessage } from './message.ts';

/** Milliseconds that a wait may take; generous, because machines under test are busy. */
const PATIENCE = 8_000;

/** How a connection ended, as this end saw it. */
export type Ending = 'finished' | 'reset';

export class RawPeer {
	readonly socket: Socket;
	/** Everything that came, latin1, while `keep` is on. */
	received = '';
	/** Number of bytes that came. */
	bytes = 0;
	/** Off: bytes are counted and dropped. */
	keep = true;
	/** The other end sent FIN. */
	ended = false;
	/** The socket's error, such as ECONNRESET. */
	failure: Error | null = null;
	private offset = 0;
	private readonly watchers = new Set<() => void>();

	constructor(socket: Socket) {
		this.socket = socket;
		socket.setNoDelay(true);
		socket.on('data', (chunk: Buffer) => {
			this.bytes += chunk.length;
			if (this.keep) this.received += chunk.toString('latin1');
			this.wake();
		});
		socket.on('end', () => {
			this.ended = true;
			this.wake();
		});
		socket.on('error', (error: Error) => {
			this.failure = error;
			this.wake();
		});
		socket.on('close', () => this.wake());
	}

	/** What came and was not taken yet. */
	get unread(): string {
		return this.received.slice(this.offset);
	}

	/** Nothing more will come. */
	get over(): boolean {
		return this.ended || this.failure !== null || this.socket.destroyed;
	}

	/** Strings are latin1: one byte for each code unit. */
	send(data: string | Uint8Array): this {
		if (!this.socket.destroyed) this.socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
		return this;
	}

	/** Sends FIN behind what was sent; the other direction stays open. */
	finish(): this {
		this.socket.end();
		return this;
	}

	/** Sends RST, where there is one: TLS is closed without a word. */
	reset(): this {
		// While a FIN is on its way there is no reset, and node would forget the socket without closing it.
		const finishing = this.socket.writableEnded && !this.socket.writableFinished;
		if (finishing || 'encrypted' in this.socket) this.socket.destroy();
		else this.socket.resetAndDestroy();
		return this;
	}

	destroy(): void {
		this.socket.destroy();
	}

	/** Stops reading: the receive window fills. */
	pause(): this {
		this.socket.pause();
		this.wake();
		return this;
	}

	resume(): this {
		this.socket.resume();
		return this;
	}

	/** Waits until `probe` gives something else than null or false. */
	when<T>(probe: () => T | null | false, what: string, patience: number = PATIENCE): Promise<T> {
		return new Promise((resolve, reject) => {
			const settle = (act: () => void) => {
				this.watchers.delete(check);
				clearTimeout(timer);
				act();
			};
			const check = () => {
				try {
					const value = probe();
					if (value !== null && value !== false) settle(() => resolve(value));
				} catch (error) {
					settle(() => reject(error as Error));
				}
			};
			const timer = setTimeout(
				() => settle(() => reject(new Error(`No ${what} in ${patience} ms. ${this.state()}`))),
				patience,
			);
			this.watchers.add(check);
			check();
		});
	}

	/** Takes the bytes up to and with the first match of `pattern`. */
	async read(pattern: string | RegExp, patience?: number): Promise<string> {
		return this.take(
			() => {
				const unread = this.unread;
				if (typeof pattern === 'string') {
					const at = unread.indexOf(pattern);
					return at < 0 ? null : this.offset + at + pattern.length;
				}
				const match = pattern.exec(unread);
				return match === null ? null : this.offset + match.index + match[0].length;
			},
			String(pattern),
			patience,
		);
	}

	/** Takes a message head and leaves what follows. */
	async head(): Promise<Head> {
		let head: Head | null = null;
		await this.take(() => (head = readHead(this.received, this.offset))?.next ?? null, 'message head');
		return head as unknown as Head;
	}

	/** Takes a whole message: a request, or a response to a request with that method. Responses with 1xx count as messages. */
	async message(method = 'GET'): Promise<Message> {
		let read: { message: Message; next: number } | null = null;
		await this.take(
			() => (read = readMessage(this.received, this.offset, { ended: this.ended, method }))?.next ?? null,
			'complete message',
		);
		return (read as unknown as { message: Message }).message;
	}

	/** Waits until the other end has closed, and says how. */
	closed(patience?: number): Promise<Ending> {
		return this.when(
			() => {
				if (this.failure !== null) return 'reset';
				return this.ended ? 'finished' : this.socket.destroyed && 'reset';
			},
			'end of the connection',
			patience,
		);
	}

	private async take(find: () => number | null, what: string, patience?: number): Promise<string> {
		const from = this.offset;
		const next = await this.when(
			() => {
				const found = find();
				if (found === null && this.over) throw new Error(`The connection ended before a ${what}. ${this.state()}`);
				return found;
			},
			what,
			patience,
		);
		this.offset = next;
		return this.received.slice(from, next);
	}

	private state(): string {
		const end = this.failure !== null ? `failed with ${this.failure.message}` : this.ended ? 'ended' : 'open';
		return `The connection is ${end}; unread: ${JSON.stringify(this.unread.slice(0, 600))}`;
	}

	private wake(): void {
		for (const watcher of [...this.watchers]) watcher();
	}
}
