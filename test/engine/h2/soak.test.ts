/** Streams of HTTP/2 by the dozen, answered, reset, left with their connection, tunnelled. */
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { test } from 'node:test';
import { http2 } from '../../../src/engine/h2/index.ts';
import type { Seeded } from '../../soak/seeded.ts';
import { TARGETS } from '../fuzz-app.ts';
import { soak, turn, type Visit } from '../soak.ts';

function begin(session: ClientHttp2Session, random: Seeded): ClientHttp2Stream {
	const tunnel = random.chance(0.1);
	const method = tunnel ? 'CONNECT' : random.one(['GET', 'POST']);
	const body = tunnel || method === 'POST';
	const path = random.one(TARGETS);
	const head = tunnel ? { ':method': method, ':authority': 'a:1' } : { ':method': method, ':path': path };
	const stream = session.request(head, { endStream: !body });
	stream.on('error', () => {});
	// A part of them is never read.
	if (random.chance(0.8)) stream.resume();
	if (body) stream.write('some of a body');
	if (body && random.chance(0.7)) stream.end();
	return stream;
}

const visit: Visit = async (port, random) => {
	const session = connect(`http://127.0.0.1:${port}`);
	session.on('error', () => {});
	await once(session, 'remoteSettings');
	const streams = Array.from({ length: 1 + random.below(20) }, () => begin(session, random));
	for (let turns = random.below(6); turns > 0; turns--) await turn();
	for (const stream of streams) if (random.chance(0.4)) stream.close(8);
	for (let turns = random.below(4); turns > 0; turns--) await turn();
	if (random.chance(0.3)) session.close();
	if (random.chance(0.2)) session.socket.resetAndDestroy();
	else if (random.chance(0.3)) session.socket.destroySoon();
	for (let turns = random.below(20); turns > 0; turns--) await turn();
	session.destroy();
	if (!session.closed) await once(session, 'close');
	return streams.length;
};

test('thousands of exchanges leave nothing behind', { timeout: 60_000 }, (t) => soak(t, http2, visit, 1_500));
