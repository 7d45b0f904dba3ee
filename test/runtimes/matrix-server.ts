/**
 * Serves the app of the matrix by the engine that the first argument names, on whatever runtime this is started with; by
 * TLS with a second argument `tls`; a third names a kind of app instead. Says its port on the first line of its output, and ends with its input.
 */

import type { App } from '../../src/convention/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import { app as matrixApp } from '../matrix/app.ts';
import { fetchKinds } from '../matrix/kinds/apps/fetch-kinds.ts';
import { nodeKinds } from '../matrix/kinds/apps/node-kinds.ts';
import { mounted } from '../matrix/kinds/mounted.ts';
import { frameworkKinds } from '../node-frameworks/apps/framework-kinds.ts';
import { server } from '../support/certificates.ts';

const quiet = { log: (): void => {} };

const engines: Readonly<Record<string, () => Promise<Engine>>> = {
	h1: async () => (await import('../../src/engine/h1/index.ts')).h1(quiet),
	bun: async () => (await import('../../src/engine/bun/index.ts')).bunServe(quiet),
	deno: async () => (await import('../../src/engine/deno/index.ts')).denoServe(quiet),
};

const apps: Readonly<Record<string, App>> = { ...fetchKinds, ...nodeKinds };

async function appOf(kind: string): Promise<App> {
	return apps[kind] ?? (await frameworkKinds[kind as keyof typeof frameworkKinds]()).app;
}

const [name = '', secure, kind] = process.argv.slice(2);
const made = await engines[name]?.();
if (made === undefined) throw new Error(`There is no engine ${name}`);
const app = kind === undefined ? matrixApp : mounted(await appOf(kind));
const tls = secure === 'tls' ? { tls: server } : {};
const listener = await made.listen(app, { host: '127.0.0.1', port: 0, ...tls });
console.log(listener.address.kind === 'ip' ? listener.address.port : 0);
process.stdin.resume();
process.stdin.on('end', () => void listener.close().then(() => process.exit(0)));
