/**
 * Sockets in the file system outlive a process that was killed. A file left behind is replaced, but only when it is a
 * socket on which nobody answers; and ours is removed at every end that still lets us act.
 */
import { lstatSync, type Stats, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { codeOf, StartError } from './start-error.ts';

/** Makes room for a listener on `path`. Rejects with StartError when something else is there. */
export async function claimSocket(path: string): Promise<void> {
	const found = look(path);
	if (found === null) return;
	if (!found.isSocket()) {
		throw new StartError(
			`cannot listen on unix:${path}: the file exists and is not a socket`,
			'Choose another path, or remove the file.',
		);
	}
	if (await answers(path)) {
		throw new StartError(
			`cannot listen on unix:${path}: somebody listens there already`,
			'Stop it, or choose another path.',
		);
	}
	unlinkSync(path);
}

/** Remembers the socket at `path` as ours; the result removes it, once, and leaves alone what has taken its place. */
export function ownSocket(path: string): () => void {
	const ours = look(path);
	const remove = (): void => {
		process.off('exit', remove);
		const found = look(path);
		if (found === null || ours === null || !same(found, ours)) return;
		try {
			unlinkSync(path);
		} catch {
			// Somebody else has removed it first, or the folder has become read-only: nothing is left to do about it.
		}
	};
	process.once('exit', remove);
	return remove;
}

// Numbers of files are used again; the time tells the new one from the old.
function same(a: Stats, b: Stats): boolean {
	return a.ino === b.ino && a.dev === b.dev && a.mtimeMs === b.mtimeMs;
}

function look(path: string): Stats | null {
	return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

/** Whether a connection to the socket is accepted. Any doubt counts as yes. */
function answers(path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(path);
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error))));
	});
}
