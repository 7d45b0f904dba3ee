import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
	connectionOptions,
	deleteNominated,
	FieldList,
	type ForwardedElement,
	formatForwarded,
	formatForwardedNode,
	formatVia,
	hasConnectionOption,
	parseForwarded,
	parseForwardedNode,
	parseVia,
	passedThrough,
	type ViaEntry,
} from '../../src/fields/index.ts';

test('Forwarded is read as the RFC shows it', () => {
	assert.deepEqual(parseForwarded('for="_gazonk"'), [{ for: { name: '_gazonk', port: null } }]);
	assert.deepEqual(parseForwarded('For="[2001:db8:cafe::17]:4711"'), [
		{ for: { name: '2001:db8:cafe::17', port: 4711 } },
	]);
	assert.deepEqual(parseForwarded('for=192.0.2.60;proto=HTTP;by=203.0.113.43'), [
		{ for: { name: '192.0.2.60', port: null }, proto: 'http', by: { name: '203.0.113.43', port: null } },
	]);
	assert.deepEqual(parseForwarded('for=192.0.2.43, for="[2001:db8::1]", for=Unknown;secret="a,b";host="x:1"'), [
		{ for: { name: '192.0.2.43', port: null } },
		{ for: { name: '2001:db8::1', port: null } },
		{ for: { name: 'unknown', port: null }, host: 'x:1', extensions: [['secret', 'a,b']] },
	]);
	assert.deepEqual(parseForwarded('for="192.0.2.1:_p"'), [{ for: { name: '192.0.2.1', port: '_p' } }]);
});

test('one fault refuses the whole of Forwarded', () => {
	for (const bad of [
		'for=1.2.3.4, for',
		'for=1.2.3.4;for=5.6.7.8',
		'for=2001:db8::1',
		'for="2001:db8::1"',
		'for="[1.2.3.4]"',
		'for="1.2.3.4:65536"',
		'for="1.2.3.4:"',
		'for="example.com"',
		'for=1.2.3.4 proto=http',
		'for="1.2.3.4',
		'proto="a b"',
		'for=_',
	]) {
		assert.equal(parseForwarded(bad), null, bad);
	}
});

const name = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('unknown', '_a.B-9'));
const port = fc.oneof(fc.constant(null), fc.nat(65_535), fc.constant('_p'));
const node = fc.record({ name, port }, { noNullPrototype: true });
const element: fc.Arbitrary<ForwardedElement> = fc.record(
	{ for: node, by: node, host: fc.constantFrom('a', 'a:80', '[::1]:80'), proto: fc.constantFrom('http', 'https') },
	{ requiredKeys: ['for'], noNullPrototype: true },
);

test('Forwarded that is written reads back', () => {
	fc.assert(
		fc.property(fc.array(element, { maxLength: 4 }), (elements) => {
			assert.deepEqual(parseForwarded(formatForwarded(elements)), elements);
		}),
	);
	assert.equal(
		formatForwarded([{ for: { name: '2001:db8::1', port: 80 }, proto: 'https', host: 'a' }]),
		'for="[2001:db8::1]:80";host=a;proto=https',
	);
});

test('a node that is none cannot be written', () => {
	for (const bad of ['example.com', '', 'a b', '_', '1.2.3.4\r\n']) {
		assert.throws(() => formatForwardedNode({ name: bad, port: null }), TypeError);
		assert.equal(parseForwardedNode(bad), null);
	}
	assert.throws(() => formatForwarded([{ host: 'a\r\nb' }]), TypeError);
	assert.throws(() => formatForwarded([{ proto: 'a;b' }]), TypeError);
});

test('Via is read entry by entry, malformed ones left out', () => {
	assert.deepEqual(parseVia('1.0 fred, HTTP/1.1 p.example.net:8080 (Turn (about), 1), nonsense, ws/13 [::1]:80'), [
		{ protocol: 'HTTP', version: '1.0', receivedBy: 'fred', comment: null },
		{ protocol: 'HTTP', version: '1.1', receivedBy: 'p.example.net:8080', comment: 'Turn (about), 1' },
		{ protocol: 'ws', version: '13', receivedBy: '[::1]:80', comment: null },
	]);
});

test('Via that is written reads back', () => {
	const entry: fc.Arbitrary<ViaEntry> = fc.record(
		{
			protocol: fc.constantFrom('HTTP', 'ws'),
			version: fc.constantFrom('1.1', '2'),
			receivedBy: fc.constantFrom('a', 'b.example:80', '[::1]'),
			comment: fc.option(fc.string({ unit: fc.constantFrom('a', '(', ')', '\\', ',', '"', 'é'), minLength: 1 })),
		},
		{ noNullPrototype: true },
	);
	fc.assert(
		fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
			assert.deepEqual(parseVia(entries.map(formatVia).join(', ')), entries);
		}),
	);
	assert.equal(formatVia({ protocol: 'HTTP', version: '1.1', receivedBy: 'a', comment: null }), '1.1 a');
	assert.throws(() => formatVia({ protocol: 'HTTP', version: '1.1', receivedBy: 'a b', comment: null }), TypeError);
	assert.throws(
		() => formatVia({ protocol: 'HTTP', version: '1.1', receivedBy: 'a, 1.1 b', comment: null }),
		TypeError,
	);
});

test('a loop is seen by our name in any case, and by nothing that only resembles it', () => {
	assert.equal(passedThrough('1.1 a, 1.1 Turnabout-7f', 'turnabout-7F'), true);
	assert.equal(passedThrough('1.1 turnabout-7f8', 'turnabout-7f'), false);
	assert.equal(passedThrough('1.1 a (turnabout-7f)', 'turnabout-7f'), false);
	assert.equal(passedThrough('', 'turnabout-7f'), false);
});

test('connection options are tokens in lower case', () => {
	assert.deepEqual(connectionOptions('Close, X-A ,, TE'), ['close', 'x-a', 'te']);
	assert.equal(hasConnectionOption('keep-alive, Upgrade', 'upgrade'), true);
	assert.equal(hasConnectionOption('upgrade-insecure', 'upgrade'), false);
	assert.equal(hasConnectionOption('', 'close'), false);
});

const lines = [
	['Host', 'h'],
	['X-Secret', '1'],
	['Cookie', 'c'],
	['x-secret', '2'],
	['TE', 'trailers'],
	['Content-Length', '3'],
	['X-Forwarded-For', 'f'],
] as const;

test('what Connection names is removed; Host and the fields that framing is made of stay', () => {
	const list = FieldList.of([
		['Connection', 'x-SECRET, cookie'],
		...lines,
		['connection', 'Host, content-length, X-Forwarded-For'],
	]);
	deleteNominated(list);
	assert.deepEqual(
		[...list].map(([name]) => name),
		['Connection', 'Host', 'TE', 'Content-Length', 'connection'],
	);
});

test('the usual Connection values remove nothing', () => {
	for (const value of ['keep-alive', 'close', 'Upgrade', 'TE', 'te, close', 'Keep-Alive, Upgrade', '', 'x-absent']) {
		const list = FieldList.of([['Connection', value], ...lines]);
		const before = list.raw;
		deleteNominated(list);
		assert.deepEqual(list.raw, before, value);
	}
	const without = FieldList.of(lines);
	deleteNominated(without);
	assert.equal(without.size, lines.length);
});

test('trailers lose what the Connection field of their header section names', () => {
	const trailers = FieldList.of([
		['X-Secret', '1'],
		['X-Sum', '2'],
	]);
	deleteNominated(trailers, 'x-secret');
	assert.deepEqual(trailers.raw, ['X-Sum', '2']);
	deleteNominated(trailers, null);
	assert.equal(trailers.size, 1);
});
