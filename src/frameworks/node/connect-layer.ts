/**
 * Middleware of connect's and Express's kind as a layer. It gets a request and a response of node's; when it calls `next`,
 * the app within answers, and what the middleware has set on its response is added to that answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asError } from '../../bytes/index.ts';
import { derive, HttpError, layer, type Middleware, raw, rawResponse } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { fieldsOf } from './captured-head.ts';
import { checkFunction } from './check-options.ts';
import { type FromNodeOptions, settingsOf } from './from-node.ts';
import { NodeExchange } from './node-exchange.ts';

/** As connect and Express call it. */
export type ConnectMiddleware = (
	request: IncomingMessage,
	response: ServerResponse,
	next: (error?: unknown) => void,
) => unknown;

/** Fields of which an answer may have several lines, each with its own meaning. */
const ADDED: ReadonlySet<string> = new Set(['set-cookie', 'vary', 'link', 'www-authenticate', 'server-timing']);

/**
 * A layer of `middleware(request, response, next)`. `next()` asks the app within, under the `url` that the middleware has left;
 * `next(error)` throws, an error's `status` from 400 to 599 being that of the answer. Fields set on the response by the time the
 * app has answered are added; where the app has set one of that name itself, its own stands. It fits what sets fields, answers
 * by itself or looks; middleware that wraps the response's methods (compression, sessions) belongs around a node app, and
 * whoever reads the request's body leaves none for the app within.
 */
export function connectLayer(middleware: ConnectMiddleware, options: FromNodeOptions = {}): Middleware {
	checkFunction('connectLayer', 'middleware', middleware);
	const settings = settingsOf('connectLayer', options);
	const note = { name: middleware.name === '' ? 'connectLayer' : `connectLayer(${middleware.name})` };
	return layer(note, (next) => (request, context) => {
		const message = raw(request);
		const exchange = new NodeExchange(message, context, settings);
		const proceed = (): Response | Promise<Response> => {
			const { url = message.target } = exchange.request;
			const payload = exchange.requestBody.touched ? null : message.payload;
			const same = url === message.target && payload === message.payload;
			const answer = next(same ? request : derive(message, { target: url, payload }), context, context);
			return answer instanceof Promise
				? answer.then((response) => merged(exchange, response))
				: merged(exchange, answer);
		};
		const step = once((error) => {
			if (error !== undefined && error !== null) return exchange.fail(errorOf(error));
			try {
				exchange.delegate(proceed());
			} catch (thrown) {
				exchange.fail(thrown);
			}
		});
		return exchange.run((incoming, response) => middleware(incoming, response, step));
	});
}

/** The answer of the app within, with what the middleware has set. */
function merged(exchange: NodeExchange, answer: Response): Response {
	const response = rawResponse(answer);
	const { fields } = response;
	const own = new Set(
		FieldList.from(fields)
			.raw.filter((_, i) => i % 2 === 0)
			.map((name) => name.toLowerCase()),
	);
	for (const [name, value] of fieldsOf(exchange.response)) {
		const key = name.toLowerCase();
		if (ADDED.has(key) || !own.has(key)) fields.append(name, value);
	}
	exchange.delegated(response.status);
	return response;
}

function once(step: (error?: unknown) => void): (error?: unknown) => void {
	let called = false;
	return (error) => {
		if (called) throw new Error('next() was called twice');
		called = true;
		step(error);
	};
}

/** What Express's users throw carries the status of the answer, and whether its message may be shown. */
function errorOf(error: unknown): Error {
	const { status, expose, message } = asError(error) as Error & { status?: unknown; expose?: unknown };
	if (error instanceof HttpError || typeof status !== 'number' || status < 400 || status > 599) return asError(error);
	return new HttpError(Math.trunc(status), { cause: error, message, expose: expose === true });
}
