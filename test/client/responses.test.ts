/** What an upstream may answer: the bodies that are whole, those that are cut short, and those that go too far. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamOptions } from '../../src/client/index.ts';
import { UpstreamError } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { origin as originOf } from '../support/raw-server.ts';
import { pause, until } from '../support/until.ts';
import { bodyOf, errorOf, to } from './asking.ts';

/** Bytes an origin sends, how it ends, and what is made of it. */
const endings: [what: string, bytes: string, way: 'finish' | 'reset' | 'stay', outcome: string][] = [
	['Content-Length, all of it', 'Content-Length: 4\r\n\r\nfull', 'stay', 'full'],
	['Content-Length, cut by FIN', 'Content-Length: 9\r\n\r\nhalf', 'finish', '!http_response_incomplete'],
	['Content-Length, cut by RST', 'Content-Length: 9\r\n\r\nhalf', 'reset', '!http_response_incomplete'],
	['chunks, all of them', 'Transfer-Encoding: chunked\r\n\r\n4\r\nfull\r\n0\r\n\r\n', 'stay', 'full'],
	['chunks, cut by FIN', 'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n', 'finish', '!http_response_incomplete'],
	[
		'chunks, cut by FIN in a size',
		'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0',
		'finish',
		'!http_response_incomplete',
	],
	['chunks, cut by RST', 'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n', 'reset', '!http_response_incomplete'],
	[
		'trailers, cut',
		'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\nX-Sum:',
		'finish',
		'!http_response_incomplete',
	],
	[
		'chunks, a bad size',
		'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nxyz\r\n',
		'stay',
		'!http_response_transfer_coding',
	],
	['until the close', '\r\nfull', 'finish', 'full'],
	['until the close, cut by RST', '\r\nhalf', 'reset', '!http_response_incomplete'],
	['Connection: close', 'Content-Length: 4\r\nConnection: close\r\n\r\nfull', 'finish', 'full'],
];

async function end(peer: RawPeer, way: 'finish' | 'reset' | 'stay'): Promise<void> {
	if (way === 'stay') return;
	// The other side shall have read what was sent: a reset may take it away.
	await pause(30);
	peer[way]();
}

for (const [what, bytes, way, outcome] of endings) {
	test(`a body with ${what}: ${outcome}`, async (t) => {
		const origin = await originOf(t, async (_request, peer) => {
			const cut = bytes.indexOf('\r\n\r\n') + 4;
			peer.send(`HTTP/1.1 200 OK\r\n${bytes.slice(0, cut)}`);
			await pause(15);
			peer.send(bytes.slice(cut));
			await end(peer, way);
		});
		const app = to(t, origin);
		const answer = await ask(app, '/');
		assert.equal(await bodyOf(answer), outcome);
		const kept = way === 'stay' && !outcome.startsWith('!');
		await until(() => app.statistics().connections === (kept ? 1 : 0), 'connections kept only when in order');
		assert.equal(app.statistics().failed, outcome.startsWith('!') ? 1 : 0);
	});
}

const field = (length: number) => `X-Long: ${'x'.repeat(length)}\r\n`;

/** Bytes of a response that is refused before its head is handed on. */
const refused: [what: string, bytes: string, type: string, options?: UpstreamOptions][] = [
	[
		'a head that is too large',
		`HTTP/1.1 200 OK\r\n${field(2_000)}\r\n`,
		'http_response_header_section_size',
		{ limits: { headBytes: 1_000 } },
	],
	['a head that never ends', `HTTP/1.1 200 OK\r\n${field(70_000)}`, 'http_response_header_section_size'],
	[
		'too many fields',
		`HTTP/1.1 200 OK\r\n${'A: 1\r\n'.repeat(20)}\r\n`,
		'http_response_header_section_size',
		{ limits: { fieldCount: 10 } },
	],
	[
		'a body announced as too large',
		'HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n',
		'http_response_body_size',
		{ limits: { bodyBytes: 1_000 } },
	],
	[
		'a coding that nobody knows',
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
		'http_response_transfer_coding',
	],
	['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 'http_protocol_error'],
	['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n', 'http_protocol_error'],
	['a line of nonsense', 'ICY 200 OK\r\n\r\n', 'http_protocol_error'],
	['another HTTP', 'HTTP/2.0 200 OK\r\n\r\n', 'http_protocol_error'],
	[
		'a switch that was not asked for',
		'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
		'http_protocol_error',
	],
	['a field with a NUL', 'HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n', 'http_protocol_error'],
	['nothing but an interim response', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'connection_terminated'],
];

for (const [what, bytes, type, options] of refused) {
	test(`${what}: ${type}`, async (t) => {
		const origin = await originOf(t, async (_request, peer) => {
			peer.send(bytes);
			if (type === 'connection_terminated') peer.finish();
		});
		const app = to(t, origin, options);
		const answer = await ask(app, '/');
		assert.equal(errorOf(answer).type, type);
		assert.equal(answer.status, 502);
		await (await origin.peer()).closed(2_000);
		await until(() => app.statistics().connections === 0, 'no connection');
	});
}

test('a body that turns out too large is cut short: http_response_body_size', async (t) => {
	const chunk = `64\r\n${'x'.repeat(100)}\r\n`;
	const origin = await originOf(t, (_request, peer) => {
		peer.send(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`);
		setTimeout(() => peer.send(chunk.repeat(20)), 20);
	});
	const answer = await ask(to(t, origin, { limits: { bodyBytes: 1_000 } }), '/');
	assert.equal(answer.status, 200);
	assert.equal(await bodyOf(answer), '!http_response_body_size');
});

test('trailers that are too large cut the body short: http_response_trailer_section_size', async (t) => {
	const origin = await originOf(t, (_request, peer) => {
		peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n');
		setTimeout(() => peer.send(`0\r\n${field(2_000)}\r\n`), 20);
	});
	const answer = await ask(to(t, origin, { limits: { trailerBytes: 1_000 } }), '/');
	assert.equal(await bodyOf(answer), '!http_response_trailer_section_size');
});

test('what is forgiven is forgiven only when it was said', async (t) => {
	const origin = await originOf(t, () => 'HTTP/1.1 200 OK\r\nX-Folded: one\r\n two\r\nContent-Length : 4\r\n\r\nfine');
	assert.equal(errorOf(await ask(to(t, origin), '/')).type, 'http_protocol_error');
	const app = to(t, origin, { leniencies: { spaceBeforeColonInResponse: true, foldedFieldInResponse: true } });
	const answer = await ask(app, '/');
	assert.equal(await answer.text(), 'fine');
	assert.match(answer.fields.get('x-folded') ?? '', /^one +two$/);
});

test('trailers, interim responses and repeated fields arrive as they were sent', async (t) => {
	const origin = await originOf(
		t,
		() =>
			'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 Fine By Me\r\nSet-Cookie: a=1\r\nset-COOKIE: b=2\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n',
	);
	const answer = await ask(to(t, origin), '/');
	assert.equal(answer.reason, 'Fine By Me');
	assert.deepEqual(answer.fields.all('set-cookie'), ['a=1', 'b=2']);
	assert.equal(answer.informational[0]?.status, 103);
	assert.equal(answer.informational[0]?.fields.get('link'), '</a>');
	assert.equal(await answer.text(), 'body');
	assert.equal((await answer.trailers)?.get('x-sum'), '42');
});

test('an error of an upstream quotes nothing that the upstream sent', async (t) => {
	const origin = await originOf(t, () => 'HTTP/1.1 200 OK\r\nX-Secret name: hidden\r\n\r\n');
	const error = errorOf(await ask(to(t, origin), '/'));
	assert.ok(error instanceof UpstreamError);
	assert.doesNotMatch(`${error.message} ${error.details}`, /secret|hidden/i);
});
