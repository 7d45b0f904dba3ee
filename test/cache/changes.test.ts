/** What happens to what is stored: unsafe methods, purges, failures of the origin, bodies cut short, time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromIterable } from '../../src/bytes/index.ts';
import { cache } from '../../src/cache/index.ts';
import { type App, type Context, compositionFaults, identity, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { apiKey, basicAuth, compress, forwardAuth, hashPassword } from '../../src/middleware/index.ts';
import { eventually, pause, until } from '../support/until.ts';
import { cacheFront, dated, response } from './front.ts';

const FRESH = 'Cache-Control: max-age=1000';

for (const [method, status, invalidates] of [
	['POST', '200 OK', true],
	['PUT', '204 No Content', true],
	['DELETE', '303 See Other', true],
	['PATCH', '201 Created', true],
	['M-SEARCH', '200 OK', true],
	['POST', '400 Bad Request', false],
	['POST', '500 Oh', false],
	['OPTIONS', '200 OK', false],
	['TRACE', '200 OK', false],
] as const) {
	test(`${method} answered ${status} ${invalidates ? 'makes' : 'does not make'} what is stored invalid`, async (t) => {
		const f = await cacheFront(t, (request) =>
			request.method === 'GET'
				? response([FRESH, 'ETag: "one"'])
				: `HTTP/1.1 ${status}\r\n${status.startsWith('204') ? '' : 'Content-Length: 0\r\n'}\r\n`,
		);
		await f.ask('/');
		const changed = await f.ask('/', [], method);
		if (invalidates) assert.match(changed.get('cache-status') ?? '', /fwd=method/);
		const after = await f.ask('/');
		assert.equal(f.origin.requests.length, invalidates ? 3 : 2);
		if (invalidates) assert.match(after.get('cache-status') ?? '', /fwd=stale/);
	});
}

test('Location and Content-Location of the same origin are invalid as well, those of another are not', async (t) => {
	const f = await cacheFront(t, (request) => {
		if (request.method === 'GET') return response([FRESH]);
		const other = request.target === '/out';
		const fields = other
			? ['Location: http://elsewhere.example/b', 'Content-Location: //elsewhere.example/c']
			: ['Location: /b', 'Content-Location: http://cached.example/c?x'];
		return response(fields, '', '201 Created');
	});
	for (const target of ['/b', '/c?x']) await f.ask(target);
	await f.ask('/out', [], 'POST', 'x');
	for (const target of ['/b', '/c?x']) assert.match((await f.ask(target)).get('cache-status') ?? '', /hit/);
	await f.ask('/in', [], 'POST', 'x');
	for (const target of ['/b', '/c?x']) assert.match((await f.ask(target)).get('cache-status') ?? '', /fwd=stale/);
});

test('groups are invalid together, within an origin (RFC 9875)', async (t) => {
	const f = await cacheFront(t, (request) =>
		request.method === 'GET'
			? response([FRESH, 'Cache-Groups: "one", "two"'])
			: response(['Cache-Group-Invalidation: "two"'], ''),
	);
	await f.ask('/a');
	await f.ask('/b');
	assert.match((await f.ask('/a')).get('cache-status') ?? '', /hit/);
	await f.ask('/c', [], 'POST', 'x');
	for (const target of ['/a', '/b']) assert.match((await f.ask(target)).get('cache-status') ?? '', /fwd=stale/);
});

test('what was asked for before the resource changed is not stored', async (t) => {
	let release = (): void => {};
	const f = await cacheFront(t, (request, peer) => {
		if (request.method === 'POST') return response([], '');
		if (release.name === 'done') return response([FRESH], 'new');
		return new Promise((resolve) => {
			release = () => {
				release = function done() {};
				resolve(void peer.send(response([FRESH], 'old')));
			};
		});
	});
	const old = f.ask('/');
	await until(() => f.origin.requests.length === 1, 'asked');
	await f.ask('/', [], 'POST', 'x');
	release();
	assert.equal((await old).body, 'old');
	assert.equal((await f.ask('/')).body, 'new');
});

test('purges, by URL, beginning, tag and whatever fits, softly and hard', async (t) => {
	const f = await cacheFront(t, (request) =>
		response([FRESH, 'ETag: "one"', `Surrogate-Key: all ${request.target.slice(1)}`]),
	);
	const targets = ['/a', '/a/b', '/c'];
	const fill = async (): Promise<void> => {
		for (const target of targets) await f.ask(target);
	};
	const hits = async (): Promise<string> => {
		const statuses = [];
		for (const target of targets) statuses.push((await f.ask(target, ['Cache-Control: only-if-cached'])).status);
		return statuses.join(' ');
	};
	await fill();
	assert.equal(await hits(), '200 200 200');
	assert.equal(f.layer.purge('http://CACHED.example:80/a'), 1);
	assert.equal(await hits(), '504 200 200');
	assert.match((await f.ask('/a')).get('cache-status') ?? '', /fwd=stale/, 'softly: it is asked about');
	assert.equal(f.layer.purgePrefix('http://cached.example/a', { hard: true }), 2);
	assert.equal(f.layer.statistics().entries, 1);
	await fill();
	assert.equal(f.layer.purgeTag('c'), 1);
	assert.equal(await hits(), '200 200 504');
	await fill();
	assert.equal(
		f.layer.purgeWhere(({ bytes }) => bytes === 4, { hard: true }),
		3,
	);
	assert.equal(f.layer.purgeTag('all'), 0);
	assert.throws(() => f.layer.purge('/a'), /no URL/);
});

test('PURGE is for those who may, and passed on for all others', async (t) => {
	const f = await cacheFront(
		t,
		(request) => (request.method === 'GET' ? response([FRESH]) : response([], 'passed on')),
		{
			purge: (request) => request.fields.get('x-key') === 'secret',
		},
	);
	await f.ask('/');
	assert.equal((await f.ask('/', [], 'PURGE')).body, 'passed on');
	await f.ask('/');
	const purged = await f.ask('/', ['X-Key: secret'], 'PURGE');
	assert.deepEqual([purged.status, purged.body], [200, '1 removed\n']);
	assert.equal((await f.ask('/', ['X-Key: secret'], 'PURGE')).status, 404);
});

const STALE = 'Age: 100';

test('stale-while-revalidate: the stale answer at once, one request behind it, then the new one', async (t) => {
	let count = 0;
	const f = await cacheFront(t, async () => {
		count++;
		if (count > 1) await pause(50);
		return response([
			'Cache-Control: max-age=50, stale-while-revalidate=1000',
			...(count === 1 ? [STALE] : []),
			`Count: ${count}`,
		]);
	});
	await f.ask('/');
	const stale = await Promise.all([f.ask('/'), f.ask('/'), f.ask('/')]);
	for (const one of stale) {
		assert.equal(one.get('count'), '1');
		assert.match(one.get('cache-status') ?? '', /^turnabout; hit; ttl=-\d+$/);
	}
	await until(() => f.layer.statistics().validated === 0 && f.origin.requests.length === 2, 'one request');
	await pause(80);
	assert.equal((await f.ask('/')).get('count'), '2');
	assert.equal(f.origin.requests.length, 2);
});

test('stale-while-revalidate: an answer that may not be stored drives out what was', async (t) => {
	const answers = [
		response(['Cache-Control: max-age=1, stale-while-revalidate=1000', STALE]),
		response(['Cache-Control: no-store'], 'new'),
	];
	const f = await cacheFront(t, () => answers.shift() ?? response(['Cache-Control: no-store'], 'newer'));
	await f.ask('/');
	assert.equal((await f.ask('/')).body, 'body');
	await until(() => f.layer.statistics().entries === 0, 'it is gone');
	assert.equal((await f.ask('/')).body, 'newer');
});

test('stale-while-revalidate is over when its window is, and never holds against must-revalidate', async (t) => {
	for (const says of [
		'max-age=1, stale-while-revalidate=10',
		'max-age=1, stale-while-revalidate=1000, must-revalidate',
	]) {
		const f = await cacheFront(t, () => response([`Cache-Control: ${says}`, STALE]));
		await f.ask('/');
		await f.ask('/');
		assert.equal(f.origin.requests.length, 2);
	}
});

const failures = {
	'an answer of 503': () => response([], 'no', '503 No'),
	'an answer of 500': () => response([], 'no', '500 No'),
	'a connection that is closed': null,
};

for (const [what, failure] of Object.entries(failures)) {
	for (const [says, request, options, survives] of [
		['max-age=1, stale-if-error=1000', [], {}, true],
		['max-age=1', ['Cache-Control: stale-if-error=1000'], {}, true],
		['max-age=1', [], { grace: 1000 }, true],
		['max-age=1', [], {}, false],
		['max-age=1, stale-if-error=10', [], {}, false],
		['max-age=1, stale-if-error=1000, must-revalidate', [], {}, false],
		['s-maxage=1, stale-if-error=1000', [], { grace: 1000 }, false],
		['max-age=1000, no-cache, stale-if-error=1000', [], { grace: 1000 }, false],
	] as const) {
		test(`${what}, with ${[says, ...request, JSON.stringify(options)].join(' and ')}: ${survives ? 'the stale answer' : 'the failure'}`, async (t) => {
			let count = 0;
			const f = await cacheFront(
				t,
				(_request, peer) => {
					if (count++ === 0) return response([`Cache-Control: ${says}`, STALE, 'ETag: "one"']);
					if (failure !== null) return failure();
					peer.destroy();
					return undefined;
				},
				options,
			);
			await f.ask('/');
			const answer = await f.ask('/', request);
			if (!survives) return assert.ok(answer.status >= 500, String(answer.status));
			assert.deepEqual([answer.status, answer.body], [200, 'body']);
			assert.match(answer.get('cache-status') ?? '', /fwd=stale;.* detail="origin failed"/);
		});
	}
}

test('a failure does not take the place of what is stored', async (t) => {
	const answers = [
		response(['Cache-Control: max-age=1', STALE, 'ETag: "one"']),
		response(['Cache-Control: max-age=100'], 'no', '503 No'),
	];
	const f = await cacheFront(t, () => answers.shift() ?? response(['Cache-Control: max-age=100'], 'well'), {
		grace: 1000,
	});
	await f.ask('/');
	assert.equal((await f.ask('/')).body, 'body');
});

test('a body that is cut short is never used again', async (t) => {
	for (const head of ['Content-Length: 10', 'Transfer-Encoding: chunked']) {
		let count = 0;
		const f = await cacheFront(t, (_request, peer) => {
			count++;
			if (count > 1) return response([FRESH], 'whole');
			peer
				.send(`HTTP/1.1 200 OK\r\n${FRESH}\r\n${head}\r\n\r\n${head.startsWith('C') ? 'cut' : '3\r\ncut\r\n'}`)
				.finish();
			return undefined;
		});
		const first = (await f.client()).send('GET / HTTP/1.1\r\nHost: cached.example\r\n\r\n');
		await first.closed();
		await until(() => f.layer.statistics().entries === 0, 'nothing is stored');
		assert.equal((await f.ask('/')).body, 'whole');
	}
});

test('the age of an answer grows, and was there before it came', async (t) => {
	const f = await cacheFront(t, () => response([FRESH, 'Age: 30', `Date: ${dated(-10)}`]));
	assert.equal((await f.ask('/')).get('age'), '30', 'as the origin said it');
	await pause(1_100);
	const later = await f.ask('/');
	assert.equal(later.get('age'), '31');
	assert.equal(later.fields.filter(([name]) => name.toLowerCase() === 'age').length, 1);
});

test('what is stored has every field as it came, and none of this hop', async (t) => {
	const lines = [
		'X-A: 1',
		'x-a: 2',
		'Set-Cookie: a=1',
		'Set-Cookie: b=2',
		'Content-Foo: bar',
		'Proxy-Authenticate: x',
		'Connection: X-Hop',
		'X-Hop: 1',
		'Keep-Alive: timeout=5',
	];
	const f = await cacheFront(t, () => response([FRESH, ...lines]));
	await f.ask('/');
	const hit = await f.ask('/');
	const names = hit.fields.map(([name, value]) => `${name}: ${value}`);
	for (const line of lines.slice(0, 5)) assert.ok(names.includes(line), line);
	for (const name of ['proxy-authenticate', 'x-hop', 'keep-alive']) assert.equal(hit.get(name), null, name);
});

test('no-cache="field" is left out until it is validated, private="field" for good', async (t) => {
	let count = 0;
	const f = await cacheFront(t, (request) => {
		count++;
		if (request.get('if-none-match') !== null) return `HTTP/1.1 304 Not Modified\r\nX-Once: ${count}\r\n\r\n`;
		return response([
			`Cache-Control: max-age=1000, no-cache="x-once", private="x-mine"`,
			'ETag: "one"',
			'X-Once: 1',
			'X-Mine: 1',
		]);
	});
	const first = await f.ask('/');
	assert.deepEqual([first.get('x-once'), first.get('x-mine')], ['1', '1']);
	const hit = await f.ask('/');
	assert.deepEqual([hit.get('x-once'), hit.get('x-mine')], [null, null]);
	const asked = await f.ask('/', ['Cache-Control: no-cache']);
	assert.deepEqual([asked.get('x-once'), asked.get('x-mine')], ['2', null]);
});

test('a GET with a body is neither looked up nor stored', async (t) => {
	const f = await cacheFront(t, (request) => response([FRESH], `for ${request.body}`));
	assert.equal((await f.ask('/', [], 'GET', 'one')).body, 'for one');
	assert.equal((await f.ask('/')).body, 'for ');
	const again = await f.ask('/', [], 'GET', 'two');
	assert.equal(again.body, 'for two');
	assert.match(again.get('cache-status') ?? '', /fwd=bypass/);
});

test('keys: host and port as they mean the same, path and query byte for byte, another page for another tenant', async (t) => {
	const f = await cacheFront(t, (request) => response([FRESH], request.target), {
		key: (request) => request.fields.get('x-tenant'),
		drop: ['utm_source'],
	});
	const status = async (target: string, fields: string[] = []): Promise<string> => {
		return /hit|uri-miss/.exec((await f.ask(target, fields)).get('cache-status') ?? '')?.[0] ?? '';
	};
	assert.equal(await status('/a?b'), 'uri-miss');
	assert.equal(await status('http://CACHED.example:80/a?b'), 'hit');
	for (const other of ['/a', '/a?', '/A?b', '/a?b&', '/%61?b', '//a?b', '/./a?b'])
		assert.equal(await status(other), 'uri-miss', other);
	assert.equal(await status('/a?b&utm_source=x'), 'hit');
	assert.equal(await status('/a?utm_source=x'), 'hit', 'as without a query');
	assert.equal(await status('/a?b', ['X-Tenant: one']), 'uri-miss');
	assert.equal(await status('/a?b', ['X-Tenant: one']), 'hit');
	assert.equal(f.layer.purge('http://cached.example/a?b'), 2);
});

test('layers whose credentials no cache knows are refused within one, and stand around it', () => {
	const proxied: App = () => respond(200);
	for (const guard of [forwardAuth('http://127.0.0.1:1/'), apiKey({ keys: () => null })]) {
		const [fault] = compositionFaults(cache()(guard(proxied) as App) as App);
		assert.match(fault ?? '', /a cache stands around it.*put the cache inside/);
		assert.deepEqual(compositionFaults(guard(cache()(proxied) as App) as App), []);
	}
});

test('what was made for somebody who has proved who he is, is not for the next', async () => {
	const users = { ann: await hashPassword('one', 'scrypt'), bob: await hashPassword('two', 'scrypt') };
	const app = basicAuth({ users })(
		cache({ rfc: true })(((_request: Request, context: Context) =>
			respond(200, { 'Cache-Control': 'max-age=100' }, `hello ${context.get(identity)?.name}`)) as App) as App,
	) as App;
	const as = (user: string): Promise<string> =>
		ask(app, { fields: { authorization: `Basic ${btoa(user)}` } }).then((answer) => answer.text());
	assert.deepEqual([await as('ann:one'), await as('bob:two')], ['hello ann', 'hello bob']);
});

test('options that cannot be meant are refused by name', () => {
	for (const [options, reason] of [
		[{ size: 'much' }, /cache: size must be an amount of bytes such as 256MB, not "much"/],
		[{ sise: 1 }, /cache: sise: no such option; .*did you mean size/],
		[{ limits: { objects: 1 } }, /limits\.objects: no such option/],
		[{ limits: { object: 'x' } }, /limits\.object must be an amount/],
		[{ grace: -1 }, /grace must be a number from 0 up/],
		[{ heuristics: { share: 'x' } }, /heuristics\.share must be a number/],
		[{ bypass: true }, /bypass must be a function, not true/],
		[{ rfc: 'yes' }, /rfc must be true or false/],
		[{ targets: 'x' }, /targets must be a list of names/],
		[{ store: {} }, /store must be a store/],
		[{ name: '' }, /name must be text/],
	] as const)
		assert.throws(() => cache(options as never), reason);
});

test('an app that answers with what is no response, and a rule that throws, are errors like any other', async () => {
	const kept = cache({
		ttl: () => {
			throw new Error('a bug');
		},
	});
	const wrong = (async () => 7) as never;
	assert.equal((await ask(cache()(wrong) as App, '/')).status, 500);
	assert.equal(
		(await ask(kept((() => respond(200, { 'Cache-Control': 'max-age=9' })) as App) as App, '/')).status,
		500,
	);
});

test('a renewal that nobody answers is over after its time, and the next one may begin', async () => {
	let asked = 0;
	let closed = 0;
	const app: App = (_request, context) => {
		asked++;
		if (asked === 1)
			return respond(200, { 'Cache-Control': 'max-age=1, stale-while-revalidate=1000', Age: '100' }, 'a');
		context.onClosed({ exchangeClosed: () => closed++ });
		return new Promise<Response>(() => {});
	};
	const layer = cache({ renewal: 30 });
	const cached = layer(app) as App;
	for (let at = 0; at < 3; at++) assert.equal(await (await ask(cached, '/')).text(), 'a');
	assert.equal(asked, 2, 'one renewal, and no more as long as it is under way');
	await until(() => closed === 1, 'it was given up');
	await eventually(async () => {
		assert.equal(await (await ask(cached, '/')).text(), 'a');
		return asked === 3;
	}, 'another one');
});

test('what is coming counts: the cache never holds more than its size', async () => {
	const chunk = new Uint8Array(65_536);
	const most = 1_000_000;
	const layer = cache({ size: most });
	const app: App = () =>
		respond(200, { 'Cache-Control': 'max-age=100' }, fromIterable(Array.from({ length: 32 }, () => chunk)));
	const cached = layer(app) as App;
	const held: number[] = [];
	const answer = await ask(cached, '/large');
	let bytes = 0;
	for await (const part of answer.chunks()) {
		held.push(layer.statistics().bytes);
		bytes += part.length;
	}
	assert.equal(bytes, 32 * 65_536, 'the client gets all of it');
	assert.ok(Math.max(...held) <= most, `${Math.max(...held)} were kept`);
	assert.equal(layer.statistics().entries, 0);
});

test('around compress: what is compressed is kept, each coding for those who take it', async () => {
	let asked = 0;
	const app: App = () => {
		asked++;
		return respond(200, { 'Cache-Control': 'max-age=100', 'Content-Type': 'text/plain' }, 'text '.repeat(1_000));
	};
	const cached = cache()(compress()(app)) as App;
	for (const [accepted, coding] of [
		['gzip', 'gzip'],
		['br', 'br'],
		['identity', null],
		['gzip', 'gzip'],
		['br', 'br'],
	] as const) {
		const answer = await ask(cached, { target: '/', fields: { 'accept-encoding': accepted } });
		assert.equal(answer.fields.get('content-encoding'), coding);
		assert.match(answer.fields.get('vary') ?? '', /accept-encoding/i);
		assert.ok((await answer.bytes()).length > 0);
	}
	assert.equal(asked, 3);
});
