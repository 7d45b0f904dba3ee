/** Asking whether what is stored still holds (RFC 9111 section 4.3), and what clients are told who have something already. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cacheFront, dated, response } from './front.ts';

const STALE = ['Cache-Control: max-age=1', 'Age: 100'];
const tagged = ['ETag: "one"', `Last-Modified: ${dated(-1_000)}`];

/** An origin that answers with 304 to whoever has `tag`. */
function validating(fields: readonly string[], more: readonly string[] = [], tag = '"one"') {
	let count = 0;
	return (request: { get(name: string): string | null }): string => {
		count++;
		const asked = request.get('if-none-match');
		if (asked?.includes(tag) === true)
			return `HTTP/1.1 304 Not Modified\r\n${more.join('\r\n')}\r\nCount: ${count}\r\n\r\n`;
		return response([...fields, `Count: ${count}`]);
	};
}

test('what is stale is asked about with both validators, and a 304 makes it fresh', async (t) => {
	const f = await cacheFront(
		t,
		validating([...STALE, ...tagged], ['ETag: "one"', 'Cache-Control: max-age=100', 'X-New: 1', `Date: ${dated(0)}`]),
	);
	await f.ask('/');
	const two = await f.ask('/');
	const [, asked] = f.origin.requests;
	assert.equal(asked?.get('if-none-match'), '"one"');
	assert.ok(asked?.get('if-modified-since') !== null);
	assert.deepEqual([two.status, two.body, two.get('x-new'), two.get('count')], [200, 'body', '1', '2']);
	assert.match(two.get('cache-status') ?? '', /^turnabout; fwd=stale; fwd-status=304; ttl=\d+$/);
	const three = await f.ask('/');
	assert.deepEqual([three.status, three.body, three.get('x-new')], [200, 'body', '1']);
	assert.match(three.get('cache-status') ?? '', /hit/);
	assert.equal(f.origin.requests.length, 2);
});

test('a 304 adds and replaces fields, but for those that describe the bytes', async (t) => {
	const more = [
		'Content-Encoding: gzip',
		'Content-Length: 999',
		'X-One: new',
		'X-Two: new',
		'Cache-Control: max-age=100',
		`Date: ${dated(0)}`,
	];
	const f = await cacheFront(t, validating([...STALE, ...tagged, 'X-One: old', 'X-One: older', 'X-Three: old'], more));
	await f.ask('/');
	await f.ask('/');
	const hit = await f.ask('/');
	assert.match(hit.get('cache-status') ?? '', /hit/);
	assert.deepEqual(
		['content-encoding', 'content-length', 'x-one', 'x-two', 'x-three'].map((name) => hit.get(name)),
		[null, '4', 'new', 'new', 'old'],
	);
});

test('a 304 without a tag is about what was asked for; without a Date it is of now', async (t) => {
	const f = await cacheFront(
		t,
		validating([...STALE, ...tagged, `Date: ${dated(-500)}`], ['Cache-Control: max-age=100']),
	);
	await f.ask('/');
	assert.equal((await f.ask('/')).status, 200);
	assert.match((await f.ask('/')).get('cache-status') ?? '', /hit/);
});

test('a 304 about something that nobody has is asked for again, whole', async (t) => {
	const f = await cacheFront(t, validating([...STALE, ...tagged], ['ETag: "other"']));
	await f.ask('/');
	const two = await f.ask('/');
	assert.deepEqual([two.status, two.body], [200, 'body']);
	assert.deepEqual(
		f.origin.requests.map((one) => one.get('if-none-match')),
		[null, '"one"', null],
	);
});

test('another response takes the place of what was stored', async (t) => {
	let count = 0;
	const f = await cacheFront(t, () =>
		response([...(count++ === 0 ? STALE : ['Cache-Control: max-age=100']), `ETag: "${count}"`, `Count: ${count}`]),
	);
	await f.ask('/');
	assert.equal((await f.ask('/')).get('count'), '2');
	assert.equal((await f.ask('/')).get('count'), '2');
});

test('a response that may not be stored drives out what was', async (t) => {
	const answers = [
		response([...STALE, ...tagged]),
		response(['Cache-Control: no-store'], 'new'),
		response(['Cache-Control: no-store'], 'newer'),
	];
	const f = await cacheFront(t, () => answers.shift() as string);
	await f.ask('/');
	assert.equal((await f.ask('/')).body, 'new');
	assert.equal((await f.ask('/')).body, 'newer');
	assert.equal(f.origin.requests[2]?.get('if-none-match'), null);
	assert.equal(f.layer.statistics().entries, 0);
});

test('no-cache is asked about each time', async (t) => {
	const f = await cacheFront(t, validating(['Cache-Control: no-cache, max-age=100', ...tagged], []));
	for (let at = 0; at < 3; at++) assert.equal((await f.ask('/')).status, 200);
	assert.equal(f.origin.requests.length, 3);
	assert.equal(f.origin.requests[2]?.get('if-none-match'), '"one"');
});

const FRESH = ['Cache-Control: max-age=100'];
const long = dated(-100_000);

for (const [asked, status, fields = [...FRESH, 'ETag: "one"', `Last-Modified: ${long}`]] of [
	[['If-None-Match: "one"'], 304],
	[['If-None-Match: W/"one"'], 304],
	[['If-None-Match: "other", "one"'], 304],
	[['If-None-Match: *'], 304],
	[['If-None-Match: "other"'], 200],
	[['If-None-Match: one'], 200],
	[['If-None-Match: "other"', `If-Modified-Since: ${dated(0)}`], 200],
	[[`If-Modified-Since: ${long}`], 304],
	[[`If-Modified-Since: ${dated(0)}`], 304],
	[[`If-Modified-Since: ${dated(-200_000)}`], 200],
	[['If-Modified-Since: yesterday'], 200],
	[[`If-Modified-Since: ${dated(10)}`], 304, [...FRESH, `Date: ${dated(0)}`]],
	[['If-None-Match: "one"'], 304, [...FRESH, 'ETag: W/"one"']],
] as const) {
	test(`a client with ${asked.join(' and ')} is answered ${status} from what is stored`, async (t) => {
		const f = await cacheFront(t, () =>
			response([...fields, 'Content-Type: text/plain', 'Vary: Foo', 'Content-Location: /x']),
		);
		await f.ask('/');
		const answer = await f.ask('/', asked as readonly string[]);
		assert.equal(answer.status, status);
		assert.equal(f.origin.requests.length, 1);
		assert.match(answer.get('cache-status') ?? '', /hit/);
		if (status !== 304) return;
		assert.deepEqual(
			['content-type', 'content-length'].map((name) => answer.get(name)),
			[null, null],
		);
		for (const name of ['cache-control', 'date', 'vary', 'content-location', 'age'])
			assert.ok(answer.get(name) !== null, name);
		assert.equal(answer.body, '');
	});
}

test('a client’s tag is asked about as well, and a 304 for it is passed on', async (t) => {
	const f = await cacheFront(t, (request) => {
		const tags = request.get('if-none-match') ?? '';
		if (tags.includes('"two"')) return 'HTTP/1.1 304 Not Modified\r\nETag: "two"\r\n\r\n';
		return response([...STALE, 'ETag: "one"']);
	});
	await f.ask('/');
	const answer = await f.ask('/', ['If-None-Match: "two"']);
	assert.equal(answer.status, 304);
	assert.equal(answer.get('etag'), '"two"');
	assert.equal(f.origin.requests[1]?.get('if-none-match'), '"one", "two"');
});

test('a client that has what is stored gets a 304 when the origin says that it holds', async (t) => {
	const f = await cacheFront(t, validating([...STALE, 'ETag: "one"'], ['Cache-Control: max-age=100', 'ETag: "one"']));
	await f.ask('/');
	assert.equal((await f.ask('/', ['If-None-Match: "one"'])).status, 304);
	assert.equal((await f.ask('/')).body, 'body');
});

test('a 304 to a client’s own condition is passed on and not stored', async (t) => {
	const f = await cacheFront(t, validating([...FRESH], [...FRESH]));
	assert.equal((await f.ask('/', ['If-None-Match: "one"'])).status, 304);
	assert.equal((await f.ask('/')).body, 'body');
});

for (const condition of ['If-Match: "one"', `If-Unmodified-Since: ${dated(0)}`]) {
	test(`${condition.split(':')[0]} is for the origin to judge`, async (t) => {
		const f = await cacheFront(t, () => response([...FRESH, 'ETag: "one"']));
		await f.ask('/');
		await f.ask('/', [condition]);
		assert.equal(f.origin.requests.length, 2);
	});
}

test('HEAD is answered from what is stored for GET, without a body', async (t) => {
	const f = await cacheFront(t, () => response(FRESH));
	await f.ask('/');
	const head = await f.ask('/', [], 'HEAD');
	assert.deepEqual([head.status, head.get('content-length'), head.body], [200, '4', '']);
	assert.equal(f.origin.requests.length, 1);
});

test('HEAD does not become an answer to GET', async (t) => {
	const f = await cacheFront(t, (request) =>
		request.method === 'HEAD' ? `HTTP/1.1 200 OK\r\n${FRESH[0]}\r\nContent-Length: 4\r\n\r\n` : response(FRESH),
	);
	await f.ask('/', [], 'HEAD');
	assert.equal((await f.ask('/')).body, 'body');
	assert.equal(f.origin.requests.length, 2);
});

test('HEAD that says the same makes what is stored fresh again; one that says otherwise makes it invalid', async (t) => {
	let tag = '"one"';
	const f = await cacheFront(t, (request) => {
		const head = `ETag: ${tag}\r\nContent-Length: 4\r\n`;
		if (request.method === 'HEAD') return `HTTP/1.1 200 OK\r\nCache-Control: max-age=100\r\n${head}\r\n`;
		return `HTTP/1.1 200 OK\r\n${STALE.join('\r\n')}\r\n${head}\r\nbody`;
	});
	await f.ask('/');
	await f.ask('/', [], 'HEAD');
	assert.match((await f.ask('/')).get('cache-status') ?? '', /hit/);
	tag = '"two"';
	await f.ask('/', ['Cache-Control: no-cache'], 'HEAD');
	assert.doesNotMatch((await f.ask('/')).get('cache-status') ?? '', /hit/);
});

test('only-if-cached is answered from what is stored, or 504', async (t) => {
	const f = await cacheFront(t, () => response(FRESH));
	const none = await f.ask('/', ['Cache-Control: only-if-cached']);
	assert.equal(none.status, 504);
	assert.match(none.get('cache-status') ?? '', /^turnabout; fwd=uri-miss; detail="only-if-cached"$/);
	assert.equal(f.origin.requests.length, 0);
	await f.ask('/');
	assert.equal((await f.ask('/', ['Cache-Control: only-if-cached'])).status, 200);
});

const RANGED = [...FRESH, 'ETag: "one"', `Last-Modified: ${long}`, 'Content-Type: text/plain'];
const body = '0123456789';

for (const [asked, status, part, range] of [
	[['Range: bytes=2-4'], 206, '234', 'bytes 2-4/10'],
	[['Range: bytes=8-'], 206, '89', 'bytes 8-9/10'],
	[['Range: bytes=-3'], 206, '789', 'bytes 7-9/10'],
	[['Range: bytes=2-400'], 206, '23456789', 'bytes 2-9/10'],
	[['Range: bytes=10-'], 416, '', 'bytes */10'],
	[['Range: bytes=5-2'], 200, body, null],
	[['Range: lines=1-2'], 200, body, null],
	[['Range: bytes=2-4', 'If-Range: "one"'], 206, '234', 'bytes 2-4/10'],
	[['Range: bytes=2-4', 'If-Range: W/"one"'], 200, body, null],
	[['Range: bytes=2-4', 'If-Range: "two"'], 200, body, null],
	[['Range: bytes=2-4', `If-Range: ${long}`], 206, '234', 'bytes 2-4/10'],
	[['Range: bytes=2-4', `If-Range: ${dated(-5)}`], 200, body, null],
	[['Range: bytes=0-6,5-9'], 200, body, null],
] as const) {
	test(`${asked.join(' and ')} of what is stored: ${status}`, async (t) => {
		const f = await cacheFront(t, () => response([...RANGED, `Date: ${dated(0)}`], body));
		await f.ask('/');
		const answer = await f.ask('/', asked as readonly string[]);
		assert.deepEqual([answer.status, answer.body, answer.get('content-range')], [status, part, range]);
		assert.equal(f.origin.requests.length, 1);
		if (status === 206) assert.equal(answer.get('etag'), '"one"');
	});
}

test('several ranges of what is stored are parts of one answer', async (t) => {
	const f = await cacheFront(t, () => response(RANGED, body));
	await f.ask('/');
	const answer = await f.ask('/', ['Range: bytes=0-1,-2']);
	const boundary = /boundary=(\S+)$/.exec(answer.get('content-type') ?? '')?.[1];
	assert.equal(answer.status, 206);
	const part = (range: string, text: string): string =>
		`--${boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes ${range}/10\r\n\r\n${text}\r\n`;
	assert.equal(answer.body, `${part('0-1', '01')}${part('8-9', '89')}--${boundary}--\r\n`);
});

test('a range that nothing is stored for is passed on, and its answer is no whole one', async (t) => {
	const f = await cacheFront(t, (request) =>
		request.get('range') === null
			? response(RANGED, body)
			: `HTTP/1.1 206 Partial Content\r\n${RANGED.join('\r\n')}\r\nContent-Range: bytes 0-1/10\r\nContent-Length: 2\r\n\r\n01`,
	);
	assert.equal((await f.ask('/', ['Range: bytes=0-1'])).status, 206);
	const whole = await f.ask('/');
	assert.deepEqual([whole.status, whole.body], [200, body]);
});

test('a part that is stored answers for what lies within it, and for nothing else', async (t) => {
	const f = await cacheFront(t, (request) => {
		const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.get('range') ?? '') ?? [];
		if (first === undefined || last === undefined) return response(RANGED, body);
		const part = body.slice(Number(first), Number(last) + 1);
		return `HTTP/1.1 206 Partial Content\r\n${RANGED.join('\r\n')}\r\nContent-Range: bytes ${first}-${last}/10\r\nContent-Length: ${part.length}\r\n\r\n${part}`;
	});
	await f.ask('/', ['Range: bytes=2-7']);
	for (const [asked, part, range] of [
		['Range: bytes=2-7', '234567', 'bytes 2-7/10'],
		['Range: bytes=3-4', '34', 'bytes 3-4/10'],
	] as const) {
		const answer = await f.ask('/', [asked]);
		assert.deepEqual([answer.status, answer.body, answer.get('content-range')], [206, part, range]);
		assert.match(answer.get('cache-status') ?? '', /hit/);
	}
	assert.equal(f.origin.requests.length, 1);
	assert.equal((await f.ask('/', ['Range: bytes=3-4', 'If-Range: "two"'])).get('cache-status')?.includes('hit'), false);
	assert.equal((await f.ask('/', ['Range: bytes=1-4'])).body, '1234');
	assert.equal((await f.ask('/', ['Range: bytes=-2'])).body, body, 'the origin takes it for no range');
	assert.equal((await f.ask('/')).body, body);
});

for (const [what, range, length] of [
	['whose length is another', 'bytes 0-5/10', 2],
	['that ends behind the whole', 'bytes 0-1/1', 2],
	['that cannot be read', 'bytes 0-/10', 2],
] as const) {
	test(`a part ${what} is not stored`, async (t) => {
		const f = await cacheFront(
			t,
			() =>
				`HTTP/1.1 206 Partial Content\r\n${RANGED.join('\r\n')}\r\nContent-Range: ${range}\r\nContent-Length: ${length}\r\n\r\n01`,
		);
		await f.ask('/', ['Range: bytes=0-1']);
		assert.equal(f.layer.statistics().entries, 0);
	});
}

test('an answer to POST that says where it is, and for how long, is the answer to GET', async (t) => {
	let count = 0;
	const f = await cacheFront(t, (request) => {
		count++;
		const fields = request.target === '/none' ? ['Content-Location: /none'] : [...FRESH, 'Content-Location: /here'];
		return response(request.method === 'POST' ? fields : FRESH, `${count}`);
	});
	const posted = await f.ask('/here', [], 'POST', 'x');
	assert.deepEqual([posted.body, /fwd=method.*stored/.test(posted.get('cache-status') ?? '')], ['1', true]);
	assert.equal((await f.ask('/here')).body, '1');
	await f.ask('/elsewhere', [], 'POST', 'x');
	assert.equal((await f.ask('/elsewhere')).body, '3');
	await f.ask('/none', [], 'POST', 'x');
	assert.equal((await f.ask('/none')).body, '5');
});
