/** The apps of the frameworks of node's http server. Each is loaded when it is asked for: its package may be absent. */
import { fromNode, type NodeApp } from '../../../src/frameworks/node/index.ts';
import { withSocket } from '../../matrix/kinds/apps/node-acts.ts';
import type { MadeApp } from '../../matrix/kinds/run-kind.ts';

export const frameworkKinds = {
	express: async () => made(fromNode((await import('./express.ts')).site)),
	koa: async () => made(fromNode((await import('./koa.ts')).koa.callback())),
	fastify: async () => made(fromNode((await import('./fastify.ts')).fastify())),
} as const satisfies Readonly<Record<string, () => Promise<MadeApp>>>;

async function made(app: NodeApp): Promise<MadeApp> {
	await app.start?.();
	return { app: withSocket(app), stop: () => app.stop?.() };
}
