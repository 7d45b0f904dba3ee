/** The guestbook: a WebSocket that gives every newcomer the last entries, and everybody each new one. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';

const KEPT = 50;
const NAME_LENGTH = 40;
const TEXT_LENGTH = 400;

interface Entry {
	readonly name: string;
	readonly text: string;
}

export class Guestbook {
	private readonly server = new WebSocketServer({ noServer: true, maxPayload: 4_096 });
	private readonly entries: Entry[] = [{ name: 'Webmaster', text: 'The guestbook is open. Be nice!' }];

	/** Takes over a connection that asked for an upgrade. */
	accept(request: IncomingMessage, socket: Duplex, early: Buffer): void {
		this.server.handleUpgrade(request, socket, early, (client) => {
			client.on('error', () => client.terminate());
			client.on('message', (data) => this.sign(data as Buffer));
			for (const entry of this.entries) client.send(JSON.stringify(entry));
		});
	}

	/** Says goodbye to every reader. */
	close(): void {
		for (const client of this.server.clients) client.close(1001, 'The site is closing');
		setTimeout(() => {
			for (const client of this.server.clients) client.terminate();
		}, 500).unref();
	}

	private sign(data: Buffer): void {
		const entry = read(data.toString());
		if (entry === null) return;
		this.entries.push(entry);
		if (this.entries.length > KEPT) this.entries.shift();
		const message = JSON.stringify(entry);
		for (const client of this.server.clients) if (client.readyState === WebSocket.OPEN) client.send(message);
	}
}

/** An entry from what a browser sent, or null when it is none. */
function read(message: string): Entry | null {
	let value: unknown;
	try {
		value = JSON.parse(message);
	} catch {
		return null;
	}
	if (typeof value !== 'object' || value === null || !('text' in value)) return null;
	const text = String(value.text).trim().slice(0, TEXT_LENGTH);
	const name = 'name' in value ? String(value.name).trim().slice(0, NAME_LENGTH) : '';
	return text === '' ? null : { name: name || 'A friend', text };
}
