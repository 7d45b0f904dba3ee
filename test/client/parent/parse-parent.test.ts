/** URLs of parents: what is read, what is refused and with which words, and that no secret is in any of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import {
	type ParentOptions,
	parseParent,
	publicAddresses,
	refusedLiteral,
	upstream,
} from '../../../src/client/index.ts';

const read: readonly [string, string, string, number][] = [
	['http://proxy', 'http://proxy:80', 'proxy', 80],
	['http://proxy:80/', 'http://proxy:80', 'proxy', 80],
	['HTTP://Proxy.Example:3128', 'http://proxy.example:3128', 'proxy.example', 3128],
	['https://proxy', 'https://proxy:443', 'proxy', 443],
	['https://proxy:80', 'https://proxy:80', 'proxy', 80],
	['socks5://proxy', 'socks5://proxy:1080', 'proxy', 1080],
	['socks5h://proxy:9050', 'socks5://proxy:9050', 'proxy', 9050],
	['socks5://[2001:DB8::1]:1', 'socks5://[2001:db8::1]:1', '2001:db8::1', 1],
	['http://u:p@127.0.0.1:3128', 'http://127.0.0.1:3128', '127.0.0.1', 3128],
	['http://u@h', 'http://h:80', 'h', 80],
	['http://:p@h', 'http://h:80', 'h', 80],
	['http://user:p:q@h', 'http://h:80', 'h', 80],
	['http://u:p@ss@h', 'http://h:80', 'h', 80],
];
for (const [text, name, host, port] of read) {
	test(text, () => {
		const parent = parseParent(text);
		assert.deepEqual([parent.name, parent.origin.host, parent.origin.port], [name, host, port]);
	});
}

const refused: readonly [string, RegExp][] = [
	['proxy:3128', /Did you mean http:\/\/proxy:3128\?/],
	['', /Not the URL of a parent proxy/],
	['//proxy', /Write http:\/\/host:port/],
	['ftp://proxy', /reached by there are http, https, socks5/],
	['sock5://proxy', /did you mean socks5/],
	['socks://proxy:1', /Did you mean socks5:\/\/proxy:1\?/],
	['socks4://proxy', /SOCKS4 has no passwords/],
	['socks4a://proxy', /use socks5/],
	['http://', /has no host/],
	['http://u:hush@', /has no host/],
	['http://u:hush@h:0', /Not the host and port/],
	['http://u:hush@h:65536', /Not the host and port/],
	['http://u:hush@h:x', /Not the host and port/],
	['http://u:hush@h:123456', /Not the host and port/],
	['http://2001:db8::1:80', /An IPv6 address stands in brackets/],
	['http://[hush', /Not the host and port/],
	['http://a b', /Not the host and port/],
	['http://u:hush@h/path', /no path/],
	['http://u:hush@h?x', /no query/],
	['http://u:hu/sh@h', /percent-encoded/],
	['http://u:hush%@h', /not percent-encoded UTF-8/],
	['http://u:hush%ff@h', /not percent-encoded UTF-8/],
	['http://a%3ab:hush@h', /cannot hold a colon/],
	['http://u:hush%0d%0aX:y@h', /control characters/],
	['socks5://u@h', /1 to 255 bytes each/],
	[`socks5://u:hush${'x'.repeat(255)}@h`, /1 to 255 bytes each/],
	['u:hush@h', /Not the URL/],
	['http:u:hush@h', /Not the URL/],
];
for (const [text, message] of refused) {
	test(`refused: ${text.slice(0, 40)}`, () => {
		assert.throws(
			() => parseParent(text),
			(error: Error) => {
				assert.ok(error instanceof TypeError);
				assert.match(error.message, message);
				if (text.includes('@')) assert.doesNotMatch(error.message, /hush/);
				return true;
			},
		);
	});
}

test('bad options are refused by name', () => {
	const bad: readonly [object, RegExp][] = [
		[{ tunel: true }, /parent: tunel: no such option; .*did you mean tunnel/],
		[{ tunnel: 1 }, /parent: tunnel: not true or false/],
		[{ guarded: 'yes' }, /parent: guarded/],
		[{ names: 'us' }, /parent: names/],
		[{ tls: {} }, /parent: tls: there is none/],
	];
	for (const [options, message] of bad) assert.throws(() => parseParent('http://h', options as ParentOptions), message);
	assert.throws(() => upstream('http://h', { parent: 7 as never }), /parent: not a URL/);
	const copy = { ...parseParent('http://u:p@h') };
	assert.throws(() => upstream('http://h', { parent: copy }), /not made by parseParent/);
});

test('who prints a parent prints no secret', () => {
	const parent = parseParent('http://ada:hush@proxy');
	for (const text of [inspect(parent, { depth: 9, showHidden: true }), JSON.stringify(parent), parent.name])
		assert.doesNotMatch(text, /hush|ada|aHVza/);
});

const guard = publicAddresses();
const privates = [
	'127.0.0.1',
	'10.1.2.3',
	'::1',
	'[::1]',
	'::ffff:127.0.0.1',
	'[::ffff:7f00:1]',
	'fe80::1%eth0',
	'169.254.169.254',
];
const odd = [
	'0177.0.0.1',
	'0x7f.0.0.1',
	'0x7f000001',
	'2130706433',
	'127.1',
	'127.0.1',
	'017700000001',
	'127.0.0.1.',
	'１２７.0.0.1',
	'%31%32%37.0.0.1',
	'0',
	'0x',
	'127。0。0。1',
];
const local = ['localhost', 'LOCALHOST', 'localhost.', 'x.localhost', 'x.localhost.'];
const none = [
	'',
	'a/b',
	'a@127.0.0.1',
	'a b',
	'1.2.3.4.5',
	'256.1',
	'999999999999',
	'08',
	'[::1',
	'::1::',
	'a\\b',
	'a#b',
	'%zz',
	'fe80::1%',
	'a:80',
];

test('addresses that a guard refuses in every spelling, and what is no host at all', () => {
	for (const host of [...privates, ...odd, ...local, ...none])
		assert.equal(refusedLiteral(guard, host, 80)?.type, 'destination_ip_prohibited', host);
});

test('names and public addresses are not refused, and nothing is without a guard', () => {
	for (const host of [
		'example.org',
		'localhost.example',
		'a-b.c',
		'xn--p1ai',
		'8.8.8.8',
		'[2606:4700::1111]',
		'0x08080808',
		'under_score.example',
	])
		assert.equal(refusedLiteral(guard, host, 80), null, host);
	for (const host of [...privates, ...odd]) assert.equal(refusedLiteral(null, host, 80), null);
	assert.equal(refusedLiteral(publicAddresses({ allow: ['loopback'] }), 'localhost', 80), null);
});
