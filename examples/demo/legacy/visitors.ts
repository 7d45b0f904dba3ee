/** The live visitor counter: a stream of server-sent events for everybody who has the page open. */
import type { IncomingMessage, ServerResponse } from 'node:http';

const HEARTBEAT = 15_000;

export class Visitors {
	private readonly watching = new Set<ServerResponse>();

	/** Streams the number of watchers until the client leaves. A gateway that hides the leaving makes the counter wrong for ever. */
	watch(request: IncomingMessage, response: ServerResponse): void {
		response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
		if (request.method === 'HEAD') {
			response.end();
			return;
		}
		const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT);
		this.watching.add(response);
		response.on('close', () => {
			clearInterval(heartbeat);
			this.watching.delete(response);
			this.tell();
		});
		this.tell();
	}

	/** Ends every stream: the site is closing. */
	close(): void {
		for (const response of this.watching) response.end();
	}

	private tell(): void {
		for (const response of this.watching) response.write(`event: visitors\ndata: ${this.watching.size}\n\n`);
	}
}
