/** Kinds of app × engines: those that need nothing but what is installed with this package. */
import { type App, respond, stack } from '../../../src/convention/index.ts';
import { connectLayer, fromNode } from '../../../src/frameworks/node/index.ts';
import { fetchKinds } from './apps/fetch-kinds.ts';
import { listener, site, stamp } from './apps/node.ts';
import { withSocket } from './apps/node-acts.ts';
import { kinds } from './kinds.ts';
import { engines, runKind } from './run-kind.ts';

const unknown: App = () => respond(404, {}, 'no such part');

for (const [name, app] of Object.entries(fetchKinds))
	runKind(kinds[name as keyof typeof fetchKinds], () => ({ app }), engines);
runKind(kinds.node, () => ({ app: withSocket(fromNode(listener)) }), engines);
runKind(kinds.connect, () => ({ app: withSocket(stack(connectLayer(stamp), connectLayer(site))(unknown)) }), engines);
