/** An app behind the theme that is dead: people see a page all the same, and nothing is hidden from the log. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromIterable } from '../../../src/bytes/index.ts';
import { type App, HttpError, lint, respond, UpstreamError } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { fakeThemer, HTML, page, watched } from './fake-themer.ts';

const PEOPLE = { fields: { Accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' } };
const refusing: App = () => {
	throw new UpstreamError('connection_refused');
};

test('what an upstream error comes to is a themed page with its status, and a line in the log', async () => {
	for (const app of [refusing, async (...given: Parameters<App>) => refusing(...given)]) {
		const themer = fakeThemer();
		const { layer, lines } = watched(themer);
		const answer = await ask(lint(layer(app)), PEOPLE);
		const text = await answer.text();
		assert.equal(answer.status, 502);
		assert.match(text, /^\[theme\]<!doctype html>[\s\S]*<h1>This page cannot be shown<\/h1>[\s\S]*\[\/theme\]$/);
		assert.equal(answer.fields.get('content-type'), 'text/html;charset=utf-8');
		assert.equal(answer.fields.get('cache-control'), 'no-store');
		assert.match(answer.fields.get('vary') ?? '', /^Accept, /);
		assert.equal(themer.facts[0]?.status, 502);
		assert.equal(answer.error, undefined);
		assert.deepEqual(
			lines.map(({ level }) => level),
			['warn'],
		);
	}
});

test('an HttpError of 500 and up keeps its fields; one below is not excused', async () => {
	const thrown =
		(status: number): App =>
		() => {
			throw new HttpError(status, { fields: { 'Retry-After': '7' } });
		};
	const busy = await ask(watched(fakeThemer()).layer(thrown(503)), PEOPLE);
	assert.deepEqual([busy.status, busy.fields.get('retry-after')], [503, '7']);
	assert.match(await busy.text(), /^\[theme\]/);
	const missing = await ask(watched(fakeThemer()).layer(thrown(404)), PEOPLE);
	assert.ok(missing.error instanceof HttpError);
});

test('a 502, 503 or 504 without a page gets one, and keeps Retry-After and Proxy-Status', async () => {
	const fields = { 'Retry-After': '1', 'Proxy-Status': 't; error=x', 'Content-Encoding': 'gzip', ETag: '"x"' };
	for (const [status, type, body] of [
		[502, 'text/plain', fromIterable(['bad gateway'])],
		[503, 'text/plain', 'busy'],
		[504, HTML, ''],
	] as const) {
		const app: App = () => respond(status, { 'Content-Type': type, ...fields }, body);
		const answer = await ask(lint(watched(fakeThemer()).layer(app)), PEOPLE);
		assert.equal(answer.status, status);
		assert.match(await answer.text(), /^\[theme\]<!doctype html>/);
		assert.deepEqual([answer.fields.get('retry-after'), answer.fields.get('proxy-status')], ['1', 't; error=x']);
		assert.deepEqual([answer.fields.has('content-encoding'), answer.fields.has('etag')], [false, false]);
	}
	const own = await ask(watched(fakeThemer()).layer(page('<p>our own words</p>', {}, 503)), PEOPLE);
	assert.equal(await own.text(), '[theme]<p>our own words</p>[/theme]');
	const plain500 = await ask(
		watched(fakeThemer()).layer(() => respond(500, null, 'x')),
		PEOPLE,
	);
	assert.equal(await plain500.text(), 'x');
});

test('whoever does not ask for HTML is told as ever', async () => {
	const asking: Record<string, string>[] = [
		{},
		{ Accept: '*/*' },
		{ Accept: 'application/json' },
		{ Accept: 'text/html;q=0' },
		{ Accept: 'text/html', 'HX-Request': 'true' },
	];
	for (const fields of asking) {
		const answer = await ask(watched(fakeThemer()).layer(refusing), { fields });
		assert.ok(answer.error instanceof UpstreamError, JSON.stringify(fields));
	}
	const off = await ask(watched(fakeThemer(), { failurePages: false }).layer(refusing), PEOPLE);
	assert.ok(off.error instanceof UpstreamError);
});

test('where the theme fails, or there is none, what was thrown is thrown again', async () => {
	const broken = () => {
		throw new Error('broken');
	};
	const unthemed = { end: () => ({ text: '', themed: false, warnings: [] }) };
	for (const themer of [
		fakeThemer({ begin: () => null }),
		fakeThemer({ begin: broken }),
		fakeThemer({ page: { end: broken } }),
		fakeThemer({ page: unthemed }),
	]) {
		const answer = await ask(watched(themer).layer(refusing), PEOPLE);
		assert.ok(answer.error instanceof UpstreamError);
		const said = await ask(lint(watched(themer).layer(() => respond(503, null, 'busy'))), PEOPLE);
		assert.equal(await said.text(), 'busy');
	}
});

test('a page that breaks off before a byte has left is excused like one that never came', async () => {
	const body = () =>
		(function* () {
			yield '<p>';
			throw new UpstreamError('http_response_incomplete');
		})();
	const answer = await ask(
		lint(watched(fakeThemer()).layer(() => page(fromIterable(body()))(new Request('http://x/'), undefined as never))),
		PEOPLE,
	);
	assert.equal(answer.status, 502);
	assert.match(await answer.text(), /^\[theme\]<!doctype html>/);
	const thrown = await ask(
		watched(fakeThemer()).layer(() => page(fromIterable(body()))(new Request('http://x/'), undefined as never)),
	);
	assert.ok(thrown.error instanceof UpstreamError);
});

test('the words may be others, and are escaped', async () => {
	const failureText = (status: number) => ({ title: `<${status}>`, message: 'a & "b"' });
	const answer = await ask(watched(fakeThemer(), { failureText }).layer(refusing), PEOPLE);
	assert.match(await answer.text(), /<h1>&lt;502&gt;<\/h1><p>a &amp; &quot;b&quot;<\/p>/);
});

test('other mistakes of the app are its own', async () => {
	const answer = await ask(
		watched(fakeThemer()).layer(() => {
			throw new TypeError('a mistake');
		}),
		PEOPLE,
	);
	assert.ok(answer.error instanceof TypeError);
});

test("rules that find no place for the words leave it to the theme, and a proxy's own page counts as none", async () => {
	const elsewhere = fakeThemer({ page: { end: () => ({ text: '[theme][/theme]', themed: true, warnings: [] }) } });
	const own = '<h1>502 Bad Gateway</h1>';
	const proxy =
		(status: string): App =>
		() =>
			respond(502, { 'Content-Type': HTML, 'Proxy-Status': status }, own);
	const dead = await ask(lint(watched(elsewhere).layer(proxy('p;error=connection_refused'))), PEOPLE);
	assert.match(await dead.text(), /^\[notice This page cannot be shown\]<h1>This page cannot be shown<\/h1><p>/);
	// What the upstream itself said is its own page, and goes through the rules like any other.
	for (const status of ['p;error=http_protocol_error;received-status=502', 'p', 'not a list;;']) {
		const answer = await ask(lint(watched(fakeThemer()).layer(proxy(status))), PEOPLE);
		assert.equal(await answer.text(), `[theme]${own}[/theme]`);
	}
});
