/** Pages of the configuration, and what becomes of those that fail themselves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpError, respond } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { type ErrorFacts, type ErrorPage, errors } from '../../../src/middleware/errors/index.ts';
import { remembering, strays, throwing } from './failing.ts';

const unauthorized = new HttpError(401, {
	message: 'who are you?',
	fields: ['WWW-Authenticate', 'Basic realm="a"', 'WWW-Authenticate', 'Bearer'],
});

test('a page is told what it may say', async () => {
	const told: ErrorFacts[] = [];
	const page: ErrorPage = (facts, request, context) => {
		assert.equal(request.target, '/x');
		assert.equal(context.mount, '');
		told.push(facts);
		return null;
	};
	await ask(errors({ page })(throwing(unauthorized)), { target: '/x', fields: { Accept: 'text/html' } });
	assert.deepEqual(told, [
		{ status: 401, title: 'Unauthorized', detail: 'who are you?', id: null, wants: 'html', error: unauthorized },
	]);
});

const pages: Readonly<Record<string, ErrorPage>> = {
	'a response': ({ status }) => respond(status, { 'Content-Type': 'text/html' }, '<h1>mine</h1>'),
	'a native response': ({ status }) =>
		new Response('<h1>mine</h1>', { status, headers: { 'Content-Type': 'text/html' } }),
	text: () => '<h1>mine</h1>',
	'a promise of a response': async ({ status }) => respond(status, { 'Content-Type': 'text/html' }, '<h1>mine</h1>'),
	'a promise of text': async () => '<h1>mine</h1>',
};
for (const [what, page] of Object.entries(pages)) {
	test(`a page can be ${what}; what the error has to say in fields is said with it`, async () => {
		const answer = await ask(errors({ page })(throwing(unauthorized)));
		assert.equal(answer.status, 401);
		assert.match(answer.fields.get('content-type') ?? '', /^text\/html/);
		assert.deepEqual(answer.fields.all('www-authenticate'), ['Basic realm="a"', 'Bearer']);
		assert.equal(await answer.text(), '<h1>mine</h1>');
	});
}

test('a page that says something in a field is not contradicted', async () => {
	const page: ErrorPage = () => respond(401, { 'WWW-Authenticate': 'Digest' });
	const answer = await ask(errors({ page })(throwing(unauthorized)));
	assert.deepEqual(answer.fields.all('www-authenticate'), ['Digest']);
});

const broken = new Error('the page broke');
const failures: Readonly<Record<string, ErrorPage>> = {
	throws: () => {
		throw broken;
	},
	rejects: () => Promise.reject(broken),
	'gives nothing': () => undefined as never,
	'promises nothing': async () => undefined as never,
	'gives what is no page': () => 42 as never,
	'gives a response that was read': async () => {
		const response = new Response('once');
		await response.text();
		return response;
	},
};
for (const [how, page] of Object.entries(failures)) {
	test(`a page that ${how} falls back to the built-in one, and both errors are logged`, async () => {
		const { log, entries } = remembering();
		const first = new Error('the first');
		const stray = await strays(async () => {
			const answer = await ask(errors({ log, page })(throwing(first)));
			assert.equal(answer.status, 500);
			assert.equal(answer.error, undefined);
			const text = await answer.text();
			assert.match(text, /Internal Server Error/);
			assert.doesNotMatch(text, /broke|first/);
		});
		assert.deepEqual(stray, []);
		assert.deepEqual(
			entries.map(({ level, message, status }) => [level, message, status]),
			[
				['error', 'A request failed', 500],
				['error', 'The page for an error failed', 500],
			],
		);
		assert.equal(entries[0]?.error, first);
	});
}
