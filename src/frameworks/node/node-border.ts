/** The request and the context of an exchange that node's own server speaks for, or Express. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { fromReadable } from '../../bytes/index.ts';
import {
	type Abilities,
	type Connection,
	type Context,
	ExchangeState,
	IncomingRequest,
	type Version,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { BorderContext } from './border-context.ts';

const h1Abilities: Abilities = {
	inform: true,
	trailers: true,
	tunnel: false,
	rawFields: true,
	halfClose: false,
	sendFile: false,
};
const h2Abilities: Abilities = { ...h1Abilities, rawFields: false };

let lastId = 0;
const connections = new WeakMap<object, Connection>();

export function contextOf(incoming: IncomingMessage, outgoing: ServerResponse): BorderContext {
	const { socket } = incoming;
	return new BorderContext({
		get connection() {
			return connectionOf(socket, incoming);
		},
		mount: (incoming as { baseUrl?: string }).baseUrl ?? '',
		can: incoming.httpVersionMajor > 1 ? h2Abilities : h1Abilities,
		props: undefined,
		inform(status, fields) {
			if (outgoing.headersSent || incoming.httpVersion === '1.0') return;
			if (status === 100) outgoing.writeContinue();
			else if (status === 103) {
				const { link, ...others } = Object.fromEntries(
					[...(fields ?? [])].map(([name, value]) => [name.toLowerCase(), value]),
				);
				if (link !== undefined) outgoing.writeEarlyHints({ link, ...others });
			} else if (status === 102) outgoing.writeProcessing();
		},
		waitUntil: (work) =>
			void work.catch((error: unknown) => process.emitWarning(`Work behind a response failed: ${String(error)}`)),
	});
}

export function requestOf(incoming: IncomingMessage, context: Context): IncomingRequest {
	const { method = 'GET', url: target = '/', headers } = incoming;
	const fields = FieldList.empty();
	for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
		// The pseudo-fields of HTTP/2 stand among the others.
		const name = incoming.rawHeaders[i] as string;
		if (!name.startsWith(':')) fields.append(name, incoming.rawHeaders[i + 1] as string);
	}
	const h2 = incoming.httpVersionMajor > 1;
	const length = headers['content-length'];
	const bodiless = h2
		? incoming.readableEnded || incoming.complete
		: length === undefined && headers['transfer-encoding'] === undefined;
	const payload = bodiless
		? null
		: fromReadable(incoming, { length: length === undefined ? null : Number(length), destroy: false });
	return new IncomingRequest({
		method,
		target,
		form:
			method === 'CONNECT' ? 'authority' : target === '*' ? 'asterisk' : target.startsWith('/') ? 'origin' : 'absolute',
		authority: String(headers[':authority'] ?? headers.host ?? ''),
		scheme: (incoming.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http',
		version: versionOf(incoming),
		fields,
		payload,
		trailersReader: payload === null ? null : { readTrailers: () => trailersOf(incoming) },
		circumstances: context,
	});
}

async function trailersOf(incoming: IncomingMessage): Promise<FieldList | null> {
	if (!incoming.readableEnded && !incoming.destroyed) {
		await new Promise<void>((resolve) => {
			incoming.once('end', resolve);
			incoming.once('close', resolve);
		});
	}
	return incoming.rawTrailers.length === 0 ? null : FieldList.of(incoming.rawTrailers);
}

function versionOf({ httpVersionMajor, httpVersionMinor }: IncomingMessage): Version {
	return httpVersionMajor > 1 ? '2' : httpVersionMinor === 0 ? '1.0' : '1.1';
}

function connectionOf(socket: Socket, incoming: IncomingMessage): Connection {
	const known = connections.get(socket);
	if (known !== undefined) return known;
	const { remoteAddress, remotePort = 0, localAddress, localPort = 0 } = socket;
	const secured = socket as Partial<TLSSocket>;
	const connection: Connection = {
		id: ++lastId,
		remote:
			remoteAddress === undefined ? { kind: 'unix', path: '' } : { kind: 'ip', host: remoteAddress, port: remotePort },
		local:
			localAddress === undefined ? { kind: 'unix', path: '' } : { kind: 'ip', host: localAddress, port: localPort },
		tls: secured.encrypted
			? {
					sni: secured.servername || null,
					alpn: secured.alpnProtocol || null,
					peer: () => (secured.authorized ? (secured.getPeerCertificate?.().raw ?? null) : null),
				}
			: null,
		protocol: versionOf(incoming),
		state: new ExchangeState(),
	};
	connections.set(socket, connection);
	return connection;
}
