/** A house that is closed: for whom, in which words, and who is let in. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
	type Address,
	type App,
	compositionFaults,
	compositionOf,
	type Explanation,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { clientAddress } from '../../../src/middleware/client-address/index.ts';
import { type MaintenanceOptions, maintenance } from '../../../src/middleware/maintenance/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

const hello: App = () => respond(200, null, 'hello');
const ip = (host: string): Address => ({ kind: 'ip', host, port: 1234 });
const closed = (options: Partial<MaintenanceOptions> = {}) => maintenance({ enabled: true, ...options })(hello) as App;
const status = async (app: App, request: MemoryRequest = {}): Promise<number> => (await ask(app, request)).status;

test('it is off or on, by a word, a function or a file', async (t) => {
	assert.equal(await status(closed({ enabled: false })), 200);
	assert.equal(await status(closed()), 503);
	let on = false;
	const asked = closed({ enabled: () => on });
	assert.equal(await status(asked), 200);
	on = true;
	assert.equal(await status(asked), 503);

	const folder = mkdtempSync(join(tmpdir(), 'turnabout-maintenance-'));
	t.after(() => rmSync(folder, { recursive: true }));
	let now = 0;
	t.mock.method(performance, 'now', () => now);
	const file = join(folder, 'closed');
	const byFile = closed({ enabled: file });
	assert.equal(await status(byFile), 200);
	writeFileSync(file, '');
	now += 2000;
	assert.equal(await status(byFile), 503);
	rmSync(file);
	now += 2000;
	assert.equal(await status(byFile), 200);
});

test('a function that gives a promise is an error, and no open door', async () => {
	assert.equal(await status(closed({ enabled: (async () => false) as never })), 500);
});

test('a page for people, a problem for programs, and when to come again', async () => {
	const page = await ask(closed({ message: 'Back at <noon> & "later"' }), {
		fields: { Accept: 'text/html,*/*;q=0.8' },
	});
	assert.equal(page.status, 503);
	assert.equal(page.fields.get('content-type'), 'text/html; charset=utf-8');
	assert.equal(page.fields.get('retry-after'), '300');
	assert.equal(page.fields.get('cache-control'), 'no-store');
	assert.equal(page.fields.get('vary'), 'Accept');
	assert.match(await page.text(), /<p>Back at &lt;noon&gt; &amp; &quot;later&quot;<\/p>/);
	const until = new Date(Date.UTC(2030, 0, 2, 3, 4, 5));
	const problem = await ask(closed({ message: 'Back "soon"', retryAfter: until }), {});
	assert.equal(problem.fields.get('content-type'), 'application/problem+json');
	assert.equal(problem.fields.get('retry-after'), 'Wed, 02 Jan 2030 03:04:05 GMT');
	assert.deepEqual(await problem.json(), {
		type: 'about:blank',
		title: 'Service Unavailable',
		status: 503,
		detail: 'Back "soon"',
	});
});

const accepts: [accept: string, type: string][] = [
	['text/html', 'text/html; charset=utf-8'],
	['TEXT/HTML;q=0.5', 'text/html; charset=utf-8'],
	['application/json, text/html', 'text/html; charset=utf-8'],
	['application/json, text/html;q=0.5', 'application/problem+json'],
	['text/html;q=0', 'application/problem+json'],
	['*/*', 'application/problem+json'],
	['text/html;q=', 'application/problem+json'],
	['', 'application/problem+json'],
];
for (const [accept, type] of accepts)
	test(`Accept: ${accept} gets ${type}`, async () => {
		assert.equal((await ask(closed(), { fields: { Accept: accept } })).fields.get('content-type'), type);
	});

test('a page of one’s own, also one that is made for the request', async () => {
	const fields = { Accept: 'text/html' };
	assert.equal(await (await ask(closed({ page: '<p>closed' }), { fields })).text(), '<p>closed');
	const made = closed({ page: (request) => `<p>${request.method}` });
	assert.equal(await (await ask(made, { fields, method: 'PUT' })).text(), '<p>PUT');
});

test('HEAD gets the head', async () => {
	const answer = await ask(closed(), { method: 'HEAD' });
	assert.equal(answer.status, 503);
	assert.equal(await answer.text(), '');
});

test('health checks are answered, and no spelling makes another path one of them', async () => {
	const app = closed({ except: ['GET /health', '/status/*'] });
	assert.equal(await status(app, { target: '/health' }), 200);
	assert.equal(await status(app, { target: '/health?full' }), 200);
	assert.equal(await status(app, { target: '/health', method: 'POST' }), 503);
	assert.equal(await status(app, { target: '/status/db/1' }), 200);
	for (const target of [
		'/healthy',
		'/health/',
		'/status/../admin',
		'/status/%2e%2e/admin',
		'/status/..%2Fadmin',
		'/x?/health',
	])
		assert.equal(await status(app, { target }), 503, target);
});

test('some are let in, by address or by a function, and not by what they say', async () => {
	const app = stack(
		clientAddress({ trust: ['10.0.0.1'], field: 'X-Forwarded-For' }),
		maintenance({ enabled: true, allow: ['192.0.2.0/24', 'unix'] }),
	)(hello) as App;
	const lie = { 'X-Forwarded-For': '192.0.2.1', Forwarded: 'for=192.0.2.1' };
	assert.equal(await status(app, { remote: ip('::ffff:192.0.2.7') }), 200);
	assert.equal(await status(app, { remote: { kind: 'unix', path: '/s' } }), 200);
	assert.equal(await status(app, { remote: ip('203.0.113.1'), fields: lie }), 503);
	assert.equal(await status(app, { remote: ip('10.0.0.1'), fields: lie }), 200);
	const unnamed = stack(
		clientAddress({ trust: ['192.0.2.1'], field: 'X-Forwarded-For' }),
		maintenance({ enabled: true, allow: ['192.0.2.0/24'] }),
	)(hello) as App;
	const from = { remote: ip('192.0.2.1') };
	assert.equal(await status(unnamed, { ...from, fields: { 'X-Forwarded-For': 'unknown' } }), 503);
	assert.equal(await status(unnamed, from), 200);
	const token = closed({ allow: (request) => request.fields.get('x-team') === 'yes' });
	assert.equal(await status(token, { fields: { 'X-Team': 'yes' } }), 200);
	assert.equal(await status(token), 503);
	assert.equal(await status(closed({ allow: (async () => false) as never })), 503, 'a promise lets nobody in');
});

test('on a socket: an upgrade and a CONNECT find it closed, too', async (t) => {
	const listener = await listen(t, closed());
	for (const head of [
		'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
		'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n',
		'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
	]) {
		const peer = await connect(t, portOf(listener));
		assert.equal((await peer.send(head).message()).status, 503, head);
	}
});

const refused: [what: string, options: unknown, message: RegExp][] = [
	['no options', undefined, /the options are no object/],
	['an unknown name', { enable: true }, /enable: no such option; .*did you mean enabled\?/],
	['no switch', {}, /enabled must be true or false/],
	['an empty path', { enabled: '' }, /enabled must be/],
	['a fraction of a second', { enabled: true, retryAfter: 0.5 }, /retryAfter must be whole seconds/],
	['no time', { enabled: true, retryAfter: new Date('x') }, /retryAfter must be/],
	['text', { enabled: true, retryAfter: '1\r\nSet-Cookie: a=b' }, /retryAfter must be/],
	['an odd address', { enabled: true, allow: ['10.1'] }, /allow: "10\.1"/],
	['no list', { enabled: true, allow: '10.0.0.1' }, /allow must be a list/],
	['no pattern', { enabled: true, except: ['health'] }, /except: "health": a path begins with "\/"/],
	['no list of patterns', { enabled: true, except: '/health' }, /except must be a list/],
	['no page', { enabled: true, page: 1 }, /page must be HTML/],
	['no message', { enabled: true, message: 1 }, /message must be a text/],
];
for (const [what, options, message] of refused)
	test(`refused at start: ${what}`, () => {
		assert.throws(
			() => maintenance(options as MaintenanceOptions),
			(error: Error) => {
				assert.ok(error instanceof TypeError || error instanceof RangeError);
				assert.match(error.message, message);
				return error.message.startsWith('maintenance: ');
			},
		);
	});

test('statistics, composition and explain', async () => {
	const layer = maintenance({ enabled: true, except: ['/health'] });
	const layered = layer(hello) as App;
	assert.deepEqual(compositionFaults(layered), []);
	const app: App = (request, context) =>
		respond(200, null, JSON.stringify(compositionOf(layered)?.note.explain?.(raw(request), context)));
	assert.deepEqual(await (await ask(app, '/health')).json(), {
		does: ['This path is answered during maintenance, too.', 'Passes the request on as it is.'],
	});
	const told = (await (await ask(app, '/')).json()) as Explanation;
	assert.deepEqual(told.does, ['Maintenance is on.']);
	assert.equal(told.answers, '503 Service Unavailable: a problem in JSON (RFC 9457)');
	const retry = { what: 'adds', name: 'Retry-After', value: '300', on: 'response', source: 'RFC 9110 section 10.2.3' };
	assert.deepEqual(told.fields?.[1], retry);
	assert.deepEqual(layer.statistics(), { passed: 0, closed: 0 });
	await ask(layered, '/health');
	await ask(layered, '/');
	assert.deepEqual(layer.statistics(), { passed: 1, closed: 1 });
});
