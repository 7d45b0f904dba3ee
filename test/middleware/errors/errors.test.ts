/** What is thrown within is logged once and answered as the table of errors says, and nobody outside learns more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	Abort,
	type App,
	Disconnected,
	HttpError,
	lint,
	ProtocolError,
	partsOf,
	respond,
	stack,
	UpstreamError,
} from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { type ErrorsOptions, errors } from '../../../src/middleware/errors/index.ts';
import { requestId } from '../../../src/middleware/request-id/index.ts';
import { failing, remembering, strays, throwing } from './failing.ts';

const secret = new Error('the password is hunter2');
const html = { Accept: 'text/html' };

for (const [how, app] of Object.entries(failing(secret))) {
	test(`an app that ${how} is answered 500 and logged once, with the request's id`, async () => {
		const { log, entries } = remembering();
		const layered = stack(requestId(), errors({ log }))(app);
		const answer = await ask(layered, '/path?token=abc');
		assert.equal(answer.status, 500);
		assert.equal(answer.error, undefined, 'the engine has seen no error');
		const id = answer.fields.get('x-request-id');
		assert.deepEqual(entries, [
			{ level: 'error', message: 'A request failed', id, method: 'GET', path: '/path', status: 500, error: secret },
		]);
		const text = await answer.text();
		assert.doesNotMatch(text, /hunter2|errors\.test/);
		assert.deepEqual(JSON.parse(text), {
			type: 'about:blank',
			title: 'Internal Server Error',
			status: 500,
			requestId: id,
		});
		assert.equal(answer.fields.get('content-type'), 'application/problem+json');
		assert.equal(answer.fields.get('cache-control'), 'no-store');
		assert.equal(answer.fields.get('vary'), 'Accept');
	});
}

test('what is answered is passed on untouched, errors among it, and at once', async () => {
	const { log, entries } = remembering();
	const answered = respond(500, { 'X-Own': 'yes' }, 'my own page');
	const app = errors({ log })(() => answered);
	const { request, context } = exchange(app);
	assert.equal(app(request, context), answered);
	assert.deepEqual(entries, []);
});

const forms: readonly [accept: string | null, form: 'html' | 'json'][] = [
	[null, 'json'],
	['', 'json'],
	['*/*', 'json'],
	['text/html', 'html'],
	['TEXT/HTML', 'html'],
	['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', 'html'],
	['text/html;q=0.5, application/json', 'json'],
	['text/html, application/json;q=0.5', 'html'],
	['text/html;q=0.5, application/problem+json;q=0.4', 'html'],
	['text/html, application/json', 'json'],
	['text/html;q=0, */*', 'json'],
	['text/*', 'html'],
	['application/*', 'json'],
	['image/png', 'json'],
	['image/avif,image/webp,*/*;q=0.8', 'json'],
	['*/*, text/html', 'html'],
	['text/html;q=nonsense', 'json'],
];
for (const [accept, form] of forms) {
	test(`Accept ${accept ?? '(none)'} is answered in ${form}`, async () => {
		const fields = accept === null ? {} : { Accept: accept };
		const answer = await ask(errors({ log: false })(throwing(secret)), { fields });
		const type = form === 'html' ? 'text/html; charset=utf-8' : 'application/problem+json';
		assert.equal(answer.fields.get('content-type'), type);
	});
}

interface Row {
	readonly error: unknown;
	readonly status: number;
	readonly level: string | null;
	readonly fields?: Readonly<Record<string, string>>;
}
const table: readonly Row[] = [
	{ error: new HttpError(404), status: 404, level: null },
	{
		error: new HttpError(401, { fields: { 'WWW-Authenticate': 'Basic realm="a"' } }),
		status: 401,
		level: null,
		fields: { 'www-authenticate': 'Basic realm="a"' },
	},
	{
		error: new HttpError(503, { fields: { 'Retry-After': '7', 'Cache-Control': 'max-age=1' } }),
		status: 503,
		level: 'error',
		fields: { 'retry-after': '7', 'cache-control': 'max-age=1' },
	},
	{
		error: new UpstreamError('connection_refused', { message: secret.message }),
		status: 502,
		level: 'warn',
		fields: { 'proxy-status': 'turnabout; error=connection_refused' },
	},
	{ error: new UpstreamError('http_response_timeout'), status: 504, level: 'warn' },
	{
		error: new ProtocolError({ side: 'remote', code: 'X', status: 413, message: secret.message }),
		status: 413,
		level: 'debug',
		fields: { connection: 'close' },
	},
	{ error: new ProtocolError({ side: 'local', code: 'X', message: secret.message }), status: 500, level: 'error' },
	{ error: new HttpError(500, { message: secret.message }), status: 500, level: 'error' },
	{ error: secret.message, status: 500, level: 'error' },
	{ error: null, status: 500, level: 'error' },
	{ error: undefined, status: 500, level: 'error' },
	{ error: { status: 404, message: secret.message }, status: 500, level: 'error' },
];
for (const { error, status, level, fields = {} } of table) {
	test(`${error instanceof Error ? error.name : JSON.stringify(error)} is answered ${status} and logged as ${level ?? 'nothing'}`, async () => {
		for (const accept of ['text/html', 'application/json']) {
			const { log, entries } = remembering();
			const answer = await ask(errors({ log })(throwing(error)), { fields: { Accept: accept } });
			assert.equal(answer.status, status);
			assert.deepEqual(
				entries.map((entry) => entry.level),
				level === null ? [] : [level],
			);
			for (const [name, value] of Object.entries(fields)) assert.equal(answer.fields.get(name), value);
			assert.doesNotMatch(await answer.text(), /hunter2/);
		}
	});
}

test('an HttpError says what it exposes, escaped for the form', async () => {
	const message = `no <b>"such"</b> & 'thing'`;
	const app = errors({ log: false })(throwing(new HttpError(422, { message })));
	const page = await (await ask(app, { fields: html })).text();
	assert.match(page, /no &lt;b&gt;&quot;such&quot;&lt;\/b&gt; &amp; &#39;thing&#39;/);
	assert.doesNotMatch(page, /<b>/);
	const problem = JSON.parse(await (await ask(app)).text()) as { detail: string };
	assert.equal(problem.detail, message);
	const exposed = new HttpError(500, { message: 'planned', expose: true });
	assert.match(await (await ask(errors({ log: false })(throwing(exposed)))).text(), /planned/);
});

test('an exposed message that says what it is written in is sent as it is', async () => {
	const error = new HttpError(409, { message: '{"mine":1}', fields: { 'Content-Type': 'application/json' } });
	const answer = await ask(errors()(throwing(error)));
	assert.equal(answer.fields.get('content-type'), 'application/json');
	assert.equal(await answer.text(), '{"mine":1}\n');
});

test('fields of an error that describe some other body do not describe ours', async () => {
	const fields = { 'Content-Length': '7', 'Content-Encoding': 'gzip', 'Content-Type': 'text/plain' };
	const answer = await ask(errors({ log: false })(throwing(new HttpError(500, { fields }))));
	assert.equal(answer.status, 500);
	assert.equal(answer.fields.get('content-encoding'), null);
	assert.match(await answer.text(), /Internal Server Error/);
});

test('the page in HTML names the request', async () => {
	const answer = await ask(stack(requestId(), errors({ log: false }))(throwing(secret)), { fields: html });
	const id = answer.fields.get('x-request-id') as string;
	assert.match(await answer.text(), new RegExp(`Reference: ${id}`));
});

test('HEAD gets the head alone', async () => {
	const answer = await ask(lint(errors({ log: false })(throwing(secret))), { method: 'HEAD', fields: html });
	assert.equal(answer.status, 500);
	assert.equal(answer.fields.get('content-type'), 'text/html; charset=utf-8');
	assert.equal(answer.payload, null);
});

for (const error of [new Abort(), new Disconnected()]) {
	for (const [how, app] of Object.entries(failing(error))) {
		test(`${error.name} passes through and is never logged: the app ${how}`, async () => {
			const { log, entries } = remembering();
			const page = (): never => assert.fail('no page is asked for');
			await assert.rejects(ask(errors({ log, page })(app)), (thrown) => thrown === error);
			assert.deepEqual(entries, []);
		});
	}
}

test('an app that returns no response is answered 500', async () => {
	const returns: readonly unknown[] = [undefined, null, 'text', {}, Response.error()];
	for (const value of returns) {
		const { log, entries } = remembering();
		const answer = await ask(errors({ log })((() => value) as unknown as App));
		assert.equal(answer.status, 500);
		assert.equal(entries.length, 1);
		assert.match(await answer.text(), /about:blank/);
	}
});

const logs: Readonly<Record<string, () => unknown>> = {
	throws: () => {
		throw new Error('full');
	},
	rejects: () => Promise.reject(new Error('full')),
	'gives a strange thenable': () => ({
		// biome-ignore lint/suspicious/noThenProperty: strange on purpose
		// oxlint-disable-next-line unicorn/no-thenable -- strange on purpose
		then: () => {
			throw new Error('full');
		},
	}),
};
for (const [how, log] of Object.entries(logs)) {
	test(`a log that ${how} changes nothing`, async () => {
		const stray = await strays(async () => {
			const answer = await ask(errors({ log: log as NonNullable<ErrorsOptions['log']> })(throwing(secret)));
			assert.equal(answer.status, 500);
		});
		assert.deepEqual(stray, []);
	});
}

test('a logger is told by level, with the error as pino wants it', async () => {
	const told: unknown[] = [];
	class Logger {
		readonly name = 'mine';
		error(entry: object, message: string): void {
			told.push([this.name, 'error', entry, message]);
		}
		warn(entry: object, message: string): void {
			told.push([this.name, 'warn', entry, message]);
		}
		debug(entry: object, message: string): void {
			told.push([this.name, 'debug', entry, message]);
		}
	}
	const upstream = new UpstreamError('dns_error');
	const remote = new ProtocolError({ side: 'remote', code: 'X' });
	for (const error of [secret, upstream, remote]) await ask(errors({ log: new Logger() })(throwing(error)), '/a?b');
	const common = { method: 'GET', path: '/a' };
	assert.deepEqual(told, [
		['mine', 'error', { ...common, status: 500, err: secret }, 'A request failed'],
		['mine', 'warn', { ...common, status: upstream.status, err: upstream }, 'A request failed'],
		['mine', 'debug', { ...common, status: 400, err: remote }, 'A request failed'],
	]);
});

test('layers within layers: the inner one answers, and it is logged once', async () => {
	const outer = remembering();
	const inner = remembering();
	const answer = await ask(stack(errors({ log: outer.log }), errors({ log: inner.log }))(throwing(secret)));
	assert.equal(answer.status, 500);
	assert.deepEqual([outer.entries.length, inner.entries.length], [0, 1]);
});

const bad: readonly [options: unknown, message: RegExp][] = [
	[null, /the options are no object/],
	[{ pages: () => null }, /errors: pages: no such option; .*did you mean page\?/],
	[{ log: 'stderr' }, /errors: log must be a function, a logger with error, warn and debug, or false/],
	[{ log: { error() {} } }, /errors: log must be/],
	[{ page: '<h1>' }, /errors: page must be a function, not "<h1>"/],
	[{ development: 'yes' }, /errors: development must be true or false, not "yes"/],
];
for (const [options, message] of bad) {
	test(`refused: ${JSON.stringify(options)}`, () => {
		assert.throws(() => errors(options as ErrorsOptions), { name: 'TypeError', message });
	});
}

test('explain says in which form a failure would be answered', async () => {
	const [part] = partsOf(errors({ page: () => null })(throwing(secret)));
	const { request, context } = exchange(() => respond(200), { fields: html });
	const explanation = await part?.composition?.note.explain?.(request, context);
	assert.match(
		explanation?.does.join() ?? '',
		/^Answers what fails within as HTML, unless the page of the configuration says otherwise\./,
	);
});
