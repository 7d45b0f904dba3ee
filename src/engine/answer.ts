/**
 * From what an app returned or threw to what the client gets. The engine is the last catch: whatever an app does, the
 * client is answered or sees a cut connection, the log tells, and the process goes on.
 */
import { asError } from '../bytes/index.ts';
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
import type { EngineExchange } from './engine-exchange.ts';

/** Calls the app, and sees to its answer. */
export function runApp(app: App, exchange: EngineExchange): void {
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

/** Writes what the app returned. `failed`: it stands for an answer that could not be written. */
export function answer(exchange: EngineExchange, returned: Response, failed = false): void {
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
	const writer = exchange.writerOf(response);
	try {
		if (response.tunnel === undefined) {
			writer.begin();
		} else {
			checkOffer(exchange, response.status);
			exchange.openTunnel(response);
		}
	} catch (error) {
		if (exchange.committed) {
			writer.fail(error as Error);
		} else {
			exchange.answered = false;
			cancelPayload(response.payload, error);
			// Where not even that can be written, there is nobody to be answered.
			if (failed) exchange.lose(asError(error));
			else answerError(exchange, error, true);
		}
	}
}

/** Answers what the app threw, as the table of errors says. `failed`: it was thrown when an answer was written. */
export function answerError(exchange: EngineExchange, error: unknown, failed = false): void {
	if (exchange.isOver) return;
	exchange.listener.logFailure(exchange, error);
	if (exchange.answered) return;
	const response = errorVerdict(error).status === null ? null : errorResponse(error, exchange);
	if (response === null) {
		exchange.lose(asError(error));
	} else {
		// A peer that broke a rule gets its answer and no second chance (DESIGN section 3).
		if (error instanceof ProtocolError && error.side === 'remote') exchange.giveUpRequest();
		answer(exchange, response, failed);
	}
}

/** Rule 9 of the convention: a tunnel only where one was offered. */
function checkOffer({ method, version, offers, requestDone }: EngineExchange, status: number): void {
	const connects = method === 'CONNECT' || version === '2';
	const fits = connects ? status >= 200 && status <= 299 : status === 101;
	if (offers.length > 0 && fits && requestDone) return;
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
