/** How the server is doing, for balancers, Prometheus and people. What changes anything is not here. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type App, type RawRequest, raw, respond } from '../../convention/index.ts';
import { exposition } from '../../observe/index.ts';
import type { Snapshot } from './snapshot.ts';

export interface AdminSource {
	/** Whether requests are let in: not any more once it has begun to stop. */
	readonly isReady: boolean;
	snapshot(): Promise<Snapshot>;
}

const NO_STORE = { 'Cache-Control': 'no-store' } as const;
const PLAIN = { ...NO_STORE, 'Content-Type': 'text/plain; charset=utf-8' } as const;
const PATHS = '/live, /ready, /status and /metrics';

export function adminApp(source: AdminSource, token: string | null): App {
	const wanted = token === null ? null : digest(`Bearer ${token}`);
	return async (given) => {
		const request = raw(given);
		if (request.method !== 'GET' && request.method !== 'HEAD')
			return respond(405, { ...PLAIN, Allow: 'GET, HEAD' }, 'Only to read.\n');
		const [path] = request.target.split('?', 1);
		if (path === '/live') return respond(200, PLAIN, 'live\n');
		if (path === '/ready') return source.isReady ? respond(200, PLAIN, 'ready\n') : respond(503, PLAIN, 'stopping\n');
		if (wanted !== null && !isLetIn(request, wanted))
			return respond(401, { ...PLAIN, 'WWW-Authenticate': 'Bearer' }, 'A token is needed.\n');
		if (path === '/metrics') return metrics(await source.snapshot());
		if (path === '/status') return status(await source.snapshot());
		return respond(404, PLAIN, `There are ${PATHS}.\n`);
	};
}

function metrics({ measures }: Snapshot): Response {
	return respond(
		200,
		{ ...NO_STORE, 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
		exposition(measures),
	);
}

function status({ processes }: Snapshot): Response {
	return respond(
		200,
		{ ...NO_STORE, 'Content-Type': 'application/json' },
		`${JSON.stringify({ processes }, null, '\t')}\n`,
	);
}

/** In a time that says nothing of the token. */
function isLetIn(request: RawRequest, wanted: Uint8Array): boolean {
	return timingSafeEqual(digest(request.fields.get('authorization') ?? ''), wanted);
}

function digest(text: string): Uint8Array {
	return createHash('sha256').update(text).digest();
}
