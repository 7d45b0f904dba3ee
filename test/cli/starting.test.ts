import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask, FIXTURES, project, run, start } from './command-process.ts';

const HELLO = join(FIXTURES, 'hello.ts');

/** Runs it, expects status 1, and gives back what was said without the program's name. */
async function failure(t: TestContext, args: readonly string[], cwd?: string): Promise<string> {
	const { status, stdout, stderr } = await run(t, args, cwd === undefined ? {} : { cwd });
	assert.equal(status, 1, stderr);
	assert.equal(stdout, '');
	assert.match(stderr, /^turnabout: /);
	return stderr.slice('turnabout: '.length);
}

test('a port that is taken', { timeout: 30_000 }, async (t) => {
	const other = createServer().listen(0, '127.0.0.1');
	t.after(() => other.close());
	await new Promise((resolve) => other.once('listening', resolve));
	const { port } = other.address() as AddressInfo;
	for (const more of [[], ['--workers', '2']]) {
		const said = await failure(t, ['serve', HELLO, '--listen', `127.0.0.1:${port}`, ...more]);
		assert.match(
			said,
			new RegExp(
				`^cannot listen on 127\\.0\\.0\\.1:${port}: the port is taken \\(EADDRINUSE\\)\\n {2}Stop who listens`,
			),
		);
		assert.doesNotMatch(said, /listening on/);
	}
});

test('a taken port leaves none of the other listeners behind', { timeout: 30_000 }, async (t) => {
	const other = createServer().listen(0, '127.0.0.1');
	t.after(() => other.close());
	await new Promise((resolve) => other.once('listening', resolve));
	const socket = join(project(t), 'x.sock');
	await failure(t, [
		'serve',
		HELLO,
		'--listen',
		`unix:${socket}`,
		'--listen',
		String((other.address() as AddressInfo).port),
	]);
	assert.equal(existsSync(socket), false);
});

test('an address that this machine does not have', { timeout: 30_000 }, async (t) => {
	const said = await failure(t, ['serve', HELLO, '--listen', '192.0.2.1:0']);
	assert.match(said, /^cannot listen on 192\.0\.2\.1:0: this machine has no such address \(EADDRNOTAVAIL\)/);
});

test('a socket in a folder that does not exist', { timeout: 30_000 }, async (t) => {
	const said = await failure(t, ['serve', HELLO, '--listen', `unix:${join(project(t), 'none/x.sock')}`]);
	assert.match(said, /^cannot listen on unix:.*\/none\/x\.sock: .*\((ENOENT|EACCES)\)/);
});

test('a file that is not a socket is not replaced', { timeout: 30_000 }, async (t) => {
	const folder = project(t, { 'x.sock': 'precious' });
	const said = await failure(t, ['serve', HELLO, '--listen', 'unix:x.sock'], folder);
	assert.match(said, /^cannot listen on unix:x\.sock: the file exists and is not a socket\n {2}Choose another path/);
});

test('a socket on which another one listens is not taken over, and one left behind is', {
	timeout: 30_000,
}, async (t) => {
	const folder = project(t);
	const first = start(t, ['serve', HELLO, '--listen', 'unix:x.sock'], { cwd: folder });
	await first.listening();
	const said = await failure(t, ['serve', HELLO, '--listen', 'unix:x.sock'], folder);
	assert.match(said, /^cannot listen on unix:x\.sock: somebody listens there already/);
	first.signal('SIGKILL');
	await first.ended;
	assert.equal(existsSync(join(folder, 'x.sock')), true);
	const second = start(t, ['serve', HELLO, '--listen', 'unix:x.sock'], { cwd: folder });
	await second.listening();
	assert.equal((await ask(`unix:${join(folder, 'x.sock')}`)).status, 200);
	second.signal('SIGTERM');
	assert.equal((await second.ended).status, 0);
	assert.equal(existsSync(join(folder, 'x.sock')), false);
});

const urls: Readonly<Record<string, RegExp>> = {
	'localhost:3000': /^--to localhost:3000: not a URL\n {2}Did you mean http:\/\/localhost:3000\?/,
	'3000': /^--to 3000: not a URL\n {2}Did you mean http:\/\/127\.0\.0\.1:3000\?/,
	'ftp://example.org': /^--to ftp:\/\/example\.org: .*not by ftp:/,
	'http://': /^--to http:\/\/: Not an upstream URL/,
	'http://a b': /^--to http:\/\/a b: Not an upstream URL/,
	'http://a/?b': /^--to http:\/\/a\/\?b: .*no query/,
	'http://me:secret@a': /^--to http:\/\/…@a: .*credentials/,
	'unix:relative': /^--to unix:relative: Not a unix socket/,
};

for (const [url, said] of Object.entries(urls)) {
	test(`--to ${url} is refused`, { timeout: 30_000 }, async (t) => {
		assert.match(await failure(t, ['reverse', '--to', url, '--listen', '0']), said);
	});
}

test('a module that does not exist', { timeout: 30_000 }, async (t) => {
	const folder = project(t, { 'server.ts': 'export default () => new Response();' });
	assert.match(
		await failure(t, ['serve', './serve.ts'], folder),
		/^no such module: \.\/serve\.ts\n {2}Did you mean server\.ts\?/,
	);
	assert.match(await failure(t, ['serve', 'banana'], folder), /^no such module: banana\n {2}Looked for .*\/banana\./);
	assert.match(await failure(t, ['serve', 'node_modules'], folder), /^node_modules is a folder, not a module/);
});

test('a program that ends at once is told of by its last words, without a stack', { timeout: 30_000 }, async (t) => {
	const index = new URL('../../src/index.ts', import.meta.url).href;
	const text = `import { program } from '${index}';
export default program({ command: ['sh', '-c', 'echo no database >&2; exit 3'], name: 'shop' });`;
	const { status, stderr } = await run(t, ['serve', 'a.ts', '--listen', '0'], { cwd: project(t, { 'a.ts': text }) });
	assert.equal(status, 1);
	assert.equal(stderr, 'shop: no database\nturnabout: shop exited with status 3\nno database\n');
});

test('layers in an order that makes no sense are refused, with the reason', { timeout: 30_000 }, async (t) => {
	const index = new URL('../../dist/index.js', import.meta.url).href;
	const text = `import { csrf, sessions, stack } from '${index}';
const secret = 'a secret that is long enough to be one';
export default { app: stack(csrf(), sessions({ secret }))(() => new Response()) };`;
	const cwd = project(t, { 'turnabout.config.js': text });
	for (const command of ['run', 'check']) {
		const { status, stderr } = await run(t, [command], { cwd });
		assert.equal(status, 1);
		assert.match(
			stderr,
			/^turnabout: turnabout\.config\.js: the order of the layers cannot be meant: csrf: put sessions\(\.\.\.\) around it/,
		);
		assert.match(stderr, /The first layer of a stack is the outermost/);
	}
});

test('an access log that cannot be written', { timeout: 30_000 }, async (t) => {
	const said = await failure(t, ['serve', HELLO, '--listen', '0', '--access-log', 'none/access.log'], project(t));
	assert.match(said, /^cannot start: accessLog: to: "none\/access\.log" cannot be opened: ENOENT/);
});

/** Broken modules, and what is said about them. */
const modules: readonly (readonly [what: string, file: string, text: string, said: RegExp])[] = [
	[
		'without a default export',
		'a.ts',
		'export const x = 1;',
		/^a\.ts has no default export\n {2}Write `export default/,
	],
	['whose default export is no app', 'a.ts', 'export default 5;', /^a\.ts: the default export is no app/],
	[
		'whose default export is a framework that listens by itself',
		'a.ts',
		'export default Object.assign(() => {}, { listen() {}, use() {} });',
		/^a\.ts: the default export is an app for node:http\n {2}Wrap it: `export default fromNode\(app\)`/,
	],
	[
		'that is a configuration',
		'a.ts',
		'export default { app: () => new Response() };',
		/^a\.ts is a configuration, not an app\n {2}Run it: turnabout run a\.ts\./,
	],
	[
		'with a syntax error in TypeScript',
		'a.ts',
		'const a: number = 1;\nexport default { a,, };\n',
		/^a\.ts:2:20: SyntaxError: /,
	],
	[
		'with a syntax error in JavaScript',
		'a.mjs',
		'\nconst a = = 2;\n',
		/^a\.mjs:2:11: SyntaxError: Unexpected token '='/,
	],
	[
		'with an enum',
		'a.ts',
		'export default 1;\nenum E { A }\n',
		/^a\.ts:2:1: SyntaxError: .*enum.*\n {2}TypeScript is loaded by stripping its types/,
	],
	['that throws', 'a.ts', '\nfunction f(): never {\n\tthrow new Error("boom");\n}\nf();\n', /^a\.ts:3:8: Error: boom/],
	['that throws what is no error', 'a.mjs', 'throw 5;', /^a\.mjs: thrown: 5/],
	[
		'that imports what does not exist',
		'a.ts',
		'import "./none.ts";',
		/^no such module: .*\/none\.ts \(imported from .*\/a\.ts\)/,
	],
	[
		'that imports a name that is not there',
		'a.ts',
		'import { nothing } from "./b.js";',
		/^a\.ts:1:10: SyntaxError: .*'nothing'/,
	],
];

for (const [what, file, text, said] of modules) {
	test(`a module ${what}`, { timeout: 30_000 }, async (t) => {
		const folder = project(t, { 'b.js': 'export const x = 1;', [file]: text });
		assert.match(await failure(t, ['serve', file], folder), said);
	});
}

test('turnabout is missing where the configuration stands', { timeout: 30_000 }, async (t) => {
	const folder = project(t);
	writeFileSync(join(folder, 'package.json'), '{ "type": "module", "name": "elsewhere" }');
	writeFileSync(
		join(folder, 'turnabout.config.ts'),
		'import { defineConfig } from "turnabout-not-here"; export default 1;',
	);
	const said = await failure(t, ['run'], folder);
	assert.match(said, /^no such module: turnabout-not-here \(imported from .*turnabout\.config\.ts\)/);
});
