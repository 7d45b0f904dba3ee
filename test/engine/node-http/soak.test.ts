/** Exchanges of HTTP/1.1 by node, pipelined, left in the middle, upgraded. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { nodeHttp } from '../../../src/engine/node-http/index.ts';
import { TARGETS } from '../fuzz-app.ts';
import { soak, turn, type Visit } from '../soak.ts';

const LAST = 'Connection: close\r\n';
const bodies: readonly string[] = [
	'\r\n',
	'Content-Length: 4\r\n\r\nbody',
	'Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n',
	'Expect: 100-continue\r\nContent-Length: 4\r\n\r\nbody',
];

const visit: Visit = async (port, random) => {
	const socket = connect(port, '127.0.0.1');
	socket.on('error', () => {}).resume();
	await once(socket, 'connect');
	const count = 1 + random.below(6);
	let text = '';
	for (let index = 1; index <= count; index++) {
		const last = index === count ? LAST : '';
		text += `${random.one(['GET', 'POST', 'PUT'])} ${random.one(TARGETS)} HTTP/1.1\r\nHost: a\r\n${last}${random.one(bodies)}`;
	}
	if (random.chance(0.1)) text += 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nearly';
	if (random.chance(0.5)) {
		socket.write(text.slice(0, 1 + random.below(text.length)));
		for (let turns = random.below(6); turns > 0; turns--) await turn();
		if (random.chance(0.5)) socket.resetAndDestroy();
		else socket.destroy();
	} else socket.end(text);
	if (!socket.closed) await once(socket, 'close');
	return count;
};

test('thousands of exchanges leave nothing behind', { timeout: 60_000 }, (t) => soak(t, nodeHttp, visit, 1_500));
