/** `turnabout check` and `turnabout explain` before anything else: what cannot be meant is refused, and nothing is made. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Ended, project, ROOT, run, start } from './command-process.ts';

const quick = { timeout: 40_000 };
const INDEX = pathToFileURL(join(ROOT, 'dist/index.js')).href;
const SECRET = 'a secret that is long enough to be one';
const imports = (names: string): string => `import { ${names} } from '${INDEX}';\n`;
const app = (names: string, layers: string): string =>
	`${imports(`${names}, stack`)}export default stack(${layers})(() => new Response('hello'));`;

interface Project {
	readonly cwd: string;
	readonly run: (...args: readonly string[]) => Promise<Ended>;
}

function given(t: TestContext, files: Readonly<Record<string, string>>): Project {
	const cwd = project(t, files);
	return { cwd, run: (...args) => run(t, args, { cwd }) };
}

test('check takes an app of a module, as serve does', quick, async (t) => {
	const { run } = given(t, { 'app.js': app('requestId, errors', 'requestId(), errors()') });
	const { status, stdout, stderr } = await run('check', 'app.js');
	assert.deepEqual([status, stdout, stderr], [0, 'app.js is valid: an app, for `turnabout serve app.js`\n', '']);
});

test(
	'an order that cannot be meant is refused with the file, by all commands alike, on standard error',
	quick,
	async (t) => {
		const layers = `csrf(), sessions({ secret: '${SECRET}' })`;
		const { run } = given(t, {
			'app.js': app('csrf, sessions', layers),
			'turnabout.config.js': `import app from './app.js'; export default { listen: 0, app };`,
		});
		for (const [args, file] of [
			[['check', 'app.js'], 'app.js'],
			[['check'], 'turnabout.config.js'],
			[['run'], 'turnabout.config.js'],
			[['serve', 'app.js', '--listen', '0'], 'app.js'],
			[['explain', 'GET', '/', 'app.js'], 'app.js'],
			[['explain', 'GET', '/'], 'turnabout.config.js'],
		] as const) {
			const { status, stdout, stderr } = await run(...args);
			assert.deepEqual([status, stdout], [1, ''], args.join(' '));
			assert.ok(
				stderr.startsWith(`turnabout: ${file}: the order of the layers cannot be meant: csrf: put sessions`),
				stderr,
			);
			assert.match(stderr, /\n {2}The first layer of a stack is the outermost/);
		}
	},
);

test('options that cannot be meant are refused at the line that gives them', quick, async (t) => {
	const { run } = given(t, { 'app.js': app('rateLimit', "\n  rateLimit({ limt: '1/s' })") });
	const { status, stdout, stderr } = await run('check', 'app.js');
	assert.deepEqual([status, stdout], [1, '']);
	assert.match(
		stderr,
		/^turnabout: app\.js:3:3: TypeError: rateLimit: limt: no such option; .*did you mean limit\?\n {2}That is the call; what it takes/,
	);
});

test('everything that is wrong is told at once', quick, async (t) => {
	const layers = `csrf(), sessions({ store: sqliteSessions('none/s.db') }), accessLog({ to: 'none/a.log' })`;
	const { run } = given(t, { 'app.js': app('accessLog, csrf, sessions, sqliteSessions', layers) });
	const { status, stderr } = await run('check', 'app.js');
	assert.equal(status, 1);
	assert.match(
		stderr,
		/^turnabout: app\.js:\n {2}the order .*\n {2}sqliteSessions: path "none\/s\.db": ENOENT.*\n {2}accessLog: to: "none\/a\.log" cannot be opened: ENOENT.*\n/,
	);
});

test('neither check nor explain makes the files of logs and databases', quick, async (t) => {
	const layers = `accessLog({ to: 'a.log' }), sessions({ store: sqliteSessions('s.db') })`;
	const { cwd, run } = given(t, {
		'app.js': app('accessLog, sessions, sqliteSessions', layers),
		'turnabout.config.js': `import app from './app.js'; export default { app, accessLog: 'own.log' };`,
	});
	const before = readdirSync(cwd).toSorted();
	for (const args of [['check', 'app.js'], ['check'], ['explain', 'GET', '/'], ['explain', 'GET', '/', 'app.js']]) {
		assert.equal((await run(...args)).status, 0, args.join(' '));
	}
	assert.deepEqual(readdirSync(cwd).toSorted(), before);
});

test("a configuration's own access log is tried as well", quick, async (t) => {
	const { run } = given(t, { 'c.js': `export default { app: () => new Response(), accessLog: 'none/own.log' };` });
	const { status, stderr } = await run('check', 'c.js');
	assert.equal(status, 1);
	assert.match(stderr, /^turnabout: c\.js: accessLog: to: "none\/own\.log" cannot be opened: ENOENT/);
});

test(
	'client certificates that no listener asks for are refused by a configuration; of a module nobody knows',
	quick,
	async (t) => {
		const { run } = given(t, {
			'app.js': app('clientCertificate', 'clientCertificate()'),
			'c.js': `import app from './app.js'; export default { listen: 0, app };`,
			'optional.js': app('clientCertificate', 'clientCertificate({ optional: true })'),
			'o.js': `import app from './optional.js'; export default { listen: 0, app };`,
		});
		assert.equal((await run('check', 'app.js')).status, 0);
		assert.equal((await run('check', 'o.js')).status, 0);
		for (const command of ['check', 'run']) {
			const { status, stderr } = await run(command, 'c.js');
			assert.equal(status, 1);
			assert.match(
				stderr,
				/^turnabout: c\.js: clientCertificate: no listener asks for client certificates.*clientAuthorities/,
			);
		}
	},
);

test('several workers with sessions in the memory of each are refused', quick, async (t) => {
	const { run } = given(t, {
		'app.js': app('memorySessions, sessions', 'sessions({ store: memorySessions() })'),
		'c.js': `import app from './app.js'; export default { listen: 0, workers: 2, app };`,
	});
	assert.equal((await run('check', 'app.js')).status, 0);
	for (const args of [
		['check', 'c.js'],
		['run', 'c.js'],
		['serve', 'app.js', '--workers', '2', '--listen', '0'],
	]) {
		const { status, stderr } = await run(...args);
		assert.equal(status, 1, stderr);
		assert.match(stderr, /(?:c|app)\.js: sessions: the store is in the memory of one process, and 2 answer/);
	}
});

test('several workers that each count for themselves are warned of once, and served', quick, async (t) => {
	const { cwd, run } = given(t, {
		'app.js': app('rateLimit', "rateLimit({ limit: '1000/s' })"),
		'c.js': `import app from './app.js'; export default { listen: '127.0.0.1:0', workers: 2, app };`,
	});
	const { status, stdout, stderr } = await run('check', 'c.js');
	assert.equal(status, 0);
	assert.match(stderr, /^turnabout: warn: c\.js: rateLimit: each of 2 processes counts for itself.*\n$/);
	assert.match(stdout, /^c\.js is valid: 2 workers/);
	const started = start(t, ['run', 'c.js'], { cwd });
	await started.listening();
	started.signal('SIGTERM');
	const ended = await started.ended;
	assert.equal(ended.status, 0);
	assert.equal(ended.stderr.split('rateLimit: each of 2 processes').length, 2, ended.stderr);
});
