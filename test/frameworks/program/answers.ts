/** A program for tests: it listens where the environment says, and does what it is asked for. */
import { createServer } from 'node:http';

const { SOCKET, HOST, PORT, DELAY = '0', FAIL = '' } = process.env;
console.log('begun');
if (FAIL !== '') {
	console.error(`no luck: ${FAIL}`);
	process.exit(Number(FAIL));
}
const server = createServer((request, response) => {
	if (request.url === '/exit') process.exit(4);
	if (request.url === '/unready') response.statusCode = 503;
	if (request.url === '/slow') {
		setTimeout(() => response.end('slow'), 300);
		return;
	}
	response.end(JSON.stringify({ pid: process.pid, url: request.url, headers: request.headers }));
});
process.on('SIGTERM', () => {
	if (process.env['STUBBORN'] !== undefined) return;
	console.log('ending');
	server.close(() => process.exit(0));
	server.closeIdleConnections();
});
setTimeout(() => {
	if (SOCKET === undefined) server.listen(Number(PORT), HOST);
	else server.listen(SOCKET);
}, Number(DELAY));
