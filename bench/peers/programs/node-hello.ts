/** node:http answering 13 bytes: `node node-hello.ts PORT`. */
import { createServer } from 'node:http';

const server = createServer((_request, response) => {
	response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 13 });
	response.end('Hello, world!');
});
server.keepAliveTimeout = 300_000;
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
