/** Who the client is, as far as those who are trusted say: the one answer for logs, limits and access rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Address, type App, raw, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { type FieldsInit } from '../../src/fields/index.ts';
import { forwardedAddress, type Trust, trustPolicy } from '../../src/proxy/index.ts';

async function resolved(trust: Trust | undefined, fields: FieldsInit, remote?: Address): Promise<string | null> {
	const policy = trustPolicy(trust);
	let found: string | null = null;
	const app: App = (request, context) => {
		found = forwardedAddress(raw(request), context, policy);
		return respond(204);
	};
	const answer = await ask(app, { remote: remote ?? { kind: 'ip', host: '10.0.0.1', port: 1 }, fields });
	assert.equal(answer.status, 204, String(answer.error));
	return found;
}

const chain = { 'X-Forwarded-For': '6.6.6.6, 203.0.113.9, 10.0.0.3, 10.0.0.2' };

const cases: [what: string, trust: Trust | undefined, fields: FieldsInit, found: string | null][] = [
	['nobody is trusted', undefined, chain, '10.0.0.1'],
	['none by count', 0, chain, '10.0.0.1'],
	['one by count', 1, chain, '10.0.0.2'],
	['three by count', 3, chain, '203.0.113.9'],
	['more by count than there are', 9, chain, '6.6.6.6'],
	['a range: the first outside it', ['10.0.0.0/8'], chain, '203.0.113.9'],
	['a name for ranges', ['private'], chain, '203.0.113.9'],
	['single addresses', ['10.0.0.1', '10.0.0.2'], chain, '10.0.0.3'],
	['the peer is outside the range', ['192.168.0.0/16'], chain, '10.0.0.1'],
	['everybody is trusted: the farthest', ['0.0.0.0/0'], chain, '6.6.6.6'],
	['no chain', ['10.0.0.0/8'], {}, '10.0.0.1'],
	['Forwarded', ['10.0.0.0/8'], { Forwarded: 'for=203.0.113.9, for=10.0.0.2' }, '203.0.113.9'],
	['Forwarded with IPv6 and a port', 1, { Forwarded: 'for="[2001:db8::1]:4711"' }, '2001:db8::1'],
	[
		'Forwarded goes before X-Forwarded-For',
		1,
		{ Forwarded: 'for=203.0.113.9', 'X-Forwarded-For': '6.6.6.6' },
		'203.0.113.9',
	],
	['Forwarded: unknown', 1, { Forwarded: 'for=unknown' }, null],
	['Forwarded: obfuscated', 1, { Forwarded: 'for=_hidden' }, null],
	['Forwarded that is broken', 1, { Forwarded: 'for="' }, '10.0.0.1'],
	['X-Forwarded-For: unknown', 1, { 'X-Forwarded-For': 'unknown' }, null],
	['X-Forwarded-For: nonsense', ['10.0.0.0/8'], { 'X-Forwarded-For': 'nonsense, 10.0.0.2' }, null],
	['X-Forwarded-For with a port', 1, { 'X-Forwarded-For': '203.0.113.9:4711' }, '203.0.113.9'],
	['X-Forwarded-For with IPv6', 1, { 'X-Forwarded-For': '2001:db8::1' }, '2001:db8::1'],
	['X-Forwarded-For with IPv6 in brackets', 1, { 'X-Forwarded-For': '[2001:db8::1]' }, '2001:db8::1'],
	['X-Forwarded-For with IPv6 and a port', 1, { 'X-Forwarded-For': '[2001:db8::1]:4711' }, '2001:db8::1'],
	[
		'X-Forwarded-For in several lines',
		2,
		[
			['X-Forwarded-For', '203.0.113.9'],
			['X-Forwarded-For', '10.0.0.2'],
		],
		'203.0.113.9',
	],
];

for (const [what, trust, fields, found] of cases) {
	test(`the client's address: ${what}`, async () => {
		assert.equal(await resolved(trust, fields), found);
	});
}

test('a peer on a unix socket has no address; by count it can be trusted, by range it cannot', async () => {
	const unix: Address = { kind: 'unix', path: '/run/x' };
	assert.equal(await resolved(undefined, chain, unix), null);
	assert.equal(await resolved(['private'], chain, unix), null);
	assert.equal(await resolved(1, chain, unix), '10.0.0.2');
});

test('an IPv6 peer, one with a zone too, is compared with IPv6 ranges', async () => {
	const from = (host: string): Address => ({ kind: 'ip', host, port: 1 });
	const told = { 'X-Forwarded-For': '203.0.113.9' };
	assert.equal(await resolved(['fd00::/8'], told, from('fd00::1')), '203.0.113.9');
	assert.equal(await resolved(['link-local'], told, from('fe80::1%eth0')), '203.0.113.9');
	assert.equal(await resolved(['loopback'], told, from('::1')), '203.0.113.9');
	assert.equal(await resolved(['10.0.0.0/8'], told, from('fd00::1')), 'fd00::1');
});

test('whatever a chain holds, the answer is an address or null', async () => {
	const printable = fc.string({
		unit: fc.constantFrom(...'0123456789abcdef.:,;="[]_ %for/\\'.split('')),
		maxLength: 60,
	});
	const property = fc.asyncProperty(printable, fc.constantFrom('Forwarded', 'X-Forwarded-For'), async (value, name) => {
		for (const trust of [3, ['0.0.0.0/0', '::/0']] as const) {
			const found = await resolved(trust, { [name]: value.trim() });
			assert.ok(found === null || /^[\d.]+$|^[\da-fA-F:.]+$/.test(found), `${found} from ${value}`);
		}
	});
	await fc.assert(property, { numRuns: 300 });
});

for (const wrong of ['10.0.0.0/33', '::/129', '10.0.0', 'host.example', '10.0.0.0/', '10.0.0.0/8/8', '']) {
	test(`what is no range is refused when it is set: ${JSON.stringify(wrong)}`, () => {
		assert.throws(() => trustPolicy([wrong]), { name: 'TypeError' });
	});
}
