/** Upgrade listeners of node's http server, as apps: `ws` and what else takes a socket over. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { asError } from '../../bytes/index.ts';
import { type App, type Context, type RawRequest, raw, respond, webSocketsByUpgrade } from '../../convention/index.ts';
import { checkFunction, checkOptions } from './check-options.ts';
import { incomingMessage } from './incoming-message.ts';
import { UpgradeSocket } from './upgrade-socket.ts';

/** What listens to an `http.Server`'s upgrades. `head` is always empty: what came early comes through the socket. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => unknown;

export interface FromNodeUpgradeOptions {
	/** The offers that go to the handler, in lower case. Default: `['websocket']`. */
	readonly protocols?: readonly string[];
	/** Answers requests that offer none of them. Default: 426, which names them. */
	readonly otherwise?: App;
}

const NOTHING = Buffer.alloc(0);

/**
 * An app that answers with the tunnel that `handler` makes: `fromNodeUpgrade((request, socket, head) => server.handleUpgrade(request,
 * socket, head, …))`. What the handler writes first must be the head of a response: with 101 the rest is the tunnel's,
 * with any other status it is the response's body. A WebSocket over HTTP/2 is the same to the handler. Throws TypeError for options that it does not know.
 */
export function fromNodeUpgrade(handler: UpgradeHandler, options: FromNodeUpgradeOptions = {}): App {
	checkFunction('fromNodeUpgrade', 'handler', handler);
	checkOptions('fromNodeUpgrade', options, ['protocols', 'otherwise']);
	const { protocols = ['websocket'], otherwise = required(protocols) } = options;
	checkFunction('fromNodeUpgrade', 'otherwise', otherwise);
	if (!Array.isArray(protocols) || protocols.length === 0 || protocols.some((name) => !/^[a-z0-9\-./]+$/.test(name))) {
		throw new TypeError('fromNodeUpgrade: protocols must be a list of names in lower case, and not empty');
	}
	// What such libraries know is Upgrade, whatever the client speaks.
	const upgraded = webSocketsByUpgrade((request, context) => upgrade(handler, raw(request), context));
	return (request, context) => {
		const offered = context.can.tunnel && context.offers.some((offer) => protocols.includes(offer));
		return (offered ? upgraded : otherwise)(request, context, context);
	};
}

function upgrade(handler: UpgradeHandler, message: RawRequest, context: Context): Promise<Response> {
	const socket = new UpgradeSocket(message, context);
	const request = incomingMessage(message, context, socket);
	message.payload?.cancel();
	request.complete = true;
	request.push(null);
	const fail = (error: unknown): void => {
		socket.answer.reject(error);
		socket.destroy(asError(error));
	};
	context.onClosed({ exchangeClosed: () => socket.destroy() });
	try {
		const returned = handler(request, socket, NOTHING);
		if (returned instanceof Promise) returned.catch(fail);
	} catch (error) {
		fail(error);
	}
	return socket.answer;
}

/** RFC 9110 section 15.5.22. */
function required(protocols: readonly string[]): App {
	return () => respond(426, { Connection: 'upgrade', Upgrade: protocols.join(', ') }, 'Upgrade required\n');
}
