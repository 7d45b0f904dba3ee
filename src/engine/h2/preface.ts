/** Which version of HTTP a client of a plain port speaks: HTTP/2 begins with bytes that no request does (RFC 9113 section 3.4). */
import type { Socket } from 'node:net';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/**
 * Reads as little as tells the versions apart, pushes it back, and says which it was; null when the client sent nothing
 * within `patience` milliseconds or has gone. 0: no limit.
 */
export function versionSpoken(socket: Socket, patience: number, tell: (version: '1.1' | '2' | null) => void): void {
	let timer: ReturnType<typeof setTimeout> | null = null;
	const settle = (version: '1.1' | '2' | null): void => {
		if (timer !== null) clearTimeout(timer);
		socket.off('readable', look);
		socket.off('end', gone);
		socket.off('close', gone);
		tell(version);
	};
	const gone = (): void => settle(null);
	// What is too little to tell is kept here: pushed back, it would be readable again at once, for ever.
	let seen: Buffer = Buffer.alloc(0);
	const look = (): void => {
		const chunk = socket.read() as Buffer | null;
		if (chunk === null) return;
		seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
		const length = Math.min(seen.length, PREFACE.length);
		const alike = seen.subarray(0, length).equals(PREFACE.subarray(0, length));
		if (alike && length < PREFACE.length) return;
		socket.unshift(seen);
		settle(alike ? '2' : '1.1');
	};
	if (patience > 0) timer = setTimeout(gone, patience).unref();
	socket.on('readable', look);
	socket.once('end', gone);
	socket.once('close', gone);
}
