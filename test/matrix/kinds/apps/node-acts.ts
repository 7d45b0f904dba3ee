/** What the apps of node's frameworks do alike: bodies by way of node's streams, and WebSockets by ws. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { App } from '../../../../src/convention/index.ts';
import { fromNodeUpgrade } from '../../../../src/frameworks/node/index.ts';
import { note } from '../../journal.ts';
import { events, half, pour } from './acts.ts';

export const pouring = (key: string): Readable => Readable.from(pour(key), { objectMode: false });

export const halving = (): Readable => Readable.from(half(), { objectMode: false });

/** Writes each event at once. The head goes out with the first. */
export async function sendEvents(response: ServerResponse, key: string): Promise<void> {
	response.setHeader('Content-Type', 'text/event-stream');
	for await (const data of events(key)) response.write(`data: ${data}\n\n`);
	response.end();
}

/** Node tells of a write behind the end by an event, or by the callback. */
export function writeBehindTheEnd(response: ServerResponse, key: string): void {
	response.end('done', () => response.write('more', () => note(key, 'wrote')));
	response.write('more');
}

export function waitForever(_request: IncomingMessage, response: ServerResponse, key: string): void {
	note(key, 'asked');
	response.on('close', () => note(key, 'closed'));
}

/** The site, with a WebSocket at `/socket` that says everything louder. */
export function withSocket(site: App): App {
	const server = new WebSocketServer({ noServer: true });
	server.on('connection', (client) =>
		client.on('message', (data: Buffer) => client.send(data.toString().toUpperCase())),
	);
	return fromNodeUpgrade(
		(request, socket, head) =>
			server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
		{ otherwise: site },
	);
}
