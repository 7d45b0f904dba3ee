/**
 * What a limit in memory costs a request: `node bench/micro/rate-limit.ts`. The bar is 1 µs of CPU. An app is called with
 * the limit around it and without, in turns; the cost is the difference of the medians. A limit does three things: it finds
 * the key, takes from the bucket, and tells the answer's fields.
 */
import { type App, type Connection, type Context, DerivedContext, respond } from '../../src/convention/index.ts';
import { exchange } from '../../src/engine/memory/index.ts';
import { memoryLimits, type RateLimitOptions, rateLimit } from '../../src/middleware/rate-limit/index.ts';

const REQUESTS = 300_000;
const ROUNDS = 11;

const hello: App = () => respond(200, { 'content-type': 'text/plain' }, 'Hello, world!');
const { context: outer } = exchange(hello, {});
const request = new Request('http://example.org/');

class FromPeer extends DerivedContext {
	private readonly own: Connection;

	constructor(context: Context, host: string) {
		super(context);
		this.own = { ...context.connection, remote: { kind: 'ip', host, port: 4711 } };
	}

	override get connection(): Connection {
		return this.own;
	}
}

const ipv4 = (at: number): string => `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`;
const ipv6 = (at: number): string => `2001:db8:${(at >> 8).toString(16)}:${(at & 255).toString(16)}::1`;

function contexts(count: number, host: (at: number) => string): Context[] {
	return Array.from({ length: count }, (_, at) => new FromPeer(outer, host(at)));
}

/** Nanoseconds of CPU for each call. */
function measured(app: App, peers: readonly Context[]): number {
	const before = process.cpuUsage();
	for (let at = 0; at < REQUESTS; at++) {
		const context = peers[at % peers.length] as Context;
		const answer = app(request, context, context);
		if (answer instanceof Promise) throw new Error('The limit has made a promise of an answer.');
	}
	const { user, system } = process.cpuUsage(before);
	return ((user + system) * 1000) / REQUESTS;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** More than anybody can ask for, in the window of a limit as they are set. */
const generous = { limit: { requests: 1e9, per: 60_000 } };
const cases: [what: string, options: RateLimitOptions, peers: Context[]][] = [
	['one client of IPv4', generous, contexts(1, ipv4)],
	['10,000 clients of IPv4', generous, contexts(10_000, ipv4)],
	['10,000 clients of IPv6, by /64', generous, contexts(10_000, ipv6)],
	['the same, no fields', { ...generous, fields: false }, contexts(10_000, ipv6)],
	[
		'50,000 clients, 20,000 remembered',
		{ ...generous, store: memoryLimits({ limit: 20_000 }) },
		contexts(50_000, ipv4),
	],
];

for (const [what, options, peers] of cases) {
	const limited = rateLimit(options)(hello);
	const rounds = Array.from(
		{ length: ROUNDS },
		() => [measured(limited, peers), measured(hello, peers)] as const,
	).slice(1);
	const cost = median(rounds.map(([one]) => one)) - median(rounds.map(([, other]) => other));
	console.log(`${what.padEnd(36)} ${(cost / 1000).toFixed(3)} µs`);
}
