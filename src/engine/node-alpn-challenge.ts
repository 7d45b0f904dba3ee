/** Proves that a name is ours under TLS (RFC 8737): a client that offers `acme-tls/1` gets the certificate of the challenge, and nothing else. */
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Greeting } from '../transport/node/index.ts';
import { readClientHello } from './node-client-hello.ts';

const PROTOCOL = 'acme-tls/1';
/** Milliseconds that a validation has. */
const PATIENCE = 10_000;

/** `challenge`: key and certificate for a name that is being proved, PEM. */
export function alpnChallengeGreeting(challenge: (name: string) => string | null, patience: number): Greeting {
	return (socket, proceed) =>
		readClientHello(socket, patience, (hello) => {
			const asked = hello?.protocols.includes(PROTOCOL) === true ? hello.serverName : null;
			const proof = asked === null ? null : challenge(asked);
			if (proof === null) proceed();
			else prove(socket, proof);
		});
}

function prove(socket: Socket, proof: string): void {
	const secureContext = createSecureContext({ key: proof, cert: proof });
	const secured = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: [PROTOCOL] });
	secured.on('error', () => {});
	secured.on('secure', () => secured.end());
	setTimeout(() => socket.destroy(), PATIENCE).unref();
}
