/** Kinds of app × engines: those that need nothing but what is installed with this package. */
import { type App, respond, stack } from '../../../src/convention/index.ts';
import { connectLayer, fromNode } from '../../../src/frameworks/node/index.ts';
import { elysia } from './apps/elysia.ts';
import { app as fetchApp } from './apps/fetch.ts';
import { h3 } from './apps/h3.ts';
import { hono } from './apps/hono.ts';
import { listener, site, stamp } from './apps/node.ts';
import { withSocket } from './apps/node-acts.ts';
import { kinds } from './kinds.ts';
import { engines, runKind } from './run-kind.ts';

const unknown: App = () => respond(404, {}, 'no such part');

runKind(kinds.fetch, () => ({ app: fetchApp }), engines);
runKind(kinds.hono, () => ({ app: hono.fetch as App }), engines);
runKind(kinds.h3, () => ({ app: h3.fetch as App }), engines);
runKind(kinds.elysia, () => ({ app: elysia.fetch }), engines);
runKind(kinds.node, () => ({ app: withSocket(fromNode(listener)) }), engines);
runKind(kinds.connect, () => ({ app: withSocket(stack(connectLayer(stamp), connectLayer(site))(unknown)) }), engines);
