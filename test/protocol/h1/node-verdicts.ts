/** What the server of node:http says of streams of requests, asked over real sockets. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A request as node:http handed it on. */
export interface Request {
	readonly method: string;
	readonly target: string;
	readonly fields: readonly string[];
	readonly body: string;
	readonly trailers: readonly string[];
}

export interface NodeVerdict {
	/** Requests that were complete. */
	readonly requests: readonly Request[];
	/** The parser's code for refusing what came then, or what was answered instead of handing it on; or null. */
	readonly refused: string | null;
}

/** Connections at a time. */
const AT_ONCE = 40;

/** The verdict on each stream: it is sent, then the client finishes. */
export async function askNode(streams: readonly string[]): Promise<NodeVerdict[]> {
	const cases = new Map<number, { requests: Request[]; refused: string | null }>();
	const of = (socket: Socket): { requests: Request[]; refused: string | null } => {
		const port = socket.remotePort as number;
		const known = cases.get(port) ?? { requests: [], refused: null };
		cases.set(port, known);
		return known;
	};
	const server = createServer((request, response) => {
		const parts: Buffer[] = [];
		const verdict = of(request.socket);
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			verdict.requests.push(plain(request, Buffer.concat(parts)));
			// Without it, node:http ends 1.0 connections that are to be kept.
			response.setHeader('Content-Length', 0);
			response.end();
		});
		request.on('error', () => {});
	});
	server.on('checkExpectation', (request: IncomingMessage, response) => {
		of(request.socket).refused = 'expectation';
		response.end();
	});
	server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
		of(socket as Socket).refused ??= error.code ?? 'error';
		socket.destroy();
	});
	const port = await listen(server);
	const verdicts: NodeVerdict[] = [];
	let next = 0;
	const worker = async (): Promise<void> => {
		for (let i = next++; i < streams.length; i = next++) {
			const { localPort, answer } = await ask(port, streams[i] as string);
			const verdict = cases.get(localPort) ?? { requests: [], refused: null };
			// Without Host, node:http answers by itself.
			if (/(^|\r\n\r\n)HTTP\/1\.1 400 /.test(answer)) verdict.refused ??= 'answered 400';
			cases.delete(localPort);
			verdicts[i] = verdict;
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	server.close();
	return verdicts;
}

function plain(request: IncomingMessage, body: Buffer): Request {
	return {
		method: request.method as string,
		target: request.url as string,
		fields: request.rawHeaders,
		body: body.toString('latin1'),
		trailers: request.rawTrailers,
	};
}

function listen(server: Server): Promise<number> {
	return new Promise((resolve) => {
		server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
	});
}

function ask(port: number, stream: string): Promise<{ localPort: number; answer: string }> {
	return new Promise((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' });
		let localPort = 0;
		let answer = '';
		socket.on('connect', () => {
			localPort = socket.localPort as number;
			socket.end(stream, 'latin1');
		});
		socket.on('data', (part) => {
			answer += part.toString('latin1');
		});
		socket.on('error', () => {});
		socket.on('close', () => resolve({ localPort, answer }));
	});
}
