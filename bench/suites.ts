/** The table of works: what is measured, on which targets, and the bars that our own have to keep. */
import { files } from './origin.ts';
import { caddyProxy } from './peers/caddy.ts';
import { frameworks, onItsOwn, onTurnabout } from './peers/frameworks.ts';
import {
	haproxyCache,
	haproxyHello,
	haproxyProxy,
	haproxySplice,
	haproxyTcp,
	haproxyTcpSplice,
} from './peers/haproxy.ts';
import { nginxCache, nginxHello, nginxProxy, nginxSecure } from './peers/nginx.ts';
import { nginxPhp } from './peers/nginx-php.ts';
import { httpProxy, nodeHello, nodeSecure, nodeStreams, proxyChain, undici } from './peers/node.ts';
import { articles } from './peers/programs/framework-apps.ts';
import { squid } from './peers/squid.ts';
import { tinyproxy } from './peers/tinyproxy.ts';
import { varnish } from './peers/varnish.ts';
import { page } from './php.ts';
import {
	turnaboutBalanced,
	turnaboutCache,
	turnaboutForward,
	turnaboutPhp,
	turnaboutReverse,
	turnaboutSecure,
	turnaboutServe,
} from './subjects/turnabout.ts';
import type { Target } from './target.ts';

/** What a figure says. Less is better in all but the second. */
export type Unit = 'CPU µs per request' | 'MiB per CPU second' | 'KiB per idle connection' | 'CPU µs per tunnel';

/** What stands behind the targets of a work. */
export type Behind = 'files' | 'php';

/**
 * How the origin is asked through a forward proxy: in absolute-form, through a tunnel for each exchange, or through tunnels
 * that are kept.
 */
export type Through = 'absolute-form' | 'each' | 'kept';

/** What must hold for the median of the figures, or of the ratios or differences paired by round. */
export interface Bar {
	readonly of: string;
	/** The other side of a ratio or difference; null for the figure itself. */
	readonly against: string | null;
	/** What is bound is how much more it is than the other side. Default: how many times as much. */
	readonly more?: true;
	readonly limit: 'at most' | 'at least';
	readonly value: number;
}

export interface Work {
	readonly name: string;
	readonly title: string;
	readonly unit: Unit;
	/** What the targets ask for `path`; null when they answer by themselves. */
	readonly behind: Behind | null;
	readonly path: string;
	/** The body every answer must have. */
	readonly body: Buffer;
	readonly targets: readonly Target[];
	readonly bars: readonly Bar[];
	/** The targets are forward proxies, asked in this way. */
	readonly through?: Through;
	/** Under TLS: on connections that are kept, each on a fresh one with a full handshake, or in HTTP/2 with 64 streams on each. */
	readonly secure?: 'kept' | 'fresh' | 'streams';
	/** Part of the smoke run. */
	readonly quick?: boolean;
	/** It takes long and varies little: no more rounds than this. */
	readonly mostRounds?: number;
}

const greeting = Buffer.from('Hello, world!');
const hello = { behind: null, path: '/', body: greeting } as const;
const kibibyte = { behind: null, path: '/', body: Buffer.from('x'.repeat(1_024)) } as const;
const small = { behind: 'files', path: '/1k', body: files['/1k'] ?? greeting } as const;
const keptSmall = { behind: 'files', path: '/kept/1k', body: files['/kept/1k'] ?? greeting } as const;
const passed = { behind: 'files', path: '/passed/1k', body: files['/passed/1k'] ?? greeting } as const;
const keptLarge = { behind: 'files', path: '/kept/100k', body: files['/kept/100k'] ?? greeting } as const;
const large = { behind: 'files', path: '/1m', body: files['/1m'] ?? greeting } as const;

const atMost = (value: number, of: string, against: string | null): Bar => ({ of, against, limit: 'at most', value });
const atLeast = (value: number, of: string, against: string): Bar => ({ of, against, limit: 'at least', value });

const ours = 'turnabout';

/** A framework on its own server and on ours: the same app, twice. */
function frameworkWorks(name: string): Work[] {
	const [own, served] = [onItsOwn(name), onTurnabout(name)];
	const common = { behind: null, unit: 'CPU µs per request', targets: [own, served] } as const;
	const bars = [atMost(1, served.name, own.name)];
	const json = Buffer.from(JSON.stringify(articles));
	return [
		{ ...common, name, title: `${name}, 13 bytes`, path: '/', body: greeting, bars },
		{ ...common, name: `${name}-json`, title: `${name}, 10 KiB of JSON`, path: '/json', body: json, bars },
	];
}

const forwardWorks: readonly Work[] = [
	{
		...small,
		name: 'forward',
		title: 'Forward proxy, absolute-form, 1 KiB, no log',
		unit: 'CPU µs per request',
		through: 'absolute-form',
		targets: [squid, turnaboutForward(ours), proxyChain],
		// tinyproxy keeps no connection alive.
		bars: [atMost(0.5, ours, 'Squid')],
		quick: true,
	},
	{
		...small,
		name: 'connect',
		title: 'Connect, CONNECT, an exchange of 1 KiB through the tunnel, close',
		unit: 'CPU µs per tunnel',
		through: 'each',
		targets: [haproxyTcp, squid, turnaboutForward(ours), proxyChain, tinyproxy],
		bars: [atMost(1, ours, 'Squid')],
		quick: true,
	},
	{
		...large,
		name: 'tunnel',
		title: 'Bodies of 1 MiB through tunnels that stand',
		unit: 'MiB per CPU second',
		through: 'kept',
		targets: [haproxyTcp, haproxyTcpSplice, squid, turnaboutForward(ours), proxyChain, tinyproxy],
		bars: [atLeast(0.9, ours, 'HAProxy'), atLeast(1.5, ours, 'Squid')],
	},
	{
		...small,
		name: 'guard',
		title: 'Forward proxy, absolute-form, with policy and guard',
		unit: 'CPU µs per request',
		through: 'absolute-form',
		targets: [turnaboutServe(ours, 'forward-open.ts'), turnaboutServe('turnabout, guarded', 'forward-guarded.ts')],
		bars: [{ ...atMost(3, 'turnabout, guarded', ours), more: true }],
	},
];

const secureTargets = [nginxSecure, turnaboutSecure(ours, 'hello-1k.ts'), nodeSecure];

const secureWorks: readonly Work[] = [
	{
		...kibibyte,
		name: 'tls',
		title: 'An app answering 1 KiB under TLS, connections kept',
		unit: 'CPU µs per request',
		secure: 'kept',
		targets: secureTargets,
		bars: [atMost(1.5, ours, 'nginx')],
	},
	{
		...kibibyte,
		name: 'handshakes',
		title: 'The same, each on a connection of its own: a full handshake of TLS 1.3',
		unit: 'CPU µs per request',
		secure: 'fresh',
		targets: secureTargets,
		bars: [atMost(1.66, ours, 'nginx')],
	},
	{
		...kibibyte,
		name: 'h2',
		title: 'The same in HTTP/2, 64 streams on each of 4 connections',
		unit: 'CPU µs per request',
		secure: 'streams',
		targets: [nginxSecure, turnaboutSecure(ours, 'hello-1k.ts'), nodeStreams],
		bars: [atMost(1.1, ours, 'node:http2')],
	},
];

export const works: readonly Work[] = [
	...secureWorks,
	{
		...hello,
		name: 'hello',
		title: 'An app answering 13 bytes',
		unit: 'CPU µs per request',
		targets: [nginxHello, haproxyHello, turnaboutServe(ours, 'hello.ts'), nodeHello],
		bars: [atMost(1.3, ours, 'nginx')],
		quick: true,
	},
	{
		...small,
		name: 'reverse',
		title: 'Reverse proxy, 1 KiB, no log',
		unit: 'CPU µs per request',
		targets: [nginxProxy('off'), haproxyProxy, turnaboutReverse('off'), undici, httpProxy, caddyProxy],
		bars: [atMost(1.35, ours, 'nginx')],
		quick: true,
	},
	{
		...small,
		name: 'reverse-log',
		title: 'Reverse proxy, 1 KiB, an access log line per request',
		unit: 'CPU µs per request',
		targets: [nginxProxy('file'), turnaboutReverse('file')],
		bars: [atMost(1.4, ours, 'nginx')],
	},
	{
		...small,
		name: 'balance',
		title: 'The same with two upstreams: in turn, and by least active',
		unit: 'CPU µs per request',
		targets: [
			turnaboutReverse('off'),
			turnaboutBalanced('turnabout, in turn', 'round-robin'),
			turnaboutBalanced('turnabout, least active', 'least-active'),
			turnaboutBalanced('turnabout, by latency', 'latency'),
		],
		bars: [
			{ ...atMost(1, 'turnabout, in turn', ours), more: true },
			{ ...atMost(1, 'turnabout, least active', ours), more: true },
			{ ...atMost(1, 'turnabout, by latency', ours), more: true },
		],
	},
	{
		...keptSmall,
		name: 'cache',
		title: 'A cache in memory, hits of 1 KiB',
		unit: 'CPU µs per request',
		targets: [nginxCache, varnish, haproxyCache, turnaboutCache],
		bars: [atMost(1, ours, 'nginx'), atMost(0.6, ours, 'Varnish')],
		quick: true,
	},
	{
		...keptLarge,
		name: 'cache-100k',
		title: 'A cache in memory, hits of 100 KiB',
		unit: 'MiB per CPU second',
		targets: [nginxCache, varnish, haproxyCache, turnaboutCache],
		bars: [atLeast(1, ours, 'nginx')],
	},
	{
		...passed,
		name: 'cache-miss',
		title: 'Reverse proxy, 1 KiB that may not be kept, through a cache',
		unit: 'CPU µs per request',
		targets: [turnaboutReverse('off'), { ...turnaboutCache, name: 'turnabout, with a cache' }],
		bars: [{ ...atMost(4, 'turnabout, with a cache', ours), more: true }],
	},
	{
		...hello,
		name: 'stack',
		title: 'The app of 13 bytes behind 5 pass-through middleware',
		unit: 'CPU µs per request',
		targets: [turnaboutServe(ours, 'hello.ts'), turnaboutServe('turnabout, stack of 5', 'hello-stack.ts')],
		bars: [atMost(1.1, 'turnabout, stack of 5', ours)],
	},
	{
		...large,
		name: 'reverse-1m',
		title: 'Reverse proxy, bodies of 1 MiB',
		unit: 'MiB per CPU second',
		targets: [nginxProxy('off'), haproxyProxy, haproxySplice, turnaboutReverse('off'), undici, httpProxy, caddyProxy],
		bars: [atLeast(1.3, ours, 'nginx'), atLeast(0.8, ours, 'HAProxy')],
	},
	{
		...hello,
		name: 'idle',
		title: 'Idle kept-alive connections, one request made on each',
		unit: 'KiB per idle connection',
		targets: [nginxHello, haproxyHello, turnaboutServe(ours, 'hello.ts'), nodeHello],
		bars: [atMost(6, ours, null)],
		mostRounds: 3,
	},
	{
		name: 'php',
		title: 'A page of PHP, 1 KiB, through php-fpm; what the front costs',
		unit: 'CPU µs per request',
		behind: 'php',
		path: '/page.php',
		body: page,
		targets: [nginxPhp, turnaboutPhp(ours)],
		bars: [atMost(1.3, ours, 'nginx')],
		quick: true,
	},
	{
		...hello,
		name: 'blocking',
		title: 'The answer of 13 bytes from a thread',
		unit: 'CPU µs per request',
		targets: [turnaboutServe(ours, 'hello.ts'), turnaboutServe('turnabout, threads', 'hello-threads.ts')],
		bars: [{ ...atMost(60, 'turnabout, threads', ours), more: true }],
		quick: true,
	},
	{
		...hello,
		name: 'front',
		title: 'The app of 13 bytes behind requestId, errors and routes',
		unit: 'CPU µs per request',
		targets: [turnaboutServe(ours, 'hello.ts'), turnaboutServe('turnabout, front', 'hello-front.ts')],
		bars: [{ ...atMost(3, 'turnabout, front', ours), more: true }],
	},
	{
		...hello,
		name: 'log-json',
		title: 'The app of 13 bytes with an access log in JSON, to a file',
		unit: 'CPU µs per request',
		targets: [turnaboutServe(ours, 'hello.ts'), turnaboutServe('turnabout, log', 'hello.ts', 'json')],
		bars: [{ ...atMost(3, 'turnabout, log', ours), more: true }],
	},
	...Object.keys(frameworks).flatMap(frameworkWorks),
	...forwardWorks,
];
