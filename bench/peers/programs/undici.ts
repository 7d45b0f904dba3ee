/** A reverse proxy written by hand on node:http and undici's dispatch, for GET: `node undici.ts PORT ORIGIN`. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';

interface Controller {
	pause(): void;
	resume(): void;
	abort(reason: Error): void;
}
interface Handler {
	onRequestStart(controller: Controller): void;
	onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders): void;
	onResponseData(controller: Controller, chunk: Buffer): void;
	onResponseEnd(): void;
	onResponseError(controller: Controller, error: Error): void;
}
interface Pool {
	dispatch(options: { path: string; method: string; headers: IncomingHttpHeaders }, handler: Handler): boolean;
}
interface Undici {
	Pool: new (origin: string, options: { connections: number; pipelining: number }) => Pool;
}

// Required by name at run time: the package may not be installed where the types are checked.
const { Pool } = createRequire(import.meta.url)('undici') as Undici;

const pool = new Pool(`http://${process.argv[3]}`, { connections: 128, pipelining: 1 });

const server = createServer((request, response) => {
	const headers = { ...request.headers };
	delete headers.connection;
	pool.dispatch(
		{ path: request.url ?? '/', method: request.method ?? 'GET', headers },
		{
			onRequestStart(controller) {
				response.on('drain', () => controller.resume());
				response.on('close', () => {
					if (!response.writableFinished) controller.abort(new Error('the client has gone'));
				});
			},
			onResponseStart(_controller, status, fields) {
				delete fields.connection;
				response.writeHead(status, fields);
			},
			onResponseData(controller, chunk) {
				if (!response.write(chunk)) controller.pause();
			},
			onResponseEnd() {
				response.end();
			},
			onResponseError() {
				if (response.headersSent) response.destroy();
				else response.writeHead(502).end();
			},
		},
	);
});
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
