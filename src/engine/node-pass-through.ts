/** TLS that is not ours to end: connections whose ClientHello asks for certain names become tunnels, untouched from the first byte. */
import type { Greeting } from '../transport/node/index.ts';
import { readClientHello } from './node-client-hello.ts';
import type { PassThrough, TunnelHost } from './node-tunnel-host.ts';

/** Has `tunnels` take those connections. What is no ClientHello is left to whoever speaks TLS here. */
export function passThroughGreeting({ to }: PassThrough, tunnels: TunnelHost, patience: number): Greeting {
	return (socket, proceed) =>
		readClientHello(socket, patience, (hello) => {
			const name = hello?.serverName ?? null;
			const destination = name === null ? null : to(name);
			if (destination === null) proceed();
			else tunnels.takeFor(socket, destination);
		});
}
