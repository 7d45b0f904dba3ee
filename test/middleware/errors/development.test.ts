/** The page for whoever writes the app: everything is shown, nothing is run, and no error can make it read other files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { HttpError } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { sourceLines } from '../../../src/middleware/errors/development/source-lines.ts';
import { stackFrames } from '../../../src/middleware/errors/development/stack-frames.ts';
import { errors } from '../../../src/middleware/errors/index.ts';
import { throwing } from './failing.ts';

async function page(error: unknown, fields: Readonly<Record<string, string>> = { Accept: 'text/html' }, target = '/') {
	const answer = await ask(errors({ development: true, log: false })(throwing(error)), { fields, target });
	return { answer, text: await answer.text() };
}

test('the page shows the message, the stack, and the line that threw, with its cause', async () => {
	const error = new Error('outer trouble', { cause: new TypeError('inner trouble') }); // the line that is shown
	const { answer, text } = await page(error);
	assert.equal(answer.status, 500);
	assert.match(text, /Error: outer trouble/);
	assert.match(text, /Caused by TypeError: inner trouble/);
	assert.match(text, /development\.test\.ts/);
	assert.match(text, /<mark> *\d+ {2}[^<]*the line that is shown<\/mark>/);
	assert.match(answer.fields.get('content-security-policy') ?? '', /default-src 'none'/);
});

test('programs get the stack as a member of the problem', async () => {
	const { text } = await page(new Error('trouble'), {});
	const problem = JSON.parse(text) as { detail: string; errors: { error: string; stack: string[] }[] };
	assert.equal(problem.detail, 'Error: trouble');
	assert.match(problem.errors[0]?.stack[0] ?? '', /^at .*development\.test\.ts/);
});

test('nothing in the page is markup but ours', async () => {
	const attack = `<script>alert(1)</script>" onload='x' &amp;`;
	const error = new Error(attack, { cause: attack });
	error.name = attack;
	const { text } = await page(error, { Accept: 'text/html' }, `/${attack.replaceAll(' ', '')}`);
	assert.doesNotMatch(text, /<script|alert\(1\)<|onload='/);
	assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot; onload=&#39;x&#39; &amp;amp;/);
});

test('a message that looks like a stack names no place', () => {
	const forged = 'bad\n    at steal (/etc/passwd:1:1)\n    at file:///etc/hosts:1:1';
	const frames = stackFrames(new Error(forged));
	assert.ok(frames.length > 0);
	assert.deepEqual(
		frames.filter(({ text }) => text.includes('etc')),
		[],
	);
	const changed = new Error(forged);
	assert.match(changed.stack ?? '', /passwd/, 'the stack is written by now');
	changed.message = 'something else';
	assert.deepEqual(stackFrames(changed), [], 'where the message ends cannot be told');
});

test('frames of every form are understood, and none that is none', () => {
	const error = new Error('x');
	error.stack = [
		'Error: x',
		'    at one (/srv/app/a.ts:10:5)',
		'    at async two (file:///srv/app/b%20c.ts:20:7)',
		'    at /srv/app/d.ts:30:1',
		'    at async file:///srv/app/e.ts:40:1',
		'    at Array.map (<anonymous>)',
		'    at node:internal/process/task_queues:104:5',
		'    at eval (eval at f (/srv/app/a.ts:1:1), <anonymous>:1:1)',
		'    at C (C:\\app\\f.ts:50:2)',
		'not a frame /srv/app/z.ts:1:1',
	].join('\n');
	assert.deepEqual(
		stackFrames(error).map(({ file, line }) => (file === null ? null : `${file} ${line}`)),
		[
			'/srv/app/a.ts 10',
			'file:///srv/app/b%20c.ts 20',
			'/srv/app/d.ts 30',
			'file:///srv/app/e.ts 40',
			null,
			null,
			null,
			'C:\\app\\f.ts 50',
		],
	);
});

function project(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	t.after(() => rmSync(folder, { recursive: true }));
	mkdirSync(join(folder, 'root', 'node_modules', 'x'), { recursive: true });
	const text = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`).join('\n');
	for (const name of ['root/app.ts', 'root/.env', 'root/node_modules/x/a.js', 'outside.ts'])
		writeFileSync(join(folder, name), text);
	symlinkSync(join(folder, 'outside.ts'), join(folder, 'root', 'link.ts'));
	return folder;
}

test('source code of the project is read around the place, and nothing else', (t) => {
	const folder = project(t);
	const root = join(folder, 'root');
	const shown = (name: string, line: number): number[] | null =>
		sourceLines(join(root, name), line, root)?.map(({ number }) => number) ?? null;
	assert.deepEqual(shown('app.ts', 10), [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
	assert.deepEqual(shown('app.ts', 1), [1, 2, 3, 4, 5, 6]);
	assert.deepEqual(shown('app.ts', 30), [25, 26, 27, 28, 29, 30]);
	const none: readonly [string, number][] = [
		['app.ts', 0],
		['app.ts', 31],
		['.env', 1],
		['node_modules/x/a.js', 1],
		['link.ts', 1],
		['../outside.ts', 1],
		['missing.ts', 1],
	];
	for (const [name, line] of none) assert.equal(shown(name, line), null, name);
	assert.equal(sourceLines('/etc/passwd', 1, '/'), null, 'not even where everything is the project');
});

test('an HttpError is shown in full, too, with its status and fields', async () => {
	const { answer, text } = await page(new HttpError(405, { message: 'no', fields: { Allow: 'GET' } }));
	assert.equal(answer.status, 405);
	assert.equal(answer.fields.get('allow'), 'GET');
	assert.match(text, /HttpError: no/);
});

const strange: Readonly<Record<string, unknown>> = {
	nothing: undefined,
	'a symbol': Symbol('x'),
	'an object without a prototype': Object.create(null),
	'an error whose parts throw': Object.defineProperties(new Error('x'), {
		message: {
			get: () => {
				throw new Error('message');
			},
		},
		stack: {
			get: () => {
				throw new Error('stack');
			},
		},
		cause: {
			get: () => {
				throw new Error('cause');
			},
		},
	}),
	'an error that causes itself': Object.assign(new Error('round'), { cause: null as unknown }),
};
(strange['an error that causes itself'] as { cause: unknown }).cause = strange['an error that causes itself'];
for (const [what, error] of Object.entries(strange)) {
	test(`${what} can be shown and logged`, async (t) => {
		const written: string[] = [];
		t.mock.method(process.stderr, 'write', (text: string) => written.push(text) > 0);
		for (const fields of [{ Accept: 'text/html' }, {}]) {
			const answer = await ask(errors({ development: true })(throwing(error)), { fields });
			assert.equal(answer.status, 500);
			assert.ok((await answer.text()).length > 0);
		}
		assert.equal(written.length, 2);
	});
}

test('development is refused in production', () => {
	const errorsUrl = new URL('../../../src/middleware/errors/index.ts', import.meta.url).href;
	const script = `import { errors } from ${JSON.stringify(errorsUrl)}; errors({ development: true });`;
	const run = (mode: string) =>
		spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
			env: { ...process.env, NODE_ENV: mode },
			encoding: 'utf8',
		});
	const refused = run('production');
	assert.equal(refused.status, 1);
	assert.match(refused.stderr, /TypeError: errors: development must not be true where NODE_ENV is production/);
	assert.equal(run('development').status, 0);
});
