/** node:https answering a kibibyte: `node node-hello-tls.ts PORT CERT KEY`. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [, , port, cert = '', key = ''] = process.argv;
const body = 'x'.repeat(1_024);
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_request, response) => {
	response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length });
	response.end(body);
});
server.keepAliveTimeout = 300_000;
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
