/**
 * A WebSocket that was asked for by Upgrade, in the words of HTTP/2: extended CONNECT (RFC 8441). The bytes are the same in both;
 * the handshake's proof is made here, since nobody else can.
 */
import { createHash } from 'node:crypto';
import { type ClientHttp2Stream, constants } from 'node:http2';
import { join } from '../../bytes/index.ts';
import { type FieldList, tags } from '../../fields/index.ts';
import { StreamTunnel } from '../../transport/node/index.ts';
import type { ClientExchange } from '../client-exchange.ts';
import type { UpstreamTimeouts } from '../options.ts';
import { cutBy } from '../tunnel-end.ts';

/** RFC 6455 section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Whether a request would have its connection become a WebSocket. */
export function asksForWebSocket(fields: FieldList): boolean {
	return fields.getTagged(tags.upgrade)?.toLowerCase() === 'websocket';
}

/** The upstream has accepted: the client is told in the words that it has asked in. */
export function openWebSocket(
	exchange: ClientExchange,
	answered: FieldList,
	stream: ClientHttp2Stream,
	{ tunnelIdle }: UpstreamTimeouts,
): void {
	const fields = answered.copy();
	fields.append('Upgrade', 'websocket');
	fields.append('Connection', 'Upgrade');
	const key = exchange.fields.get('sec-websocket-key');
	if (key !== null) fields.append('Sec-WebSocket-Accept', createHash('sha1').update(`${key}${GUID}`).digest('base64'));
	const drop = (reason: Error | null): void =>
		stream.close(reason === null ? constants.NGHTTP2_NO_ERROR : constants.NGHTTP2_CANCEL);
	const intact = (): boolean => !stream.aborted && (stream.rstCode ?? 0) === constants.NGHTTP2_NO_ERROR;
	const tunnel = new StreamTunnel(stream, { idle: tunnelIdle, drop, intact }, () => {});
	// Whatever became of the response, the upstream's half never outlives the exchange.
	exchange.context.onFinished({ exchangeFinished: (outcome) => tunnel.destroy(cutBy(outcome)) });
	exchange.ended();
	exchange.respond({ status: 101, reason: null, fields }, null, (client) => join(client, tunnel));
}
