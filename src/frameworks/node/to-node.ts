/** An app as a listener of node's own servers, http, https or http2's compatible form, and as middleware inside Express. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type App, cancelPayload, Disconnected, errorResponse, rawResponse } from '../../convention/index.ts';
import type { BorderContext } from './border-context.ts';
import { checkFunction, checkOptions } from './check-options.ts';
import { contextOf, requestOf } from './node-border.ts';
import { send } from './send-to-node.ts';

export interface ToNodeOptions {
	/** Statuses with which the app says that it does not know the request: the answer is dropped and `next()` is called. Default: none. */
	readonly passOn?: readonly number[];
}

/** What node's servers and Express call. */
export type NodeListener = (
	request: IncomingMessage,
	response: ServerResponse,
	next?: (error?: unknown) => void,
) => void;

/**
 * A listener that answers with `app`. Below a mount of Express the app's `context.mount` is what Express took off. An error of
 * the app's goes to `next(error)` where there is one and nothing was answered; else it is answered for as an engine does.
 * Tunnels cannot be opened. Throws TypeError for options that it does not know.
 */
export function toNode(app: App, options: ToNodeOptions = {}): NodeListener {
	checkFunction('toNode', 'app', app);
	checkOptions('toNode', options, ['passOn']);
	const { passOn = [] } = options;
	if (!Array.isArray(passOn) || !passOn.every((status) => Number.isInteger(status) && status >= 200 && status <= 599)) {
		throw new TypeError('toNode: passOn must be a list of statuses from 200 to 599');
	}
	const passes = new Set(passOn);
	return (incoming, outgoing, next) => {
		const context = contextOf(incoming, outgoing);
		outgoing.on('finish', () => context.settle({ ok: true, status: outgoing.statusCode, bytes: 0, received: 0 }));
		outgoing.on('close', () => cutShort(context, outgoing));
		const answered = (response: Response): void => {
			const message = rawResponse(response);
			if (context.isOver) return cancelPayload(message.payload, new Disconnected());
			if (next === undefined || !passes.has(message.status)) return send(message, incoming, outgoing);
			cancelPayload(message.payload);
			next();
		};
		const failed = (error: unknown): void => {
			if (outgoing.headersSent || context.isOver) return void outgoing.destroy();
			if (next !== undefined) return next(error);
			const response = errorResponse(error, context);
			if (response === null) outgoing.destroy();
			else send(response, incoming, outgoing);
		};
		try {
			const response = app(requestOf(incoming, context), context, context);
			if (response instanceof Promise) response.then(answered).catch(failed);
			else answered(response);
		} catch (error) {
			failed(error);
		}
	};
}

/** Node's response has closed; what comes after its finish is without effect. */
function cutShort(context: BorderContext, { statusCode, headersSent: committed }: ServerResponse): void {
	context.settle({
		ok: false,
		status: committed ? statusCode : 0,
		bytes: 0,
		received: 0,
		cause: new Disconnected(),
		committed,
	});
}
