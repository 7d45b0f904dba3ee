/** ETags that change with the theme, and conditions that are understood again: a 304 is never about another page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, raw, respond } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import type { Themer } from '../../../src/theme/http/index.ts';
import { fakeThemer, HTML, watched } from './fake-themer.ts';

/** A server that keeps its conditions (RFC 9110 section 13.2.2), and says what it was asked. */
function upstream(validators: Record<string, string>, type = HTML) {
	const asked: { none: string | null; since: string | null; match: string | null }[] = [];
	const app: App = (request) => {
		const { fields } = raw(request);
		const [none, since, match] = [fields.get('if-none-match'), fields.get('if-modified-since'), fields.get('if-match')];
		asked.push({ none, since, match });
		const tag = validators['ETag']?.replace(/^W\//, '');
		const known =
			none === null ? since !== null && since === validators['Last-Modified'] : tag !== undefined && none.includes(tag);
		if (known) return respond(304, { ...validators, Vary: 'Cookie' });
		return respond(200, { 'Content-Type': type, ...validators }, '<p>');
	};
	return { app, asked };
}

const tagOf = async (app: App, themer: Themer, fields: Record<string, string> = {}): Promise<string> =>
	(await ask(watched(themer).layer(app), { fields })).fields.get('etag') ?? '';

test("a themed page has a weak tag made of the upstream's and of the rules", async () => {
	for (const [given, pattern] of [
		['"abc"', /^W\/"abc\+ts\.[a-z0-9]+"$/],
		['W/"abc"', /^W\/"abc\+tw\.[a-z0-9]+"$/],
		['""', /^W\/"\+ts\.[a-z0-9]+"$/],
	] as const) {
		const { app } = upstream({ ETag: given });
		const tag = await tagOf(app, fakeThemer());
		assert.match(tag, pattern);
		assert.notEqual(tag, await tagOf(app, fakeThemer({ revision: 'r2' })));
		assert.equal(tag, await tagOf(app, fakeThemer()));
	}
	assert.equal(await tagOf(upstream({ ETag: 'unquoted' }).app, fakeThemer()), '');
});

test('a tag comes back to the upstream as it was, and the 304 says what the page said', async () => {
	for (const given of ['"abc"', 'W/"abc"']) {
		const { app, asked } = upstream({ ETag: given });
		const tag = await tagOf(app, fakeThemer());
		const answer = await ask(watched(fakeThemer()).layer(app), {
			fields: { 'If-None-Match': `"other", ${tag}`, 'If-Modified-Since': 'Tue, 03 Jun 2025 10:00:00 GMT' },
		});
		assert.equal(answer.status, 304);
		assert.equal(answer.fields.get('etag'), tag);
		assert.match(answer.fields.get('vary') ?? '', /^Cookie, Accept-Encoding, HX-/);
		assert.deepEqual(asked.at(-1), { none: `"other", ${given}`, since: null, match: null });
	}
});

test('when the rules have changed, the page is fetched and themed anew', async () => {
	const date = 'Tue, 03 Jun 2025 10:00:00 GMT';
	const { app, asked } = upstream({ ETag: '"abc"', 'Last-Modified': date });
	const old = await tagOf(app, fakeThemer({ revision: 'old' }));
	const answer = await ask(watched(fakeThemer()).layer(app), {
		fields: { 'If-None-Match': old, 'If-Modified-Since': date },
	});
	assert.equal(answer.status, 200);
	assert.equal(await answer.text(), '[theme]<p>[/theme]');
	assert.deepEqual(asked.at(-1), { none: null, since: null, match: null });
});

test('without a tag, the date becomes one, and is a date for the upstream', async () => {
	const date = 'Tue, 03 Jun 2025 10:00:00 GMT';
	const { app, asked } = upstream({ 'Last-Modified': date });
	const { layer } = watched(fakeThemer());
	const page = await ask(layer(app));
	const tag = page.fields.get('etag') ?? '';
	assert.match(tag, /^W\/"[a-z0-9]+\+td\.[a-z0-9]+"$/);
	assert.equal(page.fields.has('last-modified'), false);
	const again = await ask(layer(app), { fields: { 'If-None-Match': tag } });
	assert.equal(again.status, 304);
	assert.deepEqual([again.fields.get('etag'), again.fields.has('last-modified')], [tag, false]);
	assert.deepEqual(asked.at(-1), { none: null, since: date, match: null });
	const changed = await ask(watched(fakeThemer({ revision: 'r2' })).layer(app), { fields: { 'If-None-Match': tag } });
	assert.equal(changed.status, 200);
});

test('what is no page keeps its validators, and they are asked about as they are', async () => {
	const date = 'Tue, 03 Jun 2025 10:00:00 GMT';
	const { app, asked } = upstream({ ETag: '"img"', 'Last-Modified': date }, 'image/png');
	const { layer } = watched(fakeThemer());
	const first = await ask(layer(app), '/image');
	assert.deepEqual([first.fields.get('etag'), first.fields.get('last-modified')], ['"img"', date]);
	const again = await ask(layer(app), {
		url: '/image',
		fields: { 'If-None-Match': '"img"', 'If-Modified-Since': date },
	});
	assert.equal(again.status, 304);
	assert.deepEqual([again.fields.get('etag'), again.fields.get('vary')], ['"img"', 'Cookie']);
	assert.deepEqual(asked.at(-1), { none: '"img"', since: date, match: null });
	assert.equal((await ask(layer(app), { url: '/image', fields: { 'If-Modified-Since': date } })).status, 304);
});

test('pages chosen by other request fields or parameters have other tags', async () => {
	const { app } = upstream({ ETag: '"abc"' });
	const themer = fakeThemer({ varies: ['X-Site'] });
	const [a, b] = [await tagOf(app, themer, { 'X-Site': 'a' }), await tagOf(app, themer, { 'X-Site': 'b' })];
	assert.notEqual(a, b);
	const answer = await ask(watched(themer).layer(app), { fields: { 'X-Site': 'b', 'If-None-Match': a } });
	assert.equal(answer.status, 200);
	const first = await ask(watched(themer, { parameters: { mode: 'x' } }).layer(app));
	const second = await ask(watched(themer, { parameters: { mode: 'y' } }).layer(app));
	assert.notEqual(first.fields.get('etag'), second.fields.get('etag'));
});

test('a cache that holds the fragment is not told that it holds the page', async () => {
	const { app } = upstream({ ETag: '"abc"', 'Last-Modified': 'Tue, 03 Jun 2025 10:00:00 GMT' });
	const { layer } = watched(fakeThemer());
	const fragment = await ask(layer(app), { fields: { 'HX-Request': 'true' } });
	const tag = fragment.fields.get('etag') ?? '';
	assert.equal(tag, '"abc+ts.off"');
	assert.equal((await ask(layer(app), { fields: { 'If-None-Match': tag } })).status, 200);
	const again = await ask(layer(app), { fields: { 'HX-Request': 'true', 'If-None-Match': tag } });
	assert.deepEqual([again.status, again.fields.get('etag')], [304, tag]);
	const page = (await ask(layer(app))).fields.get('etag') ?? '';
	assert.equal((await ask(layer(app), { fields: { 'HX-Request': 'true', 'If-None-Match': page } })).status, 200);
});

test('a page that passed by the rules is asked for again when they change', async () => {
	const { app } = upstream({ ETag: '"abc"' });
	const unthemed = fakeThemer({ page: { end: () => ({ text: '', themed: false, warnings: [] }) } });
	for (const themer of [unthemed, fakeThemer({ begin: () => null })]) {
		const tag = await tagOf(app, themer);
		assert.match(tag, /^"abc\+ts\./);
		const same = await ask(watched(themer).layer(app), { fields: { 'If-None-Match': tag } });
		assert.equal(same.status, 304);
		const other = await ask(watched(fakeThemer({ revision: 'r2' })).layer(app), { fields: { 'If-None-Match': tag } });
		assert.equal(other.status, 200);
	}
});

test('a page that was skipped for once is themed at the next visit', async () => {
	const { app } = upstream({ ETag: '"abc"' });
	let fails = true;
	const themer = fakeThemer({
		page: {
			write: () => {
				if (fails) throw new Error('once');
				return '';
			},
		},
	});
	const { layer } = watched(themer);
	const first = await ask(layer(app));
	assert.equal(await first.text(), '<p>');
	fails = false;
	const second = await ask(layer(app), { fields: { 'If-None-Match': first.fields.get('etag') ?? '' } });
	assert.equal(second.status, 200);
});

test('If-Match is about the content, whatever theme it was seen in', async () => {
	const { app, asked } = upstream({ ETag: '"abc"' });
	const old = await tagOf(app, fakeThemer({ revision: 'old' }));
	await ask(watched(fakeThemer()).layer(app), { method: 'PUT', body: 'x', fields: { 'If-Match': `"x", ${old}` } });
	assert.equal(asked.at(-1)?.match, '"x", "abc"');
});

test('If-None-Match with a star, and tags that merely look alike, are left as they are', async () => {
	const { app, asked } = upstream({ ETag: '"abc"' });
	for (const none of ['*', '"a+b"', 'W/"x+t.y"', '"a+tx.b"']) {
		await ask(watched(fakeThemer()).layer(app), { fields: { 'If-None-Match': none } });
		assert.equal(asked.at(-1)?.none, none);
	}
});
