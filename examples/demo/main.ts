/**
 * The demo, `npm start`: an old site, a modern app beside it, and one Turnabout in front of both, which shows them in one theme.
 * The front listens on the port PORT names, or 8080; when that is taken, on a free one. RULES names other rules than
 * those of the demo. SIGUSR2 stops the old site and starts it again, to see what people see meanwhile.
 */
import process from 'node:process';
import { type Running, serve } from 'turnabout';
import { front, rules } from './front.ts';
import { type LegacySite, startLegacySite } from './legacy/server.ts';
import { tour } from './tour.ts';

/** Starts the front; a port that is taken is no reason to fail. */
async function startFront(legacy: string): Promise<Running> {
	const port = process.env['PORT'] ?? '8080';
	const source = process.env['RULES'] ?? rules;
	try {
		return await serve({ ...front(legacy, source), listen: `127.0.0.1:${port}` });
	} catch (error) {
		if (!isPortTaken(error)) throw error;
		console.log(`Port ${port} is taken, so the demo takes a free one.`);
		return serve({ ...front(legacy, source), listen: '127.0.0.1:0' });
	}
}

function isPortTaken(error: unknown): boolean {
	const cause = error instanceof Error ? error.cause : null;
	return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
}

const first = await startLegacySite(0);
const running = await startFront(first.url).catch(async (error: unknown) => {
	await first.stop();
	throw error;
});
console.log(tour(running.urls[0] ?? '', first.url, process.pid));

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
		stopped ??= Promise.all([running.stop(), legacy?.stop()]);
	});
}
