/** node:http2 answering a kibibyte: `node node-hello-h2.ts PORT CERT KEY`. */
import { readFileSync } from 'node:fs';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';

const [, , port, cert = '', key = ''] = process.argv;
const body = 'x'.repeat(1_024);
const server = createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) });
server.on('stream', (stream: ServerHttp2Stream) => {
	stream.respond({ ':status': 200, 'content-type': 'text/plain', 'content-length': body.length });
	stream.end(body);
});
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
