/**
 * Clients of a proxy that opens tunnels, or of a relay that has only one place to lead to:
 * `node tunnel-clients.ts PORT AUTHORITY PATH CONNECTIONS SECONDS HOW`. AUTHORITY is asked for by CONNECT, or `-` for a
 * relay; PATH is one of the origin's files. `each` makes a tunnel for every exchange and closes it, `kept` makes exchanges on
 * the same tunnels until the time is over. Every client finishes what it has begun, so that what was paid for is counted. Every
 * byte of every body is compared. Prints a Load as JSON; bytes that are not the file's end it with status 1.
 */
import { connect, type Socket } from 'node:net';
import type { Load } from './load.ts';
import { files, originAddresses } from './origin.ts';

const [port = '', authority = '-', path = '/1k', connections = '1', seconds = '0', how = 'each'] =
	process.argv.slice(2);
const expected = files[path] ?? Buffer.alloc(0);
const relay = authority === '-';
// Whoever closes first keeps the port for a minute. That it is the origin leaves the ports of clients and proxy free, of which
// the system would otherwise run out, and spend its time looking for one.
const closing = how === 'each' ? 'Connection: close\r\n' : '';
const question = `GET ${path} HTTP/1.1\r\nHost: ${authority}\r\nUser-Agent: tunnel\r\n${closing}\r\n`;
/** More than so many failures are no load any more. */
const MOST_FAILURES = 100;
/** Addresses of the clients, and of the origin as they ask for it, so that the ports between two do not run out. */
const ADDRESSES = originAddresses.length;

/** What is read is looked at before the next read, so all can share one buffer. */
const buffer = Buffer.allocUnsafeSlow(262_144);
const times: number[] = [];
const seen = { requests: 0, bytes: 0, refused: 0, socketErrors: 0 };
let under = Number(connections);
const deadline = performance.now() + Number(seconds) * 1000;

class Client {
	private readonly address: string;
	private readonly opening: string;
	private socket: Socket | null = null;
	private state: 'opening' | 'head' | 'body' | 'over' = 'opening';
	private head = '';
	private at = 0;
	private began = 0;

	constructor(number: number) {
		this.address = `127.0.0.${2 + (number % ADDRESSES)}`;
		const there = authority.replace(/^[^:]*/, originAddresses[number % ADDRESSES] as string);
		this.opening = `CONNECT ${there} HTTP/1.1\r\nHost: ${there}\r\nUser-Agent: tunnel\r\n\r\n`;
	}

	open(): void {
		this.began = performance.now();
		this.head = '';
		this.state = relay ? 'head' : 'opening';
		const onread = { buffer, callback: (length: number): boolean => this.received(length) };
		const socket = connect({
			host: '127.0.0.1',
			port: Number(port),
			localAddress: this.address,
			noDelay: true,
			onread,
		});
		this.socket = socket;
		socket.write(relay ? question : this.opening);
		socket.on('error', () => {});
		socket.on('close', () => this.closed());
	}

	private received(length: number): boolean {
		let from = 0;
		if (this.state !== 'body') from = this.readHead(length);
		if (this.state === 'body') this.readBody(from, length);
		return true;
	}

	/** Returns where what follows the head begins. */
	private readHead(length: number): number {
		const before = this.head.length;
		this.head += buffer.toString('latin1', 0, length);
		const end = this.head.indexOf('\r\n\r\n');
		if (end < 0) return length;
		const head = this.head.slice(0, end);
		this.head = '';
		if (!/^HTTP\/1\.[01] 2\d\d[ \r]/.test(`${head}\r`)) this.refused();
		else if (this.state === 'opening') this.ask(end + 4 - before < length);
		else if (!new RegExp(`^content-length: ${expected.length}\r?$`, 'im').test(head))
			complain(`an answer began ${head}`);
		else this.state = 'body';
		this.at = 0;
		return end + 4 - before;
	}

	private ask(tooEarly: boolean): void {
		if (tooEarly) complain('there were bytes in the tunnel before anything was asked');
		this.state = 'head';
		this.socket?.write(question);
	}

	private readBody(from: number, length: number): void {
		const to = this.at + length - from;
		if (to > expected.length || buffer.compare(expected, this.at, to, from, length) !== 0)
			complain(`bytes ${this.at} to ${to} were not those of the file`);
		this.at = to;
		if (to === expected.length) this.answered();
	}

	private answered(): void {
		seen.requests++;
		seen.bytes += this.at;
		if (how === 'each') {
			this.state = 'over';
			return;
		}
		if (performance.now() >= deadline) {
			this.state = 'over';
			this.socket?.end();
			return;
		}
		this.told();
		this.began = performance.now();
		this.state = 'head';
		this.socket?.write(question);
	}

	private told(): void {
		times.push(performance.now() - this.began);
	}

	private refused(): void {
		seen.refused++;
		this.state = 'over';
		this.socket?.destroy();
	}

	private closed(): void {
		if (this.state === 'over') this.told();
		else seen.socketErrors++;
		this.socket = null;
		if (performance.now() < deadline && seen.socketErrors + seen.refused < MOST_FAILURES) this.open();
		else if (--under === 0) report();
	}
}

function complain(what: string): never {
	process.stderr.write(`${what}\n`);
	process.exit(1);
}

function report(): void {
	times.sort((a, b) => a - b);
	const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
	const load: Load = { ...seen, p50: at(0.5), p99: at(0.99) };
	process.stdout.write(JSON.stringify(load));
}

for (let number = 0; number < Number(connections); number++) new Client(number).open();
