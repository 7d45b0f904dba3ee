import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, FIXTURES, project, run, start } from './command-process.ts';

const CONFIG = `
import { defineConfig, reverse, stack } from 'turnabout';
import type { Middleware } from 'turnabout';

const named: Middleware = (next) => async (request, context) => {
	const response = await next(request, context);
	response.headers.set('x-layer', 'named');
	return response;
};

export default defineConfig({ listen: '127.0.0.1:0', app: stack(named)(() => new Response('configured')), limits: { target: 100 } });
export const unused = reverse;
`;

test('run serves turnabout.config.ts of the current folder, with turnabout imported from where it is installed', {
	timeout: 30_000,
}, async (t) => {
	const started = start(t, ['run'], { cwd: project(t, { 'turnabout.config.ts': CONFIG }) });
	const [url = ''] = await started.listening();
	const answer = await ask(url);
	assert.equal(answer.body, 'configured');
	assert.equal(answer.headers['x-layer'], 'named');
	started.signal('SIGTERM');
	assert.equal((await started.ended).status, 0);
});

test('a configuration inside this package imports turnabout by self-reference, and listens on several places', {
	timeout: 30_000,
}, async (t) => {
	const started = start(t, ['run', join(FIXTURES, 'turnabout.config.ts')]);
	const urls = await started.listening(2);
	assert.equal(new Set(urls).size, 2);
	for (const url of urls) assert.match((await ask(url, '/x')).body, /^hello from \d+ at \/x$/);
});

test('the other endings are found as well', { timeout: 30_000 }, async (t) => {
	for (const ending of ['mts', 'js', 'mjs']) {
		const folder = project(t, {
			[`turnabout.config.${ending}`]: 'export default { listen: 0, app: () => new Response("ok") };',
		});
		const { status, stdout } = await run(t, ['check'], { cwd: folder });
		assert.equal(status, 0);
		assert.equal(stdout, `turnabout.config.${ending} is valid: on 127.0.0.1:0\n`);
	}
});

test('a configuration with imports is one whatever "type" the folder has, and what it imports is read alike', {
	timeout: 30_000,
}, async (t) => {
	const folder = project(t, {
		'package.json': '{ "type": "commonjs" }',
		'turnabout.config.ts':
			"import { defineConfig } from 'turnabout';\nimport { app } from './app.ts';\nexport default defineConfig({ listen: 0, app });",
		'app.ts': "import plain from './plain.js';\nexport const app = (): Response => new Response(plain.text);",
		'plain.js': "module.exports = { text: 'from CommonJS' };",
	});
	const started = start(t, ['run'], { cwd: folder });
	const [url = ''] = await started.listening();
	assert.equal((await ask(url)).body, 'from CommonJS');
	started.signal('SIGTERM');
	assert.equal((await started.ended).status, 0);
});

test('check says what would be done, and listens and starts nothing', { timeout: 30_000 }, async (t) => {
	const folder = project(t, {
		'turnabout.config.ts': `
			import { writeFileSync } from 'node:fs';
			export default {
				listen: ['8080', { address: ':9090' }],
				workers: 2,
				app: () => new Response(),
				resources: [{ start: () => writeFileSync('started', '') }],
			};`,
	});
	const { status, stdout, stderr } = await run(t, ['check'], { cwd: folder });
	assert.deepEqual(
		{ status, stdout, stderr },
		{
			status: 0,
			stdout: 'turnabout.config.ts is valid: 2 workers on 127.0.0.1:8080, :9090\n',
			stderr: '',
		},
	);
	assert.equal(existsSync(join(folder, 'started')), false);
});

test('run and check refuse a configuration in the same words, all faults at once', { timeout: 30_000 }, async (t) => {
	const folder = project(t, {
		'turnabout.config.ts':
			'export default { listn: 1, listen: "nowhere", app: 5, workers: 0, limits: { targt: 1 }, drain: "10s" };',
	});
	const results = [await run(t, ['run'], { cwd: folder }), await run(t, ['check'], { cwd: folder })];
	for (const { status, stdout, stderr } of results) {
		assert.equal(status, 1);
		assert.equal(stdout, '');
		assert.deepEqual(stderr.split('\n').slice(0, 7), [
			'turnabout: turnabout.config.ts:',
			'  listn: no such setting; did you mean listen?',
			'  app is 5, not a function or an object with fetch',
			'  listen "nowhere": the port is missing. For example nowhere:8080.',
			'  drain is "10s", not a number of milliseconds',
			'  workers is 0, not a whole number from 1 up',
			'  limits.targt: no such setting; did you mean target?',
		]);
	}
});

test('without a configuration it says what it looked for', { timeout: 30_000 }, async (t) => {
	const { status, stderr } = await run(t, ['run'], { cwd: project(t) });
	assert.equal(status, 1);
	assert.match(stderr, /^turnabout: there is no turnabout\.config\.ts here\n {2}Name the file: turnabout run FILE\./);
});

test('a configuration without a default export', { timeout: 30_000 }, async (t) => {
	const { status, stderr } = await run(t, ['check', 'c.ts'], { cwd: project(t, { 'c.ts': 'export const app = 1;' }) });
	assert.equal(status, 1);
	assert.match(stderr, /^turnabout: c\.ts has no default export\n {2}Write `export default defineConfig\(\{ app \}\)`/);
});

test('an error thrown by this package is shown at the line of the configuration that caused it', {
	timeout: 30_000,
}, async (t) => {
	const text = "import { reverse } from 'turnabout';\n\nexport default { app: reverse('not a url') };\n";
	const { status, stderr } = await run(t, ['check'], { cwd: project(t, { 'turnabout.config.ts': text }) });
	assert.equal(status, 1);
	assert.match(stderr, /^turnabout: turnabout\.config\.ts:3:23: TypeError: /);
});
