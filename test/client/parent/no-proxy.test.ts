/** NO_PROXY, and the environment around it. The table is that of docs/parents.md. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { noProxy, type Place, parentFromEnvironment } from '../../../src/client/index.ts';
import { ok, origin as originOf } from '../../support/raw-server.ts';
import { absoluteParent } from './parents.ts';

const table: readonly [list: string, direct: readonly string[], through: readonly string[]][] = [
	['', [], ['example.org', '127.0.0.1', 'localhost']],
	['*', ['example.org', '::1', '10.0.0.1'], []],
	['a.example,*', ['example.org'], []],
	[
		'example.org',
		['example.org', 'EXAMPLE.ORG', 'example.org.', 'www.example.org', 'a.b.example.org'],
		['badexample.org', 'example.org.evil', 'org'],
	],
	['.example.org', ['example.org', 'www.example.org'], ['badexample.org']],
	['*.example.org', ['www.example.org', 'a.b.example.org'], ['example.org', 'badexample.org']],
	['Example.ORG.', ['www.example.org'], ['example.com']],
	['a.example b.example\tc.example,, d.example', ['a.example', 'b.example', 'c.example', 'd.example'], ['e.example']],
	['example.org:8080', ['example.org:8080', 'www.example.org:8080'], ['example.org', 'example.org:80']],
	['10.0.0.1', ['10.0.0.1'], ['10.0.0.10', '10.0.0.2', '1.10.0.0.1.example']],
	['10.0.0.1:81', ['10.0.0.1:81'], ['10.0.0.1']],
	['10.0.0.0/8', ['10.255.0.1'], ['11.0.0.1', '10.example.org']],
	['127.0.0.0/9', ['127.1.2.3', '127.127.255.255'], ['127.128.0.1']],
	['127.0.0.9', ['127.0.0.9'], ['127.0.0.90']],
	['192.168.0.0/17', ['192.168.127.255'], ['192.168.128.0']],
	['::1', ['::1', '0:0:0:0:0:0:0:1'], ['::2', '127.0.0.1']],
	['[::1]', ['::1'], ['::2']],
	['[::1]:8080', ['::1:8080'], ['::1']],
	['2001:db8::/32', ['2001:db8:1::1', '2001:DB8::'], ['2001:db9::1']],
	['0.0.1', [], ['10.0.0.1']],
	['localhost', ['localhost', 'a.localhost'], ['127.0.0.1']],
	['.', [], ['example.org']],
];

function placeOf(text: string): [string, number] {
	if (text === '::1:8080') return ['::1', 8080];
	const match = /^([^:]+):(\d+)$/.exec(text);
	return match === null ? [text, 443] : [match[1] as string, Number(match[2])];
}

for (const [list, direct, through] of table) {
	test(`NO_PROXY=${JSON.stringify(list)}`, () => {
		const isDirect = noProxy(list);
		for (const text of direct) assert.equal(isDirect(...placeOf(text)), true, `${text} is direct`);
		for (const text of through) assert.equal(isDirect(...placeOf(text)), false, `${text} is not`);
	});
}

test('a list with many entries and a long host take no long time', () => {
	const isDirect = noProxy(Array.from({ length: 20_000 }, (_none, index) => `host-${index}.example`));
	assert.equal(isDirect(`${'a.'.repeat(100)}host-19999.example`, 80), true);
	assert.equal(isDirect('a.'.repeat(20_000), 80), false);
});

test('ranges and ports that are none are refused', () => {
	for (const entry of ['10.0.0.0/33', '::/129', '10.0.0.0/', '/8', 'a/b', 'a:0', 'a:65536', 'a:'])
		assert.throws(() => noProxy(entry), TypeError, entry);
});

const http: Place = { scheme: 'http', host: 'a.example', port: 80 };
const https: Place = { scheme: 'https', host: 'a.example', port: 443 };
const connect: Place = { scheme: 'tunnel', host: 'a.example', port: 443 };

test('which variable counts', () => {
	const names = (env: Record<string, string>): (string | undefined)[] => {
		const choose = parentFromEnvironment(env);
		return [http, https, connect].map((place) => choose(place)?.origin.host);
	};
	assert.deepEqual(names({}), [undefined, undefined, undefined]);
	assert.deepEqual(names({ HTTP_PROXY: 'http://p' }), ['p', undefined, undefined]);
	assert.deepEqual(names({ HTTPS_PROXY: 'http://p' }), [undefined, 'p', 'p']);
	assert.deepEqual(names({ ALL_PROXY: 'socks5://p' }), ['p', 'p', 'p']);
	assert.deepEqual(names({ ALL_PROXY: 'p', HTTP_PROXY: 'q' }), ['q', 'p', 'p'], 'a scheme may be left out');
	assert.deepEqual(names({ http_proxy: 'small', HTTP_PROXY: 'LARGE' }), ['small', undefined, undefined]);
	assert.deepEqual(names({ https_proxy: '', HTTPS_PROXY: 'p:1' }), [undefined, 'p', 'p'], 'what is empty is not set');
	assert.deepEqual(names({ ALL_PROXY: 'p', NO_PROXY: 'a.example' }), [undefined, undefined, undefined]);
	assert.deepEqual(names({ ALL_PROXY: 'p', NO_PROXY: '*', no_proxy: 'b.example' }), ['p', 'p', 'p']);
});

test('HTTP_PROXY of a CGI program is what a client sent', () => {
	const env = { REQUEST_METHOD: 'GET', HTTP_PROXY: 'http://evil' };
	assert.equal(parentFromEnvironment(env)(http), null);
	assert.equal(parentFromEnvironment({ ...env, http_proxy: 'http://good' })(http)?.origin.host, 'good');
	assert.equal(parentFromEnvironment({ ...env, HTTPS_PROXY: 'http://good' })(https)?.origin.host, 'good');
});

test('a variable that cannot be read is named, without what it holds', () => {
	const refuse = (env: Record<string, string>, message: RegExp): void =>
		assert.throws(
			() => parentFromEnvironment(env),
			(error: Error) => {
				assert.match(error.message, message);
				assert.doesNotMatch(error.message, /hush/);
				return true;
			},
		);
	refuse({ https_proxy: 'ftp://u:hush@h' }, /^https_proxy: .*not by ftp/);
	refuse({ ALL_PROXY: 'u:hush@h:x' }, /^ALL_PROXY: Not the host and port/);
	refuse({ NO_PROXY: '10.0.0.0/99' }, /^NO_PROXY: /);
});

/** Rows that curl, too, can be asked about: no ports, and `*` alone. */
const curls = table.filter(([list]) => !/[:*\t]/.test(list) || list === '*');

test('curl says the same', { skip: !existsSync('/usr/bin/curl') && 'no curl' }, async (t) => {
	const [parent, origin] = [await absoluteParent(t), await originOf(t, () => ok('direct'))];
	const curl = async (list: string, host: string): Promise<boolean> => {
		const url = `http://${host}:${origin.port}/`;
		const args = ['-qsS', '--max-time', '10', '--proxy', `http://127.0.0.1:${parent.port}`, '--noproxy', list];
		args.push('--resolve', `*:${origin.port}:127.0.0.1`, url);
		try {
			return (await promisify(execFile)('/usr/bin/curl', args)).stdout === 'direct';
		} catch (error) {
			// Nobody listens there: it did not ask the proxy.
			if ((error as { code?: unknown }).code === 7) return true;
			throw error;
		}
	};
	for (const [list, direct, through] of curls) {
		if (list === '' || list === '.') continue;
		const hosts = [...direct, ...through].filter((host) => /^127\.|[a-z]$/i.test(host) && !host.includes(':'));
		for (const host of hosts)
			assert.equal(await curl(list, host), noProxy(list)(host, origin.port), `${list}: ${host}`);
	}
});
