/** TLS with an origin, on a socket that reaches it and has been used for something else before. */
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { UpstreamError } from '../convention/index.ts';
import { dialError } from './dial-error.ts';
import type { Origin } from './origin.ts';

/** Calls back once, with the socket above or an error; the socket below is whoever has made it's to destroy then. */
export function secured(
	socket: Socket,
	origin: Origin,
	options: ConnectionOptions,
	done: (error: UpstreamError | null, socket: Socket | null) => void,
): void {
	// Nobody takes the bytes that wait in it before node does, in the next turn.
	socket.pause();
	const inner = connectTls({ ...options, socket });
	const failed = (error: Error): void => {
		ready();
		// What else it has to say is of no interest, but must not end the process.
		inner.on('error', () => {});
		inner.destroy();
		done(dialError(error, origin), null);
	};
	const cut = (): void => failed(Object.assign(new Error('The tunnel was closed'), { code: 'ECONNRESET' }));
	const connected = (): void => {
		ready();
		// The outer one tells of what it dies of by closing the inner one.
		socket.on('error', () => {});
		done(null, inner);
	};
	const ready = (): void => {
		inner.off('error', failed);
		inner.off('close', cut);
		inner.off('secureConnect', connected);
	};
	inner.on('error', failed);
	inner.on('close', cut);
	inner.on('secureConnect', connected);
}
