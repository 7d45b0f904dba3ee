/**
 * A process that holds many idle kept-alive connections: `node idle-clients.ts PORT COUNT`. Each sends one request and
 * waits for its answer; then `ready` is printed. It ends when its standard input ends.
 */
import { connect } from 'node:net';

const port = Number(process.argv[2]);
const count = Number(process.argv[3]);
const AT_ONCE = 100;

let lost = 0;
let started = 0;

function one(): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = connect({ host: '127.0.0.1', port });
		socket.on('error', reject);
		socket.on('close', () => {
			lost++;
			process.stdout.write(`lost ${lost}\n`);
		});
		socket.on('connect', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
		socket.on('data', (chunk) => {
			if (chunk.includes('hello')) resolve();
		});
	});
}

async function lane(): Promise<void> {
	while (started < count) {
		started++;
		await one();
	}
}

await Promise.all(Array.from({ length: AT_ONCE }, lane));
process.stdout.write('ready\n');
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
