/** The PROXY header at the beginning of connections that a balancer has made (its protocol's section 2), read before TLS. */
import type { Socket } from 'node:net';
import { AddressSet, normalAddress, peerHost } from '../addresses/index.ts';
import { type End, LONGEST_PROXY_HEADER, type ProxiedEnds, readProxyHeader } from '../protocol/proxy-header/index.ts';
import type { AcceptOptions, SocketEnds } from '../transport/node/index.ts';

type Greet = NonNullable<AcceptOptions['greet']>;

export interface ProxyHeaderNeeds {
	/** Milliseconds until the header must be there. */
	readonly patience: number;
	/** Told what was wrong with one. */
	readonly report: (message: string) => void;
}

/** Reads the header of those who are trusted with one. Throws TypeError for what is no address. */
export function proxyHeaderGreeting(from: readonly string[], needs: ProxyHeaderNeeds): Greet {
	const trusted = new AddressSet('proxyHeaderFrom', from);
	return (socket, proceed) => {
		const { remoteAddress: host } = socket;
		if (trusted.has(host === undefined ? 'unix' : peerHost(host))) readHeader(socket, needs, proceed);
		else proceed(null);
	};
}

/** In the one spelling by which clients are compared. */
function normalEnds({ remote, local }: ProxiedEnds): SocketEnds {
	const normal = ({ host, port }: End): End => ({ host: normalAddress(host) ?? host, port });
	return { remote: normal(remote), local: normal(local) };
}

function readHeader(
	socket: Socket,
	{ patience, report }: ProxyHeaderNeeds,
	proceed: (ends: SocketEnds | null) => void,
): void {
	let held = Buffer.alloc(0);
	const timer = patience > 0 ? setTimeout(() => socket.destroy(), patience).unref() : undefined;
	const settle = (): void => {
		clearTimeout(timer);
		socket.off('readable', readable);
		socket.off('end', gone);
		socket.off('error', failed);
		socket.off('close', settle);
	};
	const gone = (): void => void socket.destroy();
	const failed = (): void => {};
	const readable = (): void => {
		for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null)
			held = Buffer.concat([held, chunk]);
		if (held.length === 0) return;
		const outcome = readProxyHeader(held.length > LONGEST_PROXY_HEADER ? held.subarray(0, LONGEST_PROXY_HEADER) : held);
		if (outcome.state === 'more') return;
		settle();
		if (outcome.state === 'wrong') {
			socket.on('error', failed);
			socket.destroy();
			return report(`${socket.remoteAddress ?? 'unix'} is to begin with a PROXY header: ${outcome.reason}`);
		}
		if (outcome.length < held.length) socket.unshift(held.subarray(outcome.length));
		proceed(outcome.ends === null ? null : normalEnds(outcome.ends));
	};
	socket.on('readable', readable);
	socket.on('end', gone);
	socket.on('error', failed);
	socket.on('close', settle);
}
