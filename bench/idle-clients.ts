/**
 * Opens connections and keeps them: `node idle-clients.ts PORT PATH COUNT LENGTH`. Makes one request on each, reads an
 * answer with a body of LENGTH bytes, prints `opened`, and then on each line of stdin how many are still open. Ten
 * loopback addresses share the connections, so that the ports of one do not run out.
 */
import { connect, type Socket } from 'node:net';

const [port = '', path = '/', count = '0', length = '0'] = process.argv.slice(2);
const wanted = Number(count);
const AT_ONCE = 100;

const open = new Set<Socket>();
let started = 0;
let answered = 0;

function openNext(): void {
	if (started === wanted) return;
	const localAddress = `127.0.0.${2 + (started++ % 10)}`;
	const socket = connect({ host: '127.0.0.1', port: Number(port), localAddress });
	let answer = '';
	open.add(socket);
	socket.setEncoding('latin1');
	socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: idle\r\nAccept: */*\r\n\r\n`);
	socket.on('error', (error) => process.stderr.write(`idle clients: ${error.message}\n`));
	socket.on('close', () => open.delete(socket));
	socket.on('data', (text: string) => {
		answer += text;
		const end = answer.indexOf('\r\n\r\n');
		if (end === -1 || answer.length < end + 4 + Number(length)) return;
		socket.removeAllListeners('data');
		// Goes on reading, so that the end of a connection is noticed.
		socket.resume();
		answer = '';
		if (++answered === wanted) process.stdout.write('opened\n');
		openNext();
	});
}

for (let first = 0; first < Math.min(AT_ONCE, wanted); first++) openNext();
process.stdin.on('data', () => process.stdout.write(`${open.size}\n`));
process.stdin.on('end', () => process.exit());
