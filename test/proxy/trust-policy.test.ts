/** Whose word is passed on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Trust, trustPolicy } from '../../src/proxy/index.ts';

const cases: [what: string, trust: Trust | undefined, address: string | null, index: number, believed: boolean][] = [
	['nobody', undefined, '10.0.0.1', 0, false],
	['none by count', 0, '10.0.0.1', 0, false],
	['the peer by count', 1, '10.0.0.1', 0, true],
	['the hop before it, which is one too many', 1, '10.0.0.1', 1, false],
	['by count whoever it is, by a unix socket as well', 1, null, 0, true],
	['a range', ['10.0.0.0/8'], '10.255.0.1', 0, true],
	['just outside of it', ['10.0.0.0/8'], '11.0.0.0', 0, false],
	['a name for ranges', ['private'], '192.168.7.7', 0, true],
	['a single address', ['10.0.0.1'], '10.0.0.1', 3, true],
	['everybody', ['0.0.0.0/0'], '6.6.6.6', 0, true],
	['by range nobody without an address', ['0.0.0.0/0', '::/0'], null, 0, false],
	['IPv6', ['fd00::/8'], 'fd00::1', 0, true],
	['IPv6 with a zone', ['link-local'], 'fe80::1%eth0', 0, true],
	['IPv6 loopback', ['loopback'], '::1', 0, true],
	['IPv6 is in no range of IPv4', ['10.0.0.0/8'], 'fd00::1', 0, false],
];
for (const [what, trust, address, index, believed] of cases) {
	test(`trust: ${what}`, () => {
		assert.equal(trustPolicy(trust)(address, index), believed);
	});
}

for (const wrong of ['10.0.0.0/33', '::/129', '10.0.0', 'host.example', '10.0.0.0/', '10.0.0.0/8/8', '']) {
	test(`what is no range is refused when it is set: ${JSON.stringify(wrong)}`, () => {
		assert.throws(() => trustPolicy([wrong]), { name: 'TypeError' });
	});
}
