import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConfig, faultsOf, listenings } from '../../src/serve/check-config.ts';

const app = (): Response => new Response();

const valid: readonly object[] = [
	{ app },
	{ app: { fetch: app } },
	{ app: Object.assign(app, { fetch: app }), listen: 8080 },
	{ app, listen: [':80', { address: '[::1]:0' }, 'unix:/x'], accessLog: '-', drain: 0, workers: 1 },
	{ app, limits: { bodyBytes: 10, connections: Number.POSITIVE_INFINITY }, timeouts: { header: 0 } },
	{ app, resources: [{ start: app }, {}], engine: { listen: app } },
	{ app, engine: 'http2' },
	{ app, socks: true },
	{ app, socks: false, engine: 'http2' },
	{ app, listen: undefined, workers: undefined },
];

for (const [index, config] of valid.entries()) {
	test(`a valid configuration (${index + 1})`, () => assert.deepEqual(faultsOf(config), []));
}

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

const faulty: readonly (readonly [value: unknown, ...faults: RegExp[]])[] = [
	[undefined, /^the default export is missing, not a configuration object$/],
	[app, /^the default export is a function, not/],
	[[], /^the default export is a list, not/],
	[{}, /^app is missing$/],
	[{ app: {} }, /^app is an object, not a function or an object with fetch$/],
	[{ app, listen: [] }, /^listen is an empty list$/],
	[{ app, listen: null }, /^listen is null, not an address$/],
	[{ app, listen: ['80', '::1'] }, /^listen\[1\] "::1": an IPv6 address needs brackets/],
	[{ app, listen: { port: 80 } }, /^listen\.port: no such setting/, /^listen\.address is missing, not an address$/],
	[{ app, listen: { address: 70_000 } }, /^listen\.address 70000: 70000 is not a port/],
	[{ app, listen: { address: 0, tls: {} } }, /^listen\.tls\.cert is missing$/, /^listen\.tls\.key is missing$/],
	[
		{ app, listen: { address: 0, tls: { cert: 'cert.pem', key: PEM } } },
		/^listen\.tls\.cert is not PEM: give it the content/,
	],
	[{ app, listen: { address: 0, tls: { cert: PEM, key: PEM } } }, /^listen\.tls: ./],
	[
		{ app, listen: { address: 0, proxyHeaderFrom: 'private' } },
		/^listen\.proxyHeaderFrom is "private", not a list of addresses$/,
	],
	[
		{ app, listen: { address: 0, proxyHeaderFrom: ['unix', '10.0.0.1/8'] } },
		/^listen\.proxyHeaderFrom: "10\.0\.0\.1\/8": there are bits behind the first 8/,
	],
	[
		{ app, listen: { address: 0, tunnel: 'db' } },
		/^listen\.tunnel: must be host:port, such as 10\.0\.0\.5:5432, not "db"$/,
	],
	[
		{ app, listen: { address: 0, passThrough: { 'a b': 'c:1', '*.x.example': 'c' } } },
		/^listen\.passThrough: "a b" is no name of a host/,
		/^listen\.passThrough\["\*\.x\.example"\]: must be host:port/,
		/^listen\.passThrough: only TLS asks for names/,
	],
	[{ app, accessLog: true }, /^accessLog is true, not -, off, the path of a file, or options of accessLog$/],
	[{ app, accessLog: { format: 'xml' } }, /^accessLog: format must be json, combined, common, not "xml"$/],
	[{ app, accessLog: { sampel: 1 } }, /^accessLog: sampel: no such option; .*did you mean sample\?$/],
	[{ app, drain: -1 }, /^drain is -1, not a number of milliseconds$/],
	[{ app, drain: Number.NaN }, /^drain is /],
	[{ app, workers: 1.5 }, /^workers is 1\.5, not a whole number/],
	[
		{ app, workers: 2, listen: ['0', 'unix:/x'] },
		/^workers: several processes cannot share a unix: socket, nor one that is passed on$/,
	],
	[{ app, limits: [] }, /^limits is a list, not an object$/],
	[{ app, limits: { target: '1k' } }, /^limits\.target is "1k", not a number from 0 up$/],
	[{ app, timeouts: { heder: 1 } }, /^timeouts\.heder: no such setting; did you mean header\?$/],
	[{ app, resources: {} }, /^resources is an object, not a list/],
	[{ app, engine: 'h3' }, /^engine is "h3", not an engine or one of h1, node-http, http2, bun, deno$/],
	[{ app, socks: 'yes' }, /^socks is "yes", not true or false$/],
	[{ app, socks: true, engine: 'http2' }, /^socks: the engine http2 does not speak SOCKS; h1 does$/],
	[{ app, socks: true, engine: { listen: app } }, /^socks: an engine .*h1\(\{ also: \[socks\(\)\] \}\)$/],
	[{ app, porrt: 1 }, /^porrt: no such setting/],
];

for (const [value, ...faults] of faulty) {
	test(`a faulty configuration: ${faults[0]?.source}`, () => {
		const found = faultsOf(value);
		assert.equal(found.length, faults.length, found.join('\n'));
		for (const [index, fault] of faults.entries()) assert.match(found[index] ?? '', fault);
	});
}

test('a faulty configuration is refused with its name', () => {
	assert.throws(() => checkConfig({}, 'x.ts'), { name: 'StartError', message: 'x.ts: app is missing' });
	assert.throws(() => checkConfig({ a: 1 }, 'x.ts'), {
		message: /^x\.ts:\n {2}a: no such setting.*\n {2}app is missing$/,
	});
});

test('a setting becomes listeners; without one it is the default address', () => {
	const home = { kind: 'ip', host: '127.0.0.1', port: 8080 };
	assert.deepEqual(listenings(), [{ place: home }]);
	assert.deepEqual(listenings(8080), [{ place: home }]);
	const tls = { cert: PEM, key: PEM };
	assert.deepEqual(listenings([{ address: '8080', tls }, 'unix:/x']), [
		{ place: home, tls },
		{ place: { kind: 'unix', path: '/x' } },
	]);
});
