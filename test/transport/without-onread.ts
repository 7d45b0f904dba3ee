/**
 * Imported first: accepted sockets offer no way to read into a buffer of ours, as if a release of Node had taken it away.
 * Sockets are changed before whoever accepts them sees them.
 */
import { Server } from 'node:net';

const { emit } = Server.prototype;
/** Named so that whoever imports this file says what for. */
export const withoutOnRead = true;

Server.prototype.emit = function emitWithout(this: Server, event: string | symbol, ...values: unknown[]): boolean {
	if (event === 'connection') {
		const [socket] = values as [{ _handle: object | null }];
		if (socket._handle !== null) Object.defineProperty(socket._handle, 'useUserBuffer', { value: undefined });
	}
	return emit.call(this, event, ...values);
};
