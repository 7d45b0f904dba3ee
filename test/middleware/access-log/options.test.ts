/** Options of the access log that cannot be meant, what the layer says of itself, and files that are moved away. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type App, partsOf, respond } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { type AccessLogOptions, accessLog } from '../../../src/middleware/access-log/index.ts';
import { serve } from '../../../src/serve/index.ts';

const hello: App = () => respond(200, null, 'Hello, world!');
const logger = { info() {}, warn() {}, error() {} };

function folderOf(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	t.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

const bad: readonly [options: unknown, name: string, message: RegExp][] = [
	[null, 'TypeError', /the options are no object/],
	[{ formt: 'json' }, 'TypeError', /accessLog: formt: no such option; .*did you mean format\?/],
	[{ format: 'xml' }, 'TypeError', /accessLog: format must be json, combined, common, not "xml"/],
	[{ to: '' }, 'TypeError', /accessLog: to must be -, the path of a file, a function, or a logger/],
	[{ to: 7 }, 'TypeError', /accessLog: to must be/],
	[{ to: { info() {} } }, 'TypeError', /accessLog: to must be/],
	[{ to: logger, format: 'combined' }, 'TypeError', /accessLog: format must be json where to is a logger/],
	[{ redact: true }, 'TypeError', /accessLog: redact must be a list of parameters' names, or 'query', not true/],
	[{ redact: [''] }, 'TypeError', /accessLog: redact must be/],
	[{ redact: [/x/] }, 'TypeError', /accessLog: redact must be/],
	[{ sample: '1' }, 'TypeError', /accessLog: sample must be a number from 0 to 1, or a function, not "1"/],
	[{ sample: 1.1 }, 'RangeError', /accessLog: sample must be from 0 to 1, not 1.1/],
	[{ sample: -1 }, 'RangeError', /accessLog: sample must be from 0 to 1/],
	[{ sample: Number.NaN }, 'RangeError', /accessLog: sample must be from 0 to 1/],
	[{ format: 'json', fields: ['a'] }, 'TypeError', /accessLog: fields must be a function/],
	[{ fields: () => ({}) }, 'TypeError', /accessLog: fields have no place in a line of format combined; take json/],
];
for (const [options, name, message] of bad) {
	test(`refused: ${JSON.stringify(options)}`, () => {
		assert.throws(() => accessLog(options as AccessLogOptions), { name, message });
	});
}

test('a log that cannot be made leaves no file behind', (t) => {
	const to = join(folderOf(t), 'access.log');
	assert.throws(() => accessLog({ to, sample: 2 }));
	assert.ok(!existsSync(to));
});

test('explain says where the line would go', async () => {
	const log = accessLog({ format: 'json', to: () => {} });
	const [part] = partsOf(log(hello));
	const { request, context } = exchange(hello);
	const explanation = await part?.composition?.note.explain?.(request, context);
	assert.deepEqual(explanation?.does, [
		'Writes a line to a log of the app in the format json when the exchange is over.',
		'Passes the request on as it is.',
	]);
});

test('a file that was moved away is opened by its name again; no line is lost', async (t) => {
	const folder = folderOf(t);
	const file = join(folder, 'access.log');
	const log = accessLog({ to: file });
	t.after(() => log.close());
	await ask(log(hello), '/before');
	renameSync(file, `${file}.1`);
	await ask(log(hello), '/moved');
	log.reopen();
	await ask(log(hello), '/after');
	log.flush();
	assert.match(readFileSync(`${file}.1`, 'utf8'), /\/before .*\n.*\/moved .*\n$/);
	assert.match(readFileSync(file, 'utf8'), /^[^\n]*\/after [^\n]*\n$/);
});

test('a file that cannot be opened again is said, and the old one is written on', async (t) => {
	const folder = folderOf(t);
	mkdirSync(join(folder, 'logs'));
	const log = accessLog({ to: join(folder, 'logs', 'access.log') });
	t.after(() => log.close());
	log.start();
	renameSync(join(folder, 'logs'), join(folder, 'old'));
	assert.throws(() => log.reopen(), { code: 'ENOENT' });
	await ask(log(hello), '/still');
	log.flush();
	assert.match(readFileSync(join(folder, 'old', 'access.log'), 'utf8'), /\/still/);
});

test('a server that is started again logs again; a running one opens its logs again when told', async (t) => {
	const folder = folderOf(t);
	const [own, file] = [join(folder, 'own.log'), join(folder, 'access.log')];
	const app = accessLog({ to: own })(hello);
	for (const path of ['/first', '/second']) {
		const running = await serve({ app, listen: '127.0.0.1:0', accessLog: { to: file, format: 'json' } });
		await (await fetch(running.urls[0] + path)).text();
		await running.stop();
	}
	assert.match(readFileSync(own, 'utf8'), /\/first .*\n.*\/second .*\n$/);
	assert.equal(readFileSync(file, 'utf8').split('\n').length, 3);
	const said: string[] = [];
	const log = (line: string): void => void said.push(line);
	const running = await serve({ app, listen: '127.0.0.1:0', accessLog: file, log });
	t.after(() => running.stop());
	renameSync(file, `${file}.1`);
	renameSync(own, `${own}.1`);
	running.reopen();
	assert.deepEqual([existsSync(file), existsSync(own), said], [true, true, []]);
});
