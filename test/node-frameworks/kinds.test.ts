/** Kinds of app × engines: the frameworks of node's http server. */
import { fromNode } from '../../src/frameworks/node/index.ts';
import { withSocket } from '../matrix/kinds/apps/node-acts.ts';
import { kinds } from '../matrix/kinds/kinds.ts';
import { engines, runKind } from '../matrix/kinds/run-kind.ts';
import { missing } from './missing.ts';

const { express, koa, fastify } = kinds;

runKind(
	express,
	async () => ({ app: withSocket(fromNode((await import('./apps/express.ts')).site)) }),
	engines,
	missing('express'),
);
runKind(
	koa,
	async () => ({ app: withSocket(fromNode((await import('./apps/koa.ts')).koa.callback())) }),
	engines,
	missing('koa'),
);
runKind(
	fastify,
	async () => {
		const app = fromNode((await import('./apps/fastify.ts')).fastify());
		await app.start?.();
		return { app: withSocket(app), stop: () => app.stop?.() };
	},
	engines,
	missing('fastify'),
);
