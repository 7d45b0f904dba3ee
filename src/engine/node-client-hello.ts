/** What a client of TLS asks for, looked at before TLS begins. */
import type { Socket } from 'node:net';
import { type ClientHello, HelloReader } from '../protocol/tls-hello/index.ts';
import { lookAtBeginning } from './node-beginning.ts';

/** `told` gets null for what is no ClientHello. All bytes are still in the socket then. */
export function readClientHello(socket: Socket, patience: number, told: (hello: ClientHello | null) => void): void {
	const reader = new HelloReader();
	let fed = 0;
	lookAtBeginning(socket, {
		patience,
		look: (held) => {
			const outcome = reader.feed(held.subarray(fed));
			fed = held.length;
			return outcome === null ? null : 0;
		},
		done: () => told(reader.outcome?.kind === 'hello' ? reader.outcome.hello : null),
		refused: () => {},
	});
}
