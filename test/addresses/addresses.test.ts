/** One reading of addresses: whatever has another spelling is the same, or no address at all. */
import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { AddressSet, customerNetwork, normalAddress, readAddress } from '../../src/addresses/index.ts';
import { isIPv4, isIPv6 } from '../../src/fields/index.ts';

const words = new Uint32Array(4);

const normal: [given: string, usual: string | null][] = [
	['192.0.2.1', '192.0.2.1'],
	['0.0.0.0', '0.0.0.0'],
	['255.255.255.255', '255.255.255.255'],
	['::ffff:192.0.2.1', '192.0.2.1'],
	['::FFFF:c000:201', '192.0.2.1'],
	['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
	['::192.0.2.1', '::c000:201'],
	['2001:0DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
	['::', '::'],
	['::1', '::1'],
	['1::', '1::'],
	['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
	['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
	['010.0.0.1', null],
	['0x7f.0.0.1', null],
	['0x7f000001', null],
	['2130706433', null],
	['127.1', null],
	['127.0.0.1.', null],
	['127.0.0.256', null],
	['1.2.3', null],
	['', null],
	[':', null],
	[':::', null],
	['1:2:3:4:5:6:7:8:9', null],
	['1:2:3:4:5:6:7', null],
	['1::2::3', null],
	['::ffff:010.0.0.1', null],
	['1:2:3:4:5:6:7:1.2.3.4', null],
	['::1.2.3.4:5', null],
	['fe80::1%eth0', null],
	['[::1]', null],
	['12345::', null],
	['1:', null],
	['192.0.2.1:80', null],
	[' 192.0.2.1', null],
	['１92.0.2.1', null],
];
for (const [given, usual] of normal)
	test(`${JSON.stringify(given)} is ${usual ?? 'no address'}`, () => {
		assert.equal(normalAddress(given), usual);
	});

test('what is an address here is one to the grammars of fields, and the other way round', () => {
	const piece = fc.constantFrom(
		'0',
		'1',
		'ffff',
		'g',
		'::',
		':',
		'.',
		'255',
		'256',
		'01',
		'192.0.2.1',
		'abcd',
		'12345',
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
			const text = pieces.join('');
			assert.equal(readAddress(text, words) !== 0, isIPv4(text) || isIPv6(text), text);
		}),
		{ numRuns: 5000 },
	);
	fc.assert(fc.property(fc.ipV4(), (text) => normalAddress(text) === text));
	fc.assert(fc.property(fc.ipV6(), (text) => readAddress(text, words) !== 0));
});

test('the usual form of the usual form is itself', () => {
	fc.assert(
		fc.property(fc.ipV6(), (text) => {
			const usual = normalAddress(text) as string;
			assert.equal(normalAddress(usual), usual);
		}),
	);
});

test('a set holds what a BlockList of node holds', () => {
	const v4 = fc.tuple(fc.nat(0xff), fc.integer({ min: 8, max: 32 }));
	const probe = fc.tuple(fc.nat(0xff), fc.nat(0xff));
	fc.assert(
		fc.property(fc.array(v4, { maxLength: 8 }), fc.array(probe, { minLength: 1, maxLength: 20 }), (ranges, probes) => {
			const list = new BlockList();
			const texts = ranges.map(([octet, length]) => {
				const shift = 32 - length;
				const value = Number((BigInt(octet * 0x0101_0101) >> BigInt(shift)) << BigInt(shift));
				const address = [24, 16, 8, 0].map((by) => (value >>> by) & 255).join('.');
				list.addSubnet(address, length, 'ipv4');
				const wide = `2001:db8:${octet.toString(16)}::/${48 + (length % 16)}`;
				if (length % 16 === 0) list.addSubnet(wide.split('/')[0] as string, 48, 'ipv6');
				return length % 16 === 0 ? [`${address}/${length}`, wide] : [`${address}/${length}`];
			});
			const set = new AddressSet('test', texts.flat());
			for (const [a, b] of probes) {
				const four = `${a}.${b}.${a}.${b}`;
				const six = `2001:db8:${a.toString(16)}:${b.toString(16)}::1`;
				assert.equal(set.has(four), list.check(four, 'ipv4'), four);
				assert.equal(set.has(`::ffff:${four}`), list.check(four, 'ipv4'), `mapped ${four}`);
				assert.equal(set.has(six), list.check(six, 'ipv6'), six);
			}
		}),
	);
});

test('ranges that touch or overlap become one', () => {
	const set = new AddressSet('test', [
		'10.0.0.0/9',
		'10.128.0.0/9',
		'10.1.2.3',
		'::ffff:11.0.0.0/104',
		'2001:db8::/32',
	]);
	assert.equal(set.size, 2);
	assert.ok(set.has('11.255.0.1'));
	assert.ok(!set.has('12.0.0.0'));
	assert.ok(!set.has('9.255.255.255'));
});

test('all of IPv6 is not all of IPv4, however that is written', () => {
	const set = new AddressSet('test', ['::/0']);
	assert.ok(set.has('2001:db8::1'));
	assert.ok(!set.has('192.0.2.1'));
	assert.ok(!set.has('::ffff:192.0.2.1'));
	assert.ok(new AddressSet('test', ['0.0.0.0/0']).has('::ffff:192.0.2.1'));
});

test('unix is in a set by name alone', () => {
	assert.ok(!new AddressSet('test', ['0.0.0.0/0', '::/0']).has('unix'));
	assert.ok(new AddressSet('test', ['unix']).has('unix'));
	assert.ok(!new AddressSet('test', ['unix', 'loopback']).has(''));
});

const refused: [text: unknown, reason: RegExp][] = [
	['010.0.0.1', /octal/],
	['0x7f000001', /four decimal numbers/],
	['2130706433', /four decimal numbers/],
	['127.1', /all its four numbers/],
	['10/8', /four decimal numbers/],
	['10.0.0.1/8', /did you mean 10\.0\.0\.0\/8/],
	['2001:db8::1/32', /did you mean 2001:db8::\/32/],
	['::ffff:10.0.0.1/104', /did you mean 10\.0\.0\.0\/8/],
	['::ffff:0:0/95', /96 to 128/],
	['10.0.0.0/33', /32 at most/],
	['::/129', /128 at most/],
	['10.0.0.0/08', /no plain number/],
	['10.0.0.0/', /no plain number/],
	['10.0.0.0/255.0.0.0', /no plain number/],
	['fe80::1%eth0', /zone/],
	['[::1]', /brackets/],
	['example.org', /no address/],
	['__proto__', /no address/],
	['', /no address/],
	[7, /no text/],
];
for (const [text, reason] of refused)
	test(`a set refuses ${JSON.stringify(text)}`, () => {
		assert.throws(
			() => new AddressSet('x: allow', [text as string]),
			(error: Error) => {
				assert.ok(error instanceof TypeError);
				assert.match(error.message, /^x: allow: /);
				assert.match(error.message, reason);
				return true;
			},
		);
	});

test('a customer is one address of IPv4 and one /64 of IPv6', () => {
	assert.equal(customerNetwork('192.0.2.1'), '192.0.2.1');
	assert.equal(customerNetwork('::ffff:192.0.2.1'), '192.0.2.1');
	assert.equal(customerNetwork('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
	assert.equal(customerNetwork('2001:db8:1:2::'), '2001:db8:1:2::/64');
	assert.equal(customerNetwork('unix'), null);
});
