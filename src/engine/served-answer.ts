/**
 * From what an app returned or threw to what the client gets. The engine is the last catch: whatever an app does, the
 * client is answered or sees a cut connection, the log tells, and the process goes on.
 */
import {
	type App,
	cancelPayload,
	Disconnected,
	errorResponse,
	errorVerdict,
	IncomingRequest,
	PendingResponse,
	ProtocolError,
	type RawResponse,
	rawResponse,
} from '../convention/index.ts';
import { FieldList } from '../fields/index.ts';
import { NONE } from '../protocol/h1/index.ts';
import type { ServedExchange } from './served-exchange.ts';
import { ServedWriter } from './served-writer.ts';

/** Calls the app, and sees to its answer. */
export function runApp(app: App, exchange: ServedExchange): void {
	try {
		const answered = app(new IncomingRequest(exchange), exchange, exchange);
		if (answered instanceof PendingResponse) {
			answered.deliver(exchange);
		} else if (answered instanceof Promise || isThenable(answered)) {
			(answered as Promise<Response>).then(
				(response) => answer(exchange, response),
				(error) => answerError(exchange, error),
			);
		} else {
			answer(exchange, answered as Response);
		}
	} catch (error) {
		answerError(exchange, error);
	}
}

/** Writes what the app returned. */
export function answer(exchange: ServedExchange, returned: Response): void {
	let response: RawResponse;
	try {
		response = rawResponse(returned);
	} catch (error) {
		return answerError(exchange, error);
	}
	if (exchange.isOver || exchange.answered) {
		cancelPayload(response.payload, new Disconnected());
		return;
	}
	exchange.answered = true;
	const writer = new ServedWriter(exchange, response);
	exchange.writer = writer;
	try {
		if (response.tunnel !== undefined) openTunnel(exchange, response);
		else writer.begin();
	} catch (error) {
		if (exchange.committed) {
			writer.fail(error as Error);
		} else {
			exchange.answered = false;
			cancelPayload(response.payload, error);
			answerError(exchange, error);
		}
	}
}

/** Answers what the app threw, as the table of errors says. */
export function answerError(exchange: ServedExchange, error: unknown): void {
	if (exchange.isOver) return;
	exchange.listener.logFailure(exchange, error);
	if (exchange.answered) return;
	const response = errorVerdict(error).status === null ? null : errorResponse(error);
	if (response === null) {
		exchange.lose(error as Error);
	} else {
		// A peer that broke a rule gets its answer and no second chance (DESIGN section 3).
		if (error instanceof ProtocolError && error.side === 'remote') exchange.giveUpRequest();
		answer(exchange, response);
	}
}

/** After the head, both directions belong to the app's tunnel (RFC 9110 sections 7.8 and 9.3.6, RFC 8441). */
function openTunnel(exchange: ServedExchange, response: RawResponse): void {
	checkOffer(exchange, response);
	const { status, reason } = response;
	const fields = FieldList.from(response.fields);
	const tunnel = exchange.openTunnel({ status, reason, fields, framing: NONE, bodiless: true });
	exchange.status = status;
	try {
		response.tunnel?.(tunnel);
	} catch (error) {
		exchange.listener.logFailure(exchange, error);
		tunnel.destroy();
	}
}

/** Rule 9 of the convention: a tunnel only where one was offered. */
function checkOffer(exchange: ServedExchange, response: RawResponse): void {
	const { method, version, offers } = exchange;
	const { status } = response;
	const connects = method === 'CONNECT' || version === '2';
	const fits = connects ? status >= 200 && status <= 299 : status === 101;
	if (offers.length > 0 && fits) return;
	throw new ProtocolError({
		side: 'local',
		code: 'TUNNEL_NOT_OFFERED',
		message: `A tunnel with status ${status} in answer to ${method}, which offered ${offers.join(', ') || 'none'}.`,
	});
}

/** Promises of other realms and libraries. */
function isThenable(answered: unknown): boolean {
	return typeof (answered as { then?: unknown } | null)?.then === 'function';
}
