/** The server's end of TLS, on a tunnel instead of a socket. */
import { type SecureContext, TLSSocket } from 'node:tls';
import { CutShortError, type Tunnel, toDuplex } from '../bytes/index.ts';
import { Timer, wheel } from '../transport/index.ts';

export interface EndTlsOptions {
	readonly context: SecureContext;
	/** What we speak, best first. */
	readonly protocols: readonly string[];
	/** What the client does; none when it says nothing. */
	readonly offered: readonly string[];
	/** Milliseconds for the handshake. */
	readonly patience: number;
}

export interface EndTlsReceiver {
	/** The handshake is done; the stream may be read. */
	secured(socket: TLSSocket): void;
	/** The handshake has failed. `closed` follows. */
	failed(error: Error): void;
	closed(): void;
}

export function endTls(tunnel: Tunnel, options: EndTlsOptions, receiver: EndTlsReceiver): void {
	let secure = false;
	const duplex = toDuplex(visiblyCut(tunnel, () => secure));
	const socket = new TLSSocket(duplex, {
		isServer: true,
		secureContext: options.context,
		requestCert: false,
		rejectUnauthorized: false,
		// RFC 7301 section 3.2: who negotiates and finds nothing in common is refused; who does not negotiate is not.
		...(options.offered.length > 0 ? { ALPNProtocols: [...options.protocols] } : {}),
	});
	const timer = new Timer({ timedOut: () => socket.destroy() });
	wheel.set(timer, options.patience);
	// The stream beneath may fail by itself; that it has closed is told by the one above.
	duplex.on('error', () => {});
	socket.on('error', (error: Error) => {
		if (!secure) receiver.failed(error);
	});
	socket.once('secure', () => {
		secure = true;
		// As node's own server does; its HTTP/2 waits for what is still connecting.
		(socket as { secureConnecting?: boolean }).secureConnecting = false;
		wheel.remove(timer);
		receiver.secured(socket);
	});
	socket.once('close', () => {
		wheel.remove(timer);
		duplex.destroy();
		receiver.closed();
	});
}

/**
 * Dropped before we have ended it, the tunnel breaks off, so that nothing in it passes for whole (RFC 8446 section 6.1). While
 * it holds nothing yet it is closed, behind the alert that says why.
 */
function visiblyCut(tunnel: Tunnel, holds: () => boolean): Tunnel {
	let ended = false;
	const writable: Tunnel['writable'] = {
		get ondrain() {
			return tunnel.writable.ondrain;
		},
		set ondrain(listener) {
			tunnel.writable.ondrain = listener;
		},
		get onlost() {
			return tunnel.writable.onlost ?? null;
		},
		set onlost(listener) {
			tunnel.writable.onlost = listener;
		},
		write: (chunk) => tunnel.writable.write(chunk),
		end: () => {
			ended = true;
			tunnel.writable.end();
		},
		fail: (reason) => tunnel.writable.fail(reason),
	};
	const destroy = (reason?: Error): void => {
		if (ended || !holds()) tunnel.destroy();
		else tunnel.writable.fail(new CutShortError('The TLS of a tunnel was cut off', { cause: reason }));
	};
	return { readable: tunnel.readable, writable, destroy };
}
