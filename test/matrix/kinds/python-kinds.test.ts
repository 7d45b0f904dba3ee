/** Kinds of app × engines: Python's, each by the servers that are installed. */
import { fileURLToPath } from 'node:url';
import type { Program } from '../../../src/frameworks/program/index.ts';
import { findProgram } from '../../../src/frameworks/python/find-program.ts';
import { asgi, wsgi } from '../../../src/frameworks/python/index.ts';
import { type Kind, kinds } from './kinds.ts';
import { fewEngines, type MadeApp, runKind } from './run-kind.ts';

const cwd = fileURLToPath(new URL('apps', import.meta.url));
/** Failures are the subject of the cases: nobody needs to read of them. */
const quiet = { cwd, log: (): void => {}, upstream: { log: (): void => {} }, timeouts: { stop: 500 } };

const missing = (server: string): string | false =>
	findProgram(server, null) === null ? `${server} is not installed` : false;

async function started(app: Program): Promise<MadeApp> {
	await app.start();
	return { app, stop: () => app.stop() };
}

function run(kind: Kind, server: string, make: () => Program): void {
	runKind(kind, () => started(make()), fewEngines, missing(server));
}

// It keeps a connection with half an answer for as long as it keeps idle ones.
run(kinds.gunicorn, 'gunicorn', () =>
	wsgi('kind_wsgi', { ...quiet, server: 'gunicorn', threads: 12, args: ['--keep-alive', '1'] }),
);
run(kinds.uwsgi, 'uwsgi', () => wsgi('kind_wsgi', { ...quiet, server: 'uwsgi', threads: 12 }));
run(kinds.uvicorn, 'uvicorn', () => asgi('kind_asgi', { ...quiet, server: 'uvicorn' }));
run(kinds.hypercorn, 'hypercorn', () => asgi('kind_asgi', { ...quiet, server: 'hypercorn' }));
