/** TLS that is not ours to end: connections whose ClientHello asks for certain names become tunnels, untouched from the first byte. */
import { HelloReader } from '../protocol/tls-hello/index.ts';
import type { Greeting } from '../transport/node/index.ts';
import { lookAtBeginning } from './node-beginning.ts';
import type { PassThrough, TunnelHost } from './node-tunnel-host.ts';

/** Has `tunnels` take those connections. What is no ClientHello is left to whoever speaks TLS here. */
export function passThroughGreeting({ to }: PassThrough, tunnels: TunnelHost, patience: number): Greeting {
	return (socket, proceed) => {
		const reader = new HelloReader();
		let fed = 0;
		let destination: string | null = null;
		lookAtBeginning(socket, {
			patience,
			look: (held) => {
				const outcome = reader.feed(held.subarray(fed));
				fed = held.length;
				if (outcome === null) return null;
				const name = outcome.kind === 'hello' ? outcome.hello.serverName : null;
				destination = name === null ? null : to(name);
				return 0;
			},
			done: () => {
				if (destination === null) proceed();
				else tunnels.takeFor(socket, destination);
			},
			refused: () => {},
		});
	};
}
