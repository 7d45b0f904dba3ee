/**
 * What credentials and budgets cost a forward proxy: `node bench/micro/credentials.ts`. CPU for each request, over an app
 * that is called without them; and what searching a body for a secret costs, by megabytes.
 */
import { randomBytes } from 'node:crypto';
import { type App, type Middleware, respond } from '../../src/convention/index.ts';
import { exchange } from '../../src/engine/memory/index.ts';
import { budget } from '../../src/middleware/budget/index.ts';
import { inject, secret } from '../../src/middleware/inject/index.ts';
import { Scrubber } from '../../src/middleware/inject/scrubber.ts';
import { type Destination, destination } from '../../src/proxy/index.ts';

const REQUESTS = 100_000;
const ROUNDS = 9;

process.env['BENCH_KEY'] = `sk-${randomBytes(24).toString('base64url')}`;
const KEY = secret('BENCH_KEY');

const hello: App = () => respond(200, { 'content-type': 'application/json', date: 'now', server: 'x' }, '{"hello":1}');
const { context, request } = exchange(hello, { url: 'https://api.example.com/v1/x', fields: { accept: '*/*' } });
const to = (host: string): Destination => ({
	...{ scheme: 'https', host, port: 443, authority: host, path: '/v1/x', intercepted: true },
});

/** Nanoseconds of CPU for each call. */
function measured(app: App): number {
	const before = process.cpuUsage();
	for (let at = 0; at < REQUESTS; at++) {
		if (app(request, context, context) instanceof Promise) throw new Error('A promise was made of an answer.');
	}
	const { user, system } = process.cpuUsage(before);
	return ((user + system) * 1000) / REQUESTS;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

const injecting = inject({
	'api.example.com': { fields: { authorization: secret.text`Bearer ${KEY}` }, paths: ['/v1'] },
});
const plain = inject({ 'api.example.com': { fields: { authorization: KEY }, scrub: false } });
const cases: [what: string, layer: Middleware, host: string][] = [
	['inject: a host without credentials', injecting, 'www.example.com'],
	['inject: a host with, answers as they are', plain, 'api.example.com'],
	['inject: a host with, answers searched', injecting, 'api.example.com'],
	['budget: requests', budget({ requests: 1e12, per: '1d' }), 'api.example.com'],
	['budget: requests and bytes', budget({ requests: 1e12, bytes: 9e14, per: '1d' }), 'api.example.com'],
];
for (const [what, layer, host] of cases) {
	context.set(destination, to(host));
	const app = layer(hello);
	const rounds = Array.from({ length: ROUNDS }, () => [measured(app), measured(hello)] as const).slice(1);
	const cost = median(rounds.map(([one]) => one)) - median(rounds.map(([, other]) => other));
	console.log(`${what.padEnd(44)} ${(cost / 1000).toFixed(2)} µs`);
}

const scrubber = new Scrubber([process.env['BENCH_KEY'] as string], 'injected-by-proxy');
const text = Buffer.from(
	JSON.stringify(Array.from({ length: 1_000 }, (_, id) => ({ id, name: `user ${id}`, x: 'y'.repeat(9) }))),
).subarray(0, 32_768);
for (const [what, chunk] of [
	['search of JSON, chunks of 32 KiB', text],
	['search of noise, chunks of 32 KiB', randomBytes(32_768)],
	['search of JSON, chunks of 100 bytes', text.subarray(0, 100)],
] as const) {
	const bodies = 64 * 1024 * 1024;
	const scrub = scrubber.flowing(() => {});
	const before = process.cpuUsage();
	for (let bytes = 0; bytes < bodies; bytes += chunk.length) scrub.write(chunk, () => {});
	const { user, system } = process.cpuUsage(before);
	console.log(`${what.padEnd(44)} ${(64 / ((user + system) / 1e6)).toFixed(0)} MB for a second of CPU`);
}
