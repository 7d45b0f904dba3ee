/**
 * The demo, `npm start`: an old site, a modern app beside it, and one Turnabout in front of both.
 * The front listens on the port PORT names, or 8080; when that is taken, on a free one.
 */
import process from 'node:process';
import { type Running, serve } from 'turnabout';
import { front } from './front.ts';
import { startLegacySite } from './legacy/server.ts';
import { tour } from './tour.ts';

/** Starts the front; a port that is taken is no reason to fail. */
async function startFront(legacy: string): Promise<Running> {
	const port = process.env['PORT'] ?? '8080';
	try {
		return await serve({ ...front(legacy), listen: `127.0.0.1:${port}` });
	} catch (error) {
		if (!isPortTaken(error)) throw error;
		console.log(`Port ${port} is taken, so the demo takes a free one.`);
		return serve({ ...front(legacy), listen: '127.0.0.1:0' });
	}
}

function isPortTaken(error: unknown): boolean {
	const cause = error instanceof Error ? error.cause : null;
	return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
}

const legacy = await startLegacySite(0);
const running = await startFront(legacy.url).catch(async (error: unknown) => {
	await legacy.stop();
	throw error;
});
console.log(tour(running.urls[0] ?? ''));

// Both at once: the old site ends its event streams and WebSockets, and the front has nothing to wait for. A second
// signal means the same (npm passes on what a terminal has sent already), and all is over within a second or so.
let stopped: Promise<unknown> | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.on(signal, () => {
		stopped ??= Promise.all([running.stop(), legacy.stop()]);
	});
}
