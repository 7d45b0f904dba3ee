/**
 * Drops a socket so that its peer notices (RST), where a plain FIN could pass for a proper end: under TLS, too, since
 * many clients take a connection that ends without close_notify for complete. A unix socket knows no RST; it is closed.
 */
import type { Socket } from 'node:net';

interface Handle {
	close(done?: () => void): unknown;
	reset?(done?: () => void): unknown;
}

export function resetSocket(socket: Socket): void {
	// While a FIN is on its way the system refuses to reset, and node would then forget the socket without closing it.
	if (socket.writableEnded && !socket.writableFinished && socket.writableLength === 0) socket.destroy();
	else if ('encrypted' in socket) {
		closeByReset(socket);
		socket.destroy();
	} else resetPlain(socket);
}

function resetPlain(socket: Socket): void {
	try {
		socket.resetAndDestroy();
	} catch {
		// Node resets TCP only, and says so by throwing.
		socket.destroy();
	}
}

/** Node closes the TCP handle beneath the TLS one when the socket is destroyed; for this one, closing means resetting. */
function closeByReset(socket: Socket): void {
	const tls = (socket as unknown as { _handle?: { _parent?: Handle } | null })._handle;
	const { _parent: tcp } = tls ?? {};
	if (typeof tcp?.reset === 'function') tcp.close = (done) => tcp.reset?.(done);
}
