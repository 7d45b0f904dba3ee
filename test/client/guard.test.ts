/** The guard: which addresses are public, and that nothing but a judged address is ever connected to. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type AddressGuard, publicAddresses, type UpstreamOptions, upstream } from '../../src/client/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { authority, server } from '../support/certificates.ts';
import { ok, origin as originOf } from '../support/raw-server.ts';
import { errorOf, to, told } from './asking.ts';

const family = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

const refused: Readonly<Record<string, readonly string[]>> = {
	loopback: ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'],
	unspecified: ['0.0.0.0', '0.1.2.3', '::'],
	private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff::1'],
	'link-local': ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1'],
	CGNAT: ['100.64.0.1', '100.127.255.255'],
	metadata: ['169.254.169.254', '168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254'],
	multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
	reserved: ['240.0.0.1', '255.255.255.255', '192.0.0.1', '198.18.0.1', '192.88.99.1', '100::1', '4000::1', '5f00::1'],
	documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff:fff::1'],
	'IPv4 inside': [
		'::ffff:127.0.0.1',
		'::ffff:7f00:1',
		'::ffff:a9fe:a9fe',
		'::127.0.0.1',
		'::ffff:0:10.0.0.1',
		'64:ff9b::10.0.0.1',
		'64:ff9b::a9fe:a9fe',
		'64:ff9b:1::8.8.8.8',
		'2002:7f00:1::1',
		'2002:a00:1::',
		'2001:0:4136:e378:8000:63bf:3fff:fdd2',
		'2600::5efe:10.0.0.1',
		'2600::200:5efe:192.168.0.1',
	],
	'no address': ['', 'localhost', '127.1', '0x7f.0.0.1', '1.2.3.4.5', ':::', '::1::', 'fe80::1%', '[::1]'],
};

for (const [what, addresses] of Object.entries(refused)) {
	test(`not public: ${what}`, () => {
		const guard = publicAddresses();
		for (const address of addresses) assert.equal(guard(address, family(address), 443), false, address);
	});
}

test('public addresses pass, those that carry one included', () => {
	const guard = publicAddresses();
	const passing = ['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.63.0.1', '100.128.0.1', '169.253.1.1', '223.255.255.1'];
	passing.push('2606:4700::1111', '2a00:1450:4001::5', '::ffff:8.8.8.8', '64:ff9b::808:808', '2002:808:808::1');
	for (const address of passing) assert.equal(guard(address, family(address), 443), true, address);
});

test('what is allowed passes in every form, metadata services only by their own address', () => {
	const guard = publicAddresses({ allow: ['10.1.0.0/16', 'link-local', 'fd00::/8', '168.63.129.16'] });
	for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '169.254.1.1', 'fe80::1%2', 'fd12::1', '168.63.129.16']) {
		assert.equal(guard(address, family(address), 443), true, address);
	}
	for (const address of ['10.2.0.1', '127.0.0.1', '169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254']) {
		assert.equal(guard(address, family(address), 443), false, address);
	}
	assert.throws(() => publicAddresses({ allow: ['10.0.0.0/33'] }), TypeError);
});

/** An origin on loopback, and an upstream to `host` on its port. */
async function guarded(t: TestContext, host: string, options: UpstreamOptions) {
	const origin = await originOf(t, () => ok('reached'));
	return { origin, app: to(t, `http://${host}:${origin.port}`, options) };
}

const literals = [
	'127.0.0.1',
	'2130706433',
	'0x7f000001',
	'0177.0.0.1',
	'127.1',
	'127.0.0.1.',
	'%31%32%37.0.0.1',
	'[::1]',
];
literals.push('[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '１２７.0.0.1', '0', '[::]');

for (const host of literals) {
	test(`a literal loopback address is refused however it is written: ${host}`, async (t) => {
		const { origin, app } = await guarded(t, host, { guard: publicAddresses() });
		const answer = await ask(app, '/');
		const { type, phase, code } = errorOf(answer);
		assert.deepEqual(
			[type, phase, code],
			['destination_ip_prohibited', 'connect', 'UPSTREAM_DESTINATION_IP_PROHIBITED'],
		);
		assert.equal(answer.status, 502);
		assert.equal(origin.peers.length, 0);
		const { connections, dialled, failed } = app.statistics();
		assert.deepEqual({ connections, dialled, failed }, { connections: 0, dialled: 0, failed: 1 });
	});
}

test('a name is refused by what it resolves to', async (t) => {
	const { origin, app } = await guarded(t, 'localhost', { guard: publicAddresses() });
	assert.equal(await told(app), '!destination_ip_prohibited');
	assert.equal(origin.peers.length, 0);
});

test('an allowed address is reached, literally and by name', async (t) => {
	const guard = publicAddresses({ allow: ['127.0.0.1'] });
	for (const host of ['127.0.0.1', 'localhost']) {
		const { app } = await guarded(t, host, { guard });
		assert.equal(await told(app), 'reached', host);
	}
});

test('a name that changes its mind between two look-ups gains nothing', async (t) => {
	const answers = [['127.0.0.2'], ['127.0.0.1'], ['127.0.0.1']];
	let asked = 0;
	const judged: string[] = [];
	const guard: AddressGuard = (address) => judged.push(address) > 0 && address === '127.0.0.2';
	const resolve = async (): Promise<string[]> => answers[asked++] as string[];
	const right = await originOf(t, () => ok('judged'), { at: { host: '127.0.0.2', port: 0 } });
	const wrong = await originOf(t, () => ok('wrong'), { at: { host: '127.0.0.1', port: right.port } });
	const app = to(t, `http://rebind.example:${right.port}`, { guard, resolve, pool: { idle: 0 } });
	assert.equal(await told(app), 'judged');
	assert.equal(asked, 1, 'one look-up for one connection');
	assert.equal(await told(app), '!destination_ip_prohibited');
	assert.deepEqual(judged, ['127.0.0.2', '127.0.0.1']);
	assert.equal(wrong.peers.length, 0);
});

test('of several addresses only those that pass are tried', async (t) => {
	const wrong = await originOf(t, () => ok('wrong'));
	const resolve = async (): Promise<string[]> => ['127.0.0.1', '127.0.0.3'];
	const guard: AddressGuard = (address) => address !== '127.0.0.1';
	const app = to(t, `http://both.example:${wrong.port}`, { guard, resolve });
	assert.equal(await told(app), '!connection_refused');
	assert.equal(wrong.peers.length, 0);
});

test('a resolver alone: its addresses are dialled, and its failure is a dns_error', async (t) => {
	const resolve = async (name: string): Promise<string[]> => {
		if (name === 'broken.example') throw new Error('no');
		return name === 'odd.example' ? ['localhost'] : name === 'none.example' ? [] : ['127.0.0.1'];
	};
	const { origin, app } = await guarded(t, 'known.example', { resolve });
	assert.equal(await told(app), 'reached');
	for (const name of ['none.example', 'odd.example', 'broken.example']) {
		assert.equal(await told(to(t, `http://${name}:${origin.port}`, { resolve })), '!dns_error', name);
	}
});

test('a guard that throws, or says anything but true, refuses', async (t) => {
	const guards: AddressGuard[] = [
		() => {
			throw new Error('broken guard');
		},
		() => 'yes' as unknown as boolean,
	];
	for (const guard of guards) {
		for (const host of ['127.0.0.1', 'localhost']) {
			const { app } = await guarded(t, host, { guard });
			assert.equal(await told(app), '!destination_ip_prohibited');
		}
	}
});

test('TLS is guarded the same way, and verified against the name', async (t) => {
	const origin = await originOf(t, () => ok('secret'), { tls: server });
	const tls = { ca: authority };
	const resolve = async (): Promise<string[]> => ['127.0.0.1'];
	const at = `https://origin.example:${origin.port}`;
	assert.equal(await told(to(t, at, { tls, resolve, guard: () => true })), 'secret');
	assert.equal(await told(to(t, at, { tls, resolve, guard: publicAddresses() })), '!destination_ip_prohibited');
	const literal = to(t, `https://127.0.0.1:${origin.port}`, { tls, guard: publicAddresses() });
	assert.equal(await told(literal), '!destination_ip_prohibited');
	assert.equal(origin.peers.length, 1);
});

test('a unix socket has no address to judge: refused under any guard', async (t) => {
	const app = upstream('unix:/tmp/no-such-socket', { guard: () => true });
	t.after(() => app.close());
	assert.equal(await told(app), '!destination_ip_prohibited');
});

test('a look-up that takes too long, and answers when nobody waits any more', async (t) => {
	const { promise, resolve: found } = Promise.withResolvers<string[]>();
	const { origin, app } = await guarded(t, 'slow.example', { resolve: () => promise, timeouts: { connect: 60 } });
	assert.equal(await told(app), '!connection_timeout');
	found(['127.0.0.1']);
	await promise;
	assert.equal(origin.peers.length, 0);
	assert.equal(app.statistics().connections, 0);
});
