import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
	formatAuthority,
	formatParameterized,
	isIPv4,
	isIPv6,
	isToken,
	listOf,
	type Parameter,
	parameter,
	parseAuthority,
	parseParameterized,
	parseParameters,
	quote,
	tokens,
	trimmed,
	unquote,
} from '../../src/fields/index.ts';

const token = fc.string({ unit: fc.constantFrom(..."aZ9!#$%&'*+-.^_`|~".split('')), minLength: 1, maxLength: 6 });
const quotable = fc.string({
	unit: fc.constantFrom('a', '"', '\\', ',', ';', '=', ' ', '\t', '(', '\xff'),
	maxLength: 8,
});

test('list elements come in order, without white space and without the empty ones', () => {
	assert.deepEqual(listOf(' a ,,\tb,  , c d,'), ['a', 'b', 'c d']);
	assert.deepEqual(listOf(''), []);
	assert.deepEqual(listOf(' \t'), []);
	assert.deepEqual(listOf(' one '), ['one']);
});

test('commas in quoted strings and comments separate nothing', () => {
	assert.deepEqual(listOf('a="x,\\",y", b (c, (d,) e), f'), ['a="x,\\",y"', 'b (c, (d,) e)', 'f']);
});

test('a quote or parenthesis that is never closed hides nothing', () => {
	assert.deepEqual(listOf('a", b, c'), ['a"', 'b', 'c']);
	assert.deepEqual(listOf('a (, b, "c,d"'), ['a (', 'b', '"c,d"']);
	assert.deepEqual(listOf('"a\\", b'), ['"a\\"', 'b']);
});

test('a hostile list costs no more than its length', () => {
	assert.equal(listOf('"\\'.repeat(100_000) + ',').length, 1);
	assert.equal(listOf('(,'.repeat(100_000)).length, 100_000);
});

test('joined elements split into the same elements', () => {
	const element = fc.oneof(
		token,
		quotable.map(quote),
		fc.tuple(token, quotable).map(([a, b]) => `${a}=${quote(b)}`),
	);
	fc.assert(
		fc.property(fc.array(element, { maxLength: 6 }), fc.constantFrom(',', ', ', ' ,\t', ',,'), (elements, comma) => {
			assert.deepEqual(listOf(elements.join(comma)), elements);
		}),
	);
});

test('tokens are in lower case; what is no token is left out', () => {
	assert.deepEqual(tokens('Keep-Alive'), ['keep-alive']);
	assert.deepEqual(tokens(' close ,, X-A, a b, "c", d;q=1, TE'), ['close', 'x-a', 'te']);
	assert.deepEqual(tokens(''), []);
	assert.deepEqual(tokens('a\xa0'), []);
});

test('white space is space and tab alone', () => {
	assert.equal(trimmed(' \ta\xa0\t'), 'a\xa0');
	assert.equal(trimmed(' \t '), '');
	assert.equal(trimmed('xx a yy', 2, 5), 'a');
});

test('parameters are read with and without quotes', () => {
	assert.deepEqual(parseParameterized('text/html; Charset="utf-8" ;q=0.5;;x'), {
		value: 'text/html',
		parameters: [
			['charset', 'utf-8'],
			['q', '0.5'],
			['x', null],
		],
	});
	assert.deepEqual(parseParameterized(' text/html '), { value: 'text/html', parameters: [] });
	assert.deepEqual(parseParameters('a="b\\"c\\\\";d=e'), [
		['a', 'b"c\\'],
		['d', 'e'],
	]);
	assert.deepEqual(parseParameters(''), []);
	assert.equal(parameter(parseParameters('a=1;b=2;a=3') ?? [], 'a'), '1');
	assert.equal(parameter([], 'a'), null);
});

test('malformed parameters are refused', () => {
	for (const bad of ['a=', 'a =b', 'a= b', 'a="b', 'a="b"c', 'a=b c', '=b', 'a=b,c', 'a="\x01"', 'é=1', 'a="b\\']) {
		assert.equal(parseParameters(bad), null, bad);
		assert.equal(parseParameterized(`v;${bad}`), null, bad);
	}
});

test('what is written with parameters reads back', () => {
	const one: fc.Arbitrary<Parameter> = fc.tuple(
		token.map((name) => name.toLowerCase()),
		fc.oneof(token, quotable, fc.constant(null)),
	);
	fc.assert(
		fc.property(token, fc.array(one, { maxLength: 4 }), (value, parameters) => {
			assert.deepEqual(parseParameterized(formatParameterized(value, parameters)), { value, parameters });
		}),
	);
	assert.throws(() => formatParameterized('a', [['b c', 'd']]), TypeError);
	assert.throws(() => formatParameterized('a', [['b', 'c\n']]), TypeError);
});

test('quote and unquote are inverse, and nothing else is a quoted string', () => {
	fc.assert(fc.property(quotable, (text) => assert.equal(unquote(quote(text)), text)));
	for (const bad of ['', '"', 'a', '"a', '"a" ', '"a""b"', '"\x7f"', '"\\"']) assert.equal(unquote(bad), null, bad);
	assert.equal(unquote('"\\a\\ "'), 'a ');
	assert.throws(() => quote('\r'), TypeError);
	assert.equal(isToken(quote('a')), false);
});

test('IP addresses are told as node tells them, without zones', () => {
	const group = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'.split('')), maxLength: 5 });
	const soup = fc.array(fc.oneof(group, fc.constantFrom(':', '::', '.', '1.2.3.4', '256', '0', 'ffff', ':0:0:0:0:0')), {
		maxLength: 12,
	});
	fc.assert(
		fc.property(
			fc.oneof(
				fc.ipV4(),
				fc.ipV6(),
				soup.map((parts) => parts.join('')),
				fc.string({ maxLength: 12 }),
			),
			(text) => {
				if (text.includes('%')) return;
				assert.equal(isIPv4(text), isIP(text) === 4, text);
				assert.equal(isIPv6(text), isIP(text) === 6, text);
			},
		),
		{ numRuns: 3000 },
	);
	for (const bad of ['fe80::1%eth0', '1.2.3.04', '1.2.3', '::1::', ':::', '1:2:3:4:5:6:7:8:9', ':1', '']) {
		assert.equal(isIPv4(bad) || isIPv6(bad), false, bad);
	}
	assert.equal(isIPv6('::ffff:1.2.3.4') && isIPv6('::') && isIPv6('1:2:3:4:5:6:7::'), true);
});

test('an authority is taken apart', () => {
	assert.deepEqual(parseAuthority('Example.COM'), { host: 'example.com', port: null, kind: 'name' });
	assert.deepEqual(parseAuthority('example.com:8080'), { host: 'example.com', port: 8080, kind: 'name' });
	assert.deepEqual(parseAuthority('example.com:'), { host: 'example.com', port: null, kind: 'name' });
	assert.deepEqual(parseAuthority('127.0.0.1:0'), { host: '127.0.0.1', port: 0, kind: 'ipv4' });
	assert.deepEqual(parseAuthority('[2001:DB8::1]:443'), { host: '2001:db8::1', port: 443, kind: 'ipv6' });
	assert.deepEqual(parseAuthority('[::1]'), { host: '::1', port: null, kind: 'ipv6' });
	assert.deepEqual(parseAuthority('a%20b'), { host: 'a%20b', port: null, kind: 'name' });
});

test('what is no authority is refused', () => {
	const bad = ['', ':80', 'a:b', 'a:65536', 'a:1:2', 'a@b', 'a b', 'a/b', 'a,b', '[::1', '::1', '[::1]80', '[::1]x:80'];
	for (const text of [
		...bad,
		'[1.2.3.4]',
		'[v1.a]',
		'[fe80::1%25eth0]',
		'a%2',
		'a%zz',
		'é',
		'a\0',
		'a?b',
		'a#b',
		'a:+1',
		'a:000001',
	]) {
		assert.equal(parseAuthority(text), null, text);
	}
});

test('an authority that is written reads back', () => {
	const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
	fc.assert(
		fc.property(host, fc.option(fc.nat(65_535)), (host, port) => {
			const back = parseAuthority(formatAuthority({ host, port }));
			assert.deepEqual([back?.host, back?.port], [host.toLowerCase(), port]);
		}),
	);
});
