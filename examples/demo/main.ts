/**
 * The demo, `npm start`: an old site, a modern app beside it, and one Turnabout in front of both, which shows them in one theme;
 * and a forward proxy. The front listens on the port PORT names, or 8080, the forward proxy on the one of PROXY_PORT, or 3128;
 * when that is taken, on a free one. RULES names other rules than those of the demo. SIGUSR2 stops the old site and starts it again, to see what people see meanwhile.
 */
import process from 'node:process';
import { type Running, type ServeOptions, serve } from 'turnabout';
import { front, rules } from './front.ts';
import { type LegacySite, startLegacySite } from './legacy/server.ts';
import { outward } from './outward.ts';
import { tour } from './tour.ts';

/** Starts a server; a port that is taken is no reason to fail. One that could not start has closed its app: `make` makes another. */
async function start(what: string, port: string, make: () => ServeOptions): Promise<Running> {
	try {
		return await serve({ ...make(), listen: `127.0.0.1:${port}` });
	} catch (error) {
		if (!isPortTaken(error)) throw error;
		console.log(`Port ${port} is taken, so ${what} takes a free one.`);
		return serve({ ...make(), listen: '127.0.0.1:0' });
	}
}

/** The front, and the forward proxy that leads to it. */
async function startBoth(legacy: string): Promise<[front: Running, proxy: Running]> {
	const { PORT = '8080', PROXY_PORT = '3128', RULES = rules } = process.env;
	const inward = await start('the demo', PORT, () => front(legacy, RULES));
	try {
		const port = Number(new URL(inward.urls[0] ?? '').port);
		return [inward, await start('the forward proxy', PROXY_PORT, () => outward(port))];
	} catch (error) {
		await inward.close();
		throw error;
	}
}

function isPortTaken(error: unknown): boolean {
	const cause = error instanceof Error ? error.cause : null;
	return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
}

const first = await startLegacySite(0);
const servers = await startBoth(first.url).catch(async (error: unknown) => {
	await first.stop();
	throw error;
});
const [url = '', proxy = ''] = servers.map(({ urls: [one] }) => one);
console.log(tour({ url, proxy, legacy: first.url, pid: process.pid }));

/** The old site, or null while it is down. */
let legacy: LegacySite | null = first;
/** The switches of the old site, one behind the other. */
let switched: Promise<unknown> = Promise.resolve();
process.on('SIGUSR2', () => {
	switched = switched.then(async () => {
		const site = legacy;
		legacy = site === null ? await startLegacySite(Number(new URL(first.url).port)) : null;
		await site?.stop();
		console.log(legacy === null ? 'The old site is down.' : 'The old site is up again.');
	});
	switched.catch((error: unknown) => console.error('The old site does not start:', error));
});

// Both at once: the old site ends its event streams and WebSockets, and the front has nothing to wait for. A second
// signal means the same (npm passes on what a terminal has sent already), and all is over within a second or so.
let stopped: Promise<unknown> | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.on(signal, () => {
		stopped ??= Promise.all([...servers.map((server) => server.stop()), legacy?.stop()]);
	});
}
