/** PAC files that we serve: what they say, in an engine that is not ours, is what noProxy says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { noProxy } from '../../../../src/client/index.ts';
import { ask } from '../../../../src/engine/memory/index.ts';
import { type PacFileOptions, pacApp, pacFile } from '../../../../src/proxy/forward/index.ts';

/** What a browser would do: only ECMAScript, no function of PAC, no lookup. */
function find(text: string, url: string, host: string): string {
	return runInNewContext(`${text}\nFindProxyForURL(${JSON.stringify(url)}, ${JSON.stringify(host)})`) as string;
}

test('proxies in their order, and DIRECT behind them where that is wanted', () => {
	const proxy = ['http://p.example:3128', 'https://s.example', 'socks5://[2001:db8::1]:9'];
	const way = 'PROXY p.example:3128; HTTPS s.example:443; SOCKS5 [2001:db8::1]:9';
	assert.equal(find(pacFile({ proxy }), 'http://a.example/', 'a.example'), way);
	assert.equal(find(pacFile({ proxy, fallback: 'direct' }), 'http://a.example/', 'a.example'), `${way}; DIRECT`);
});

const lists = [
	'*',
	'example.org',
	'.example.org',
	'*.example.org',
	'example.org:8080',
	'10.0.0.1',
	'10.0.0.0/8',
	'192.168.0.0/17',
	'::1',
	'[::1]:8080',
	'2001:db8::/33',
	'::ffff:1.2.3.4',
	'a.example,B.Example,  10.0.0.0/31',
	'localhost',
];
const hosts = [
	'example.org',
	'EXAMPLE.org',
	'www.example.org',
	'a.b.example.org',
	'badexample.org',
	'example.org.evil',
	'10.0.0.1',
	'10.0.0.2',
	'10.255.0.1',
	'11.0.0.1',
	'192.168.127.255',
	'192.168.128.0',
	'::1',
	'2001:db8::1',
	'2001:db8:8000::1',
	'2001:db9::',
	'::ffff:1.2.3.4',
	'a.example',
	'b.example',
	'localhost',
	'x.localhost',
	'10.example',
];

test('a list of what is direct means there what it means here', () => {
	for (const list of lists) {
		const text = pacFile({ proxy: 'http://p:1', direct: list });
		for (const host of hosts)
			for (const [scheme, port] of [
				['http', 80],
				['https', 443],
				['http', 8080],
			] as const) {
				const bracketed = host.includes(':') ? `[${host}]` : host;
				const url = `${scheme}://${bracketed}${port === 8080 ? ':8080' : ''}/x:99/?y`;
				const expected = noProxy(list)(host, port) ? 'DIRECT' : 'PROXY p:1';
				assert.equal(find(text, url, host), expected, `${list}: ${url}`);
				assert.equal(find(text, url, bracketed), expected);
			}
	}
});

test('only some hosts', () => {
	const text = pacFile({ proxy: 'http://p:1', hosts: ['example.org'], direct: ['in.example.org'] });
	const through = (host: string): string => find(text, `http://${host}/`, host);
	assert.deepEqual(['example.org', 'www.example.org', 'in.example.org', 'other.example'].map(through), [
		'PROXY p:1',
		'PROXY p:1',
		'DIRECT',
		'DIRECT',
	]);
});

test('no text leaves its string', () => {
	const direct = ['"};evil();', '<script>evil()', "'\\u2028evil()", '\u2028evil()', '\\', '*evil()*', '\n'];
	const text = pacFile({ proxy: 'http://p:1', direct, hosts: ['__proto__', 'constructor', ...direct] });
	assert.doesNotMatch(text, /[^\x09\x0a\x20-\x7e]/);
	assert.equal(find(`var evil = function () { throw 'evil'; };${text}`, 'http://a/', 'a'), 'DIRECT');
	assert.doesNotMatch(text, /<script/);
});

test('what cannot be written is refused', () => {
	const bad: readonly [object, RegExp][] = [
		[{}, /proxy/],
		[{ proxy: [] }, /none is named/],
		[{ proxy: 'p:1' }, /Did you mean http:\/\/p:1/],
		[{ proxy: 'http://u:hush@p' }, /holds no credentials/],
		[{ proxy: 'http://p;DIRECT' }, /host/],
		[{ proxy: 'http://p', direct: ['10.0.0.0/99'] }, /10\.0\.0\.0\/99/],
		[{ proxy: 'http://p', fallback: 'none' }, /fallback/],
		[{ proxy: 'http://p', dirct: [] }, /did you mean direct/],
	];
	for (const [options, message] of bad)
		assert.throws(
			() => pacFile(options as PacFileOptions),
			(error: Error) => error instanceof TypeError && message.test(error.message) && !error.message.includes('hush'),
		);
});

test('served with its media type, and with the address that it was asked at', async () => {
	const answer = await ask(pacApp({ direct: 'localhost' }), { url: 'http://proxy.example:3128/proxy.pac' });
	assert.equal(answer.fields.get('content-type'), 'application/x-ns-proxy-autoconfig');
	assert.equal(find(await answer.text(), 'http://a/', 'a'), 'PROXY proxy.example:3128');
	const named = await ask(pacApp({ proxy: 'socks5://p:9' }), '/proxy.pac');
	assert.equal(find(await named.text(), 'http://a/', 'a'), 'SOCKS5 p:9');
	const six = await ask(pacApp(), { authority: '[2001:db8::1]:8443', scheme: 'https' });
	assert.equal(find(await six.text(), 'http://a/', 'a'), 'HTTPS [2001:db8::1]:8443');
	const evil = await ask(pacApp(), { authority: 'a";evil' });
	assert.equal(evil.status, 400);
});

test('options of the app are refused when it is made', () => {
	assert.throws(() => pacApp({ direct: ['10.0.0.0/99'] }), TypeError);
});
