/** The PROXY header at the beginning of connections that a balancer has made (its protocol's section 2), read before TLS. */
import { AddressSet, normalAddress, peerHost } from '../addresses/index.ts';
import { type End, LONGEST_PROXY_HEADER, type ProxiedEnds, readProxyHeader } from '../protocol/proxy-header/index.ts';
import { type Greeting, nameEnds, type SocketEnds } from '../transport/node/index.ts';
import { lookAtBeginning } from './node-beginning.ts';

export interface GreetingNeeds {
	/** Milliseconds until what is read must be there. */
	readonly patience: number;
	/** Told what was wrong with it. */
	readonly report: (message: string) => void;
}

/** Reads the header of those who are trusted with one. Throws TypeError for what is no address. */
export function proxyHeaderGreeting(from: readonly string[], { patience, report }: GreetingNeeds): Greeting {
	const trusted = new AddressSet('proxyHeaderFrom', from);
	return (socket, proceed) => {
		const { remoteAddress: host } = socket;
		if (!trusted.has(host === undefined ? 'unix' : peerHost(host))) return proceed();
		let ends: ProxiedEnds | null = null;
		lookAtBeginning(socket, {
			patience,
			look: (held) => {
				const outcome = readProxyHeader(held.subarray(0, LONGEST_PROXY_HEADER));
				if (outcome.state === 'wrong') throw new Error(outcome.reason);
				if (outcome.state === 'more') return null;
				({ ends } = outcome);
				return outcome.length;
			},
			done: () => {
				if (ends !== null) nameEnds(socket, normalEnds(ends));
				proceed();
			},
			refused: ({ message }) => report(`${host ?? 'unix'} is to begin with a PROXY header: ${message}`),
		});
	};
}

/** In the one spelling by which clients are compared. */
function normalEnds({ remote, local }: ProxiedEnds): SocketEnds {
	const normal = ({ host, port }: End): End => ({ host: normalAddress(host) ?? host, port });
	return { remote: normal(remote), local: normal(local) };
}
