/**
 * The desync vectors on sockets: every Severe one is refused and the connection ends, so that nothing behind it is ever
 * a request; through `reverse` not one byte of it reaches the origin. Compliant ones are served.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '../../src/convention/index.ts';
import { type DesyncVector, desyncVectors, desyncVectorsPresent, headOf } from '../support/desync-vectors.ts';
import { listen, portOf } from '../support/engines.ts';
import { plainGateway } from '../support/gateway.ts';
import { connect } from '../support/raw-client.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { wireApps } from '../support/wire-apps.ts';

const skip = desyncVectorsPresent ? false : 'the desync vectors are not on this machine';
const smuggled = '0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a.example\r\n\r\n';
const vectors = desyncVectors();

/** What is refused although the vectors call it compliant: codings with parameters, identity, lists; a target that is empty, or with a fragment or raw bytes beyond ASCII. */
const REFUSED = /transfer-encoding: *(?!chunked\r)[^\r]*\r|^\S+ \S*[#\x80-\xff]|^\S+  HTTP/i;

async function assertRefused(vector: DesyncVector, client: RawPeer): Promise<void> {
	client.send(headOf(vector) + smuggled);
	await client.closed();
	const answers = client.received.match(/HTTP\/1\.1 \d{3}/g) ?? [];
	assert.equal(answers.length, 1, `${vector.title}: ${JSON.stringify(client.received)}`);
	assert.match(answers[0] as string, / (4\d\d|50[15])$/, vector.title);
	assert.match(client.received, /\r\nConnection: close\r\n/i, vector.title);
}

function wholeOf(vector: DesyncVector): string {
	const value = (wanted: string) => vector.fields.find(([name]) => name.trim().toLowerCase() === wanted)?.[1];
	if (value('transfer-encoding') !== undefined) return `${headOf(vector)}0\r\n\r\n`;
	return headOf(vector) + 'x'.repeat(Number(value('content-length') ?? 0));
}

test('the vectors are read completely', { skip }, () => {
	const severe = vectors.filter(({ tier }) => tier === 'Severe');
	assert.ok(vectors.every(({ tier }) => ['Compliant', 'Acceptable', 'Ambiguous', 'Severe'].includes(tier)));
	assert.ok(severe.length >= 58, `${severe.length} severe vectors`);
});

test('every severe request is refused by the engine', { skip }, async (t) => {
	const port = portOf(await listen(t, wireApps['collect'] as App));
	for (const vector of vectors) {
		if (vector.tier === 'Severe') await assertRefused(vector, await connect(t, port));
	}
});

test('nothing of a severe request reaches the origin', { skip }, async (t) => {
	const g = await plainGateway(t);
	for (const vector of vectors) {
		if (vector.tier !== 'Severe') continue;
		await assertRefused(vector, await g.client());
		assert.equal(g.origin.received, '', vector.title);
	}
});

test('compliant requests are served, through the gateway too', { skip }, async (t) => {
	const g = await plainGateway(t);
	let served = 0;
	for (const vector of vectors) {
		if (vector.tier !== 'Compliant') continue;
		const client = (await g.client()).send(wholeOf(vector));
		const answer = await client.message(vector.method);
		if (answer.status === 200) served++;
		else assert.match(headOf(vector), REFUSED, `${vector.title}: ${answer.startLine}`);
		client.destroy();
	}
	assert.ok(served >= 15, `${served} served`);
});

test('whatever the origin gets of other requests is one request with one framing', { skip }, async (t) => {
	const g = await plainGateway(t);
	for (const vector of vectors) {
		if (vector.tier !== 'Acceptable' && vector.tier !== 'Ambiguous') continue;
		const client = (await g.client()).send(headOf(vector)).finish();
		await client.closed();
	}
	for (const request of g.origin.requests) {
		assert.ok(request.all('content-length').length + request.all('transfer-encoding').length <= 1, request.raw);
		assert.match(request.raw, /^[^\0\n]*\r\n/);
	}
});
