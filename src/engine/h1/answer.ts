/**
 * From what an app returned or threw to what the client gets. The engine is the last catch: whatever an app does, the
 * client is answered or sees a cut connection, the log tells, and the process goes on.
 */
import {
	cancelPayload,
	Disconnected,
	errorResponse,
	errorVerdict,
	ProtocolError,
	type RawResponse,
	rawResponse,
	reasonPhrase,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { NONE, type Violation } from '../../protocol/h1/index.ts';
import { TransportTunnel } from '../../transport/index.ts';
import { dateLine } from './date-line.ts';
import type { Exchange } from './exchange.ts';
import { ResponseWriter } from './response-writer.ts';
import type { ServerConnection } from './server-connection.ts';

/** Writes what the app returned. */
export function answer(exchange: Exchange, returned: Response): void {
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
	const writer = new ResponseWriter(exchange, response);
	exchange.owner.writer = writer;
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
export function answerError(exchange: Exchange, error: unknown): void {
	if (exchange.isOver) return;
	const { listener, transport } = exchange.owner;
	listener.logFailure(exchange, error);
	if (exchange.answered) return;
	const { status } = errorVerdict(error);
	const response = status === null ? null : errorResponse(error);
	if (response === null) {
		exchange.owner.abandon(error as Error);
		transport.destroy();
	} else {
		// A peer that broke a rule gets its answer and no second chance (DESIGN section 3).
		if (error instanceof ProtocolError && error.side === 'remote') exchange.owner.codec.close();
		answer(exchange, response);
	}
}

/** Answers a request that could not be read, and closes (RFC 9112 section 2.2). */
export function answerViolation(connection: ServerConnection, violation: Violation): void {
	const text = `${violation.message}\n`;
	const fields = FieldList.of({ 'Content-Type': 'text/plain; charset=utf-8' });
	const { codec, transport } = connection;
	const head = codec.responseHead(violation.status, reasonPhrase(violation.status), fields, text.length, dateLine());
	codec.bodyHead(text.length);
	transport.write(head + text);
	connection.close();
}

/** After the head the connection belongs to the app's tunnel (RFC 9110 sections 7.8 and 9.3.6). */
function openTunnel(exchange: Exchange, response: RawResponse): void {
	const { owner } = exchange;
	checkOffer(exchange, response);
	const fields = FieldList.from(response.fields);
	const head = owner.codec.responseHead(
		response.status,
		response.reason ?? reasonPhrase(response.status),
		fields,
		NONE,
		dateLine(),
	);
	owner.codec.switchProtocols();
	exchange.status = response.status;
	owner.transport.write(head);
	owner.patience.end();
	owner.intake.detach((early) => {
		const { tunnelIdle } = owner.listener.settings.timeouts;
		const tunnel = new TransportTunnel(owner.transport, early, owner, tunnelIdle, () => new Disconnected());
		// The client's FIN came before the tunnel was there to hear of it.
		if (owner.clientFinished) tunnel.ended();
		try {
			response.tunnel?.(tunnel);
		} catch (error) {
			owner.listener.logFailure(exchange, error);
			tunnel.destroy();
		}
	});
}

/** Rule 9 of the convention: a tunnel only where one was offered. */
function checkOffer(exchange: Exchange, response: RawResponse): void {
	const connects = exchange.method === 'CONNECT';
	const fits = connects ? response.status >= 200 && response.status <= 299 : response.status === 101;
	if (exchange.head.offersTunnel && fits && exchange.requestDone) return;
	throw new ProtocolError({
		side: 'local',
		code: 'TUNNEL_NOT_OFFERED',
		message: `A tunnel with status ${response.status} in answer to ${exchange.method}, which offered ${exchange.offers.join(', ') || 'none'}.`,
	});
}
