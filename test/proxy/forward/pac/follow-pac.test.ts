/** PAC files obeyed: what they may say, what they may call, and what they cannot do to us. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamError } from '../../../../src/convention/index.ts';
import { type Destination, type FollowPacOptions, followPac, pacFile } from '../../../../src/proxy/forward/index.ts';
import { until } from '../../../support/until.ts';

function to(host: string, scheme: Destination['scheme'] = 'tunnel', port = scheme === 'http' ? 80 : 443): Destination {
	const usual = port === (scheme === 'http' ? 80 : 443);
	const path = scheme === 'tunnel' ? null : '/p?q';
	return { scheme, host, port, authority: usual ? host : `${host}:${port}`, path, intercepted: false };
}

const here = async (name: string): Promise<readonly string[]> => {
	const table: Record<string, string[]> = { 'ten.example': ['10.1.2.3'], 'pub.example': ['::1', '8.8.8.8'] };
	return table[name] ?? Promise.reject(new Error('none'));
};

/** The names of what is tried, `direct`, or the type of the error. */
async function chosen(
	file: FollowPacOptions['file'],
	destination = to('a.example'),
	options: Partial<FollowPacOptions> = {},
): Promise<string> {
	return said(followPac({ file, resolve: here, ...options })(destination));
}

async function said(choice: ReturnType<ReturnType<typeof followPac>>): Promise<string> {
	try {
		const list = await choice;
		if (list === null) return 'direct';
		return (Array.isArray(list) ? list : [list]).map((parent) => parent?.name ?? 'direct').join(' ');
	} catch (error) {
		return `!${(error as UpstreamError).type}`;
	}
}

const body = (code: string): string => `function FindProxyForURL(url, host) { ${code} }`;
const answers = (text: string): string => body(`return ${JSON.stringify(text)};`);

const results: readonly [string, string][] = [
	['DIRECT', 'direct'],
	['', 'direct'],
	['PROXY p:3128', 'http://p:3128'],
	['PROXY p:3128; SOCKS5 s:1080; HTTPS h:443; DIRECT', 'http://p:3128 socks5://s:1080 https://h:443 direct'],
	['proxy p:1;direct;', 'http://p:1 direct'],
	['SOCKS s:1', 'socks5://s:1'],
	['SOCKS4 s:1; PROXY p:1', 'http://p:1'],
	['SOCKS4 s:1', '!proxy_configuration_error'],
	['PROXY', '!proxy_configuration_error'],
	['nonsense', '!proxy_configuration_error'],
	['PROXY u:p@h:1', '!proxy_configuration_error'],
	['PROXY p:99999', '!proxy_configuration_error'],
	['PROXY p:1 x', '!proxy_configuration_error'],
	['constructor p:1', '!proxy_configuration_error'],
];
for (const [text, expected] of results) {
	test(`${JSON.stringify(text)}: ${expected}`, async () => assert.equal(await chosen(answers(text)), expected));
}

test('null, and nothing, are DIRECT', async () => {
	for (const code of ['return null', '', 'return 7']) assert.equal(await chosen(body(code)), 'direct');
});

test('a file made by pacFile is obeyed', async () => {
	const file = pacFile({ proxy: 'http://p:1', direct: '*.local.example,10.0.0.0/8', fallback: 'direct' });
	const choose = followPac({ file });
	assert.equal(await said(choose(to('a.example'))), 'http://p:1 direct');
	assert.equal(await said(choose(to('x.local.example'))), 'direct');
	assert.equal(await said(choose(to('10.9.8.7', 'http'))), 'direct');
});

test('of what is encrypted, the file is not told the path', async () => {
	const file = body('return "PROXY p:" + url.length; ');
	const url = async (place: Destination): Promise<number> => Number((await chosen(file, place)).split(':').at(-1));
	assert.equal(await url(to('a.example', 'http')), 'http://a.example/p?q'.length);
	assert.equal(await url(to('a.example', 'https')), 'https://a.example/'.length);
	assert.equal(await url(to('a.example', 'tunnel', 444)), 'https://a.example:444/'.length);
	assert.equal(await url(to('2001:db8::1')), 'https://[2001:db8::1]/'.length);
});

/** What holds of the functions, for host a.b.example. */
const holds = [
	'isPlainHostName("www") && !isPlainHostName(host)',
	'dnsDomainIs(host, ".example") && !dnsDomainIs(host, ".org")',
	'localHostOrDomainIs("a", "a.b.example") && localHostOrDomainIs(host, host) && !localHostOrDomainIs("b.example", host)',
	'dnsDomainLevels(host) === 2',
	'dnsResolve("ten.example") === "10.1.2.3" && dnsResolve("none.example") === null',
	'dnsResolve("pub.example") === "8.8.8.8" && dnsResolve("1.2.3.4") === "1.2.3.4"',
	'isResolvable("ten.example") && !isResolvable("none.example")',
	'isInNet("ten.example", "10.0.0.0", "255.0.0.0") && !isInNet("ten.example", "11.0.0.0", "255.0.0.0")',
	'isInNet("192.168.1.1", "192.168.0.0", "255.255.0.0") && !isInNet("none.example", "0.0.0.0", "0.0.0.0")',
	'myIpAddress() === "127.0.0.1"',
	'shExpMatch(host, "*.example") && shExpMatch(url, "https://?.b.*/") && !shExpMatch(host, "*.org") && !shExpMatch("a+b", "a.b")',
	'shExpMatch("", "*") && !shExpMatch("", "?") && shExpMatch("abcabc", "*abc") && !shExpMatch("abcab", "*abc")',
	'weekdayRange("SUN", "SAT") && !weekdayRange("XXX") && weekdayRange("MON", "SUN", "GMT")',
	'["SUN","MON","TUE","WED","THU","FRI","SAT"].filter(function (d) { return weekdayRange(d, "GMT"); }).length === 1',
	'timeRange(0, 0, 0, 23, 59, 59) && timeRange(new Date().getUTCHours(), "GMT") && !timeRange((new Date().getUTCHours() + 5) % 24, "GMT")',
	'dateRange(1, 31) && dateRange("JAN", "DEC") && dateRange(2000, 2999) && !dateRange(1990, 1999)',
	'dateRange(1, "JAN", 2000, 31, "DEC", 2999) && !dateRange(1, "JAN", 1990, 31, "DEC", 1999)',
	'dateRange(new Date().getUTCDate(), "GMT") && dateRange(new Date().getUTCFullYear(), "GMT")',
	'alert("x") === undefined',
];
for (const condition of holds) {
	test(condition, async () =>
		assert.equal(
			await chosen(body(`return (${condition}) ? "PROXY yes:1" : "PROXY no:1"`), to('a.b.example')),
			'http://yes:1',
		),
	);
}

test('a name is looked up even where the file catches everything', async () => {
	const file = body(
		'var a = null; try { a = dnsResolve("ten.example"); } catch (e) { a = "caught"; } return "PROXY x" + a.replace(/[.]/g, "-") + ":1";',
	);
	assert.equal(await chosen(file), 'http://x10-1-2-3:1');
});

/** What files may do that are not meant well, and what they get. */
const hostile: readonly [string, string][] = [
	['a loop', body('while (true) {}')],
	['a loop that catches', body('while (true) try { while (true) {} } catch (e) {}')],
	['a loop at the start', 'while (true) {}; function FindProxyForURL() {}'],
	['memory', body('var a = []; while (true) a.push(new Array(100000).join("x"))')],
	['recursion', body('return FindProxyForURL(url, host)')],
	[
		'a regular expression that goes back for ever',
		body('return /^(a+)+$/.test(new Array(60).join("a") + "b") ? "" : "PROXY p:1"'),
	],
	['names without end', body('for (var i = 0; ; i++) dnsResolve("n" + i + ".example")')],
	['a throw', body('throw new Error("no")')],
	['a throw of nothing', body('throw null')],
	['no function', 'var x = 1;'],
	['no JavaScript', '<html>404</html>'],
	['a name before it is asked', 'dnsResolve("ten.example"); function FindProxyForURL() {}'],
];
for (const [what, file] of hostile) {
	test(`${what}: refused, or direct where that was chosen`, { timeout: 30_000 }, async () => {
		const log: string[] = [];
		const result = await chosen(file, undefined, { timeouts: { run: 50 }, log: (message) => void log.push(message) });
		assert.match(
			result,
			what.startsWith('a regular') ? /^!proxy_configuration_error$|^http:\/\/p:1$/ : /^!proxy_configuration_error$/,
		);
		if (result.startsWith('!')) assert.equal(log.length, 1);
		if (result.startsWith('!'))
			assert.equal(await chosen(file, undefined, { timeouts: { run: 50 }, onFailure: 'direct' }), 'direct');
	});
}

test('nothing of ours is within reach', async () => {
	const names = [
		'process',
		'require',
		'module',
		'globalThis.process',
		'fetch',
		'setTimeout',
		'Buffer',
		'console',
		'WebAssembly',
	];
	const file = body(
		`return [${names.map((name) => `typeof ${name}`).join(',')}].every(function (t) { return t === "undefined"; }) ? "DIRECT" : "PROXY x:1"`,
	);
	assert.equal(await chosen(file), 'direct');
	const escape = body('return "PROXY " + typeof lookUp.constructor.constructor("return this.process")() + ":1"');
	assert.equal(await chosen(escape), 'http://undefined:1');
});

test('while a file runs for long, in one piece even, the loop goes on', { timeout: 30_000 }, async () => {
	const file = body('var a = []; while (true) a.push(new Array(100000).join("x"))');
	const choice = chosen(file, undefined, { timeouts: { run: 50 } });
	let turns = 0;
	const timer = setInterval(() => turns++, 5);
	assert.equal(await choice, '!proxy_configuration_error');
	clearInterval(timer);
	assert.ok(turns > 10, `${turns} turns`);
});

test('a file that ran out of time is not asked again, until it is another one', async () => {
	let file = body('while (true) {}');
	let fetched = 0;
	const choose = followPac({ file: () => (fetched++, file), reload: 1, timeouts: { run: 30 } });
	assert.equal(await said(choose(to('a'))), '!proxy_configuration_error');
	const before = process.cpuUsage().user;
	assert.equal(await said(choose(to('a'))), '!proxy_configuration_error');
	assert.ok(process.cpuUsage().user - before < 25_000, 'which costs nothing');
	file = answers('PROXY p:1');
	await new Promise((resolve) => setTimeout(resolve, 5));
	assert.equal(await said(choose(to('a'))), 'http://p:1');
	assert.ok(fetched >= 2);
	await choose.close();
});

test('a file that cannot be fetched again stays as it was; one that never came is a failure', async () => {
	let fail = false;
	const log: string[] = [];
	const choose = followPac({
		file: async () => (fail ? Promise.reject(new Error('gone')) : answers('PROXY p:1')),
		reload: 1,
		log: (message) => void log.push(message),
	});
	assert.equal(await said(choose(to('a'))), 'http://p:1');
	fail = true;
	await new Promise((resolve) => setTimeout(resolve, 5));
	assert.equal(await said(choose(to('a'))), 'http://p:1');
	await until(() => log.length > 0, 'a word about it');
	assert.deepEqual(log, ['PAC: kept as it was: gone']);
	assert.equal(await chosen(() => Promise.reject(new Error('none'))), '!proxy_configuration_error');
	assert.equal(
		await chosen(() => new Promise<string>(() => {}), undefined, { timeouts: { wait: 20 } }),
		'!proxy_configuration_error',
	);
});

test('a resolver that hangs is a name without an address', async () => {
	const file = body('return dnsResolve("x.example") === null ? "PROXY none:1" : "DIRECT"');
	const options = { resolve: () => new Promise<string[]>(() => {}), timeouts: { wait: 20 } };
	assert.equal(await chosen(file, undefined, options), 'http://none:1');
});

test('many at once, and a name is looked up once', async () => {
	let lookups = 0;
	const resolve = async (): Promise<string[]> => (lookups++, ['10.0.0.1']);
	const choose = followPac({ file: body('return dnsResolve("x") ? "PROXY p:1" : "DIRECT"'), resolve });
	assert.equal(await said(choose(to('a'))), 'http://p:1');
	const all = await Promise.all(Array.from({ length: 50 }, () => said(choose(to('b')))));
	assert.deepEqual([new Set(all).size, lookups], [1, 1]);
});

test('options are refused', () => {
	const bad = [
		{},
		{ file: 7 },
		{ file: '', onFailure: 'x' },
		{ file: '', reload: -1 },
		{ file: '', timeouts: { rn: 1 } },
		{ file: '', fle: 1 },
	];
	for (const options of bad) assert.throws(() => followPac(options as FollowPacOptions), /followPac: /);
});
