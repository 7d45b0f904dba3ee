/** http-proxy with kept-alive upstream connections: `node http-proxy.ts PORT ORIGIN`. */
import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';

interface Proxy {
	web(request: IncomingMessage, response: ServerResponse): void;
	on(event: 'error', listener: (error: Error, request: IncomingMessage, response: ServerResponse) => void): void;
}
interface HttpProxy {
	createProxyServer(options: { target: string; agent: Agent }): Proxy;
}

// Required by name at run time: the package may not be installed where the types are checked.
const library = createRequire(import.meta.url)('http-proxy') as HttpProxy;

const agent = new Agent({ keepAlive: true, maxFreeSockets: 128 });
const proxy = library.createProxyServer({ target: `http://${process.argv[3]}`, agent });
proxy.on('error', (_error, _request, response) => {
	if (!response.headersSent) response.writeHead(502);
	response.end();
});
const server: Server = createServer((request, response) => proxy.web(request, response));
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
