/** Where a program shall listen: a socket in a folder that is ours alone, or a port that was free a moment ago. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Place {
	/** For `upstream`: `unix:/path` or `http://127.0.0.1:port`. */
	readonly url: string;
	/** For the command and the environment. */
	readonly words: Readonly<Record<string, string>>;
	/** A folder for what the program needs; nobody else on the machine can read it. */
	readonly folder: string;
	/** Before each start: a socket left behind would keep the program from listening. */
	clear(): void;
	remove(): void;
}

const HOST = '127.0.0.1';

export async function placeFor(listen: 'socket' | 'port'): Promise<Place> {
	const port = listen === 'port' ? await freePort() : 0;
	// mkdtemp makes it readable for its owner alone.
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	const socket = join(folder, 'socket');
	return {
		url: listen === 'port' ? `http://${HOST}:${port}` : `unix:${socket}`,
		words: listen === 'port' ? { host: HOST, port: String(port) } : { socket },
		folder,
		clear: () => rmSync(socket, { force: true }),
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, HOST, () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
		});
	});
}
