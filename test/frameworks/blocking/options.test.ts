/** What is wrong with options and modules, in words, before anything is served. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ThreadsOptions, threads } from '../../../src/frameworks/blocking/index.ts';
import { blocking, reply, sleep } from '../../../src/frameworks/blocking/thread/index.ts';
import { StartError, serve } from '../../../src/serve/index.ts';
import { callable } from './site.ts';

test('bad options are refused when the app is made', () => {
	const cases: readonly (readonly [unknown, RegExp])[] = [
		[{ threads: 0 }, /option threads is 0, not a whole number from 1 to 1024/],
		[{ threads: 'many' }, /option threads is "many"/],
		[{ threads: Number.NaN }, /option threads is NaN/],
		[{ queue: -1 }, /option queue is -1, not a whole number from 0 up/],
		[{ queue: 1.5 }, /option queue is 1.5/],
		[{ deadline: '30s' }, /option deadline is "30s", not a number of milliseconds/],
		[{ wait: null }, /option wait is null/],
		[{ memory: 1 }, /option memory is 1, not a whole number of megabytes from 8 up/],
		[{ upstream: 7 }, /option upstream is 7/],
		[{ log: 'stderr' }, /option log is "stderr", not a function/],
		[{ thread: 4 }, /no option thread; .*did you mean threads\?/],
	];
	for (const [options, message] of cases) {
		assert.throws(() => threads(callable('quick'), options as ThreadsOptions), message);
	}
});

test('a module that is not there is refused when the app is made', () => {
	assert.throws(() => threads(callable('absent')), /no such module: .*absent\.ts/);
	assert.throws(() => threads(new URL('./', import.meta.url)), /is a folder, not a module/);
	assert.throws(() => threads('./quick.ts'), /neither a file: URL nor an absolute path.*import\.meta\.url/);
	assert.throws(() => threads('https://a.example/b.ts'), /neither a file: URL/);
});

async function moduleOf(t: TestContext, text: string): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'blocking-'));
	t.after(() => rm(folder, { recursive: true }));
	const file = join(folder, 'app.mts');
	await writeFile(file, text);
	return file;
}

test('a module that cannot be loaded, or exports no callable, fails the start with its file and the reason', async (t) => {
	const cases: readonly (readonly [string, RegExp])[] = [
		['export const x = 1;', /app\.mts: there is no default export/],
		['export default () => 1;', /app\.mts: the default export was not made by blocking/],
		["throw new RangeError('not today');", /app\.mts: RangeError: not today \(.*app\.mts:1:7\)/],
		['export default (', /app\.mts: SyntaxError/],
		["import './missing.ts';", /app\.mts: Error: Cannot find module .*missing\.ts/],
		['enum A { B }', /app\.mts: SyntaxError: .*enum/],
		['process.exit(5);', /app\.mts: it ended with status 5 before it was ready/],
		['await new Promise(() => {});', /app\.mts: it ended with status 13 before it was ready/],
	];
	for (const [text, message] of cases) {
		const app = threads(await moduleOf(t, text), { threads: 2 });
		for (const attempt of [app.start, app.check]) {
			await assert.rejects(attempt(), (error: unknown) => {
				assert.ok(error instanceof StartError, text);
				assert.match(error.message, message);
				return true;
			});
		}
		assert.equal(app.statistics().threads, 0, text);
		await assert.rejects(serve({ app, listen: '127.0.0.1:0' }), StartError);
	}
});

test('what goes wrong most often comes with a hint', async (t) => {
	const file = await moduleOf(t, 'export default 1; enum A { B }');
	await assert.rejects(threads(file).check(), { hint: /without enums/ });
	await writeFile(file.replace('app.mts', 'package.json'), '{ "type": "commonjs" }');
	const common = file.replace('app.mts', 'app.ts');
	for (const text of ["import 'node:fs';", 'export default 1;']) {
		await writeFile(common, text);
		await assert.rejects(threads(common).check(), { hint: /package\.json says that this is CommonJS/ });
	}
});

test('serve starts the threads and stops them, check only tries', async () => {
	const app = threads(callable('quick'), { threads: 2 });
	await app.check();
	assert.equal(app.statistics().threads, 0);
	const running = await serve({ app, listen: '127.0.0.1:0' });
	assert.equal(app.statistics().threads, 2);
	const answer = await fetch(running.urls[0] as string);
	assert.equal(await answer.text(), 'hello');
	await running.stop();
	assert.equal(app.statistics().threads, 0);
});

test('what a callable is made of is checked where it is made', () => {
	assert.throws(() => blocking('no' as never), /blocking takes a function/);
	assert.throws(() => reply(101), /Not a final status: 101/);
	assert.throws(() => reply(200, { 'a b': 'c' }), TypeError);
	assert.throws(() => reply(200, {}, 7 as never), /A body is null, a string, bytes or an iterable/);
	assert.throws(() => sleep(1), /call it in a module that is run by threads/);
	assert.throws(() => sleep(-1), /Not a number of milliseconds/);
});
