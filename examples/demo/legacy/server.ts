/** The old site's own web server: plain `node:http`, knowing nothing of the gateway in front of it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Guestbook } from './guestbook.ts';
import { answer } from './pages.ts';
import { Site } from './site.ts';

/** The old site while it runs. */
export interface LegacySite {
	readonly url: string;
	stop(): Promise<void>;
}

/** Starts the old site on 127.0.0.1; port 0 takes a free one. */
export async function startLegacySite(port: number): Promise<LegacySite> {
	const server = createServer({
		keepAliveTimeout: 30_000,
		shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const site = new Site(url);
	const guestbook = new Guestbook();
	dress(server, site, guestbook);
	return { url, stop: () => stop(server, site, guestbook) };
}

function dress(server: Server, site: Site, guestbook: Guestbook): void {
	server.on('request', (request, response) => {
		response.setHeader('Server', 'WebEasy/2.3');
		answer(site, request, response).catch((error: unknown) => {
			// A client that left in the middle of its form is no fault of the site.
			if (request.complete) console.error('legacy site:', error);
			response.destroy();
		});
	});
	server.on('upgrade', (request, socket, early) => {
		socket.on('error', () => socket.destroy());
		const refusal = refuse(request.url, site.sessions.member(request));
		if (refusal === null) guestbook.accept(request, socket, early);
		else socket.end(`HTTP/1.1 ${refusal}\r\nServer: WebEasy/2.3\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
	});
}

/** The status of a WebSocket that is not granted, or null. The radio is the guestbook under a name for members. */
function refuse(path: string | undefined, member: string | null): string | null {
	if (path === '/guestbook/live') return null;
	if (path !== '/members/radio') return '404 Not Found';
	return member === null ? '401 Unauthorized' : null;
}

async function stop(server: Server, site: Site, guestbook: Guestbook): Promise<void> {
	site.visitors.close();
	guestbook.close();
	await new Promise<void>((resolve) => {
		server.close(() => resolve());
		server.closeIdleConnections();
		setTimeout(() => server.closeAllConnections(), 1_000).unref();
	});
}
