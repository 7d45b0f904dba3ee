/** The apps of the kinds written for node's http server that need no package. */
import { type App, respond, stack } from '../../../../src/convention/index.ts';
import { connectLayer, fromNode } from '../../../../src/frameworks/node/index.ts';
import { listener, site, stamp } from './node.ts';
import { withSocket } from './node-acts.ts';

const unknown: App = () => respond(404, {}, 'no such part');

export const nodeKinds = {
	node: withSocket(fromNode(listener)),
	connect: withSocket(stack(connectLayer(stamp), connectLayer(site))(unknown)),
} as const satisfies Readonly<Record<string, App>>;
