/** The access log on stdout, as a process of its own has it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { until } from '../../support/until.ts';

const source = (path: string) => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url).href);

const preamble = `
import { accessLog } from ${source('middleware/access-log/index.ts')};
import { ask } from ${source('engine/memory/index.ts')};
import { respond } from ${source('convention/index.ts')};
const log = accessLog();
const app = log(() => respond(200, null, 'fine'));
`;

function run(t: TestContext, script: string) {
	const child = spawn(process.execPath, ['--input-type=module', '--eval', preamble + script], {
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	t.after(() => child.kill('SIGKILL'));
	let output = '';
	let errors = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
	child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
	return { child, output: () => output, errors: () => errors };
}

test('lines go to stdout, those that waited when the process exits, too', async (t) => {
	const { child, output, errors } = run(t, "await ask(app, '/one'); await ask(app, '/\\xe9'); process.exit(0);");
	const [code] = (await once(child, 'close')) as [number];
	assert.equal(code, 0, errors());
	assert.deepEqual(
		output()
			.split('\n')
			.map((line) => / "GET (\S+) HTTP/.exec(line)?.[1]),
		['/one', '/\\xE9', undefined],
	);
});

test('nobody reads stdout any more: the service goes on', async (t) => {
	const script = `
		process.stdin.once('data', async () => {
			for (let i = 0; i < 5; i++) {
				await ask(app, '/');
				log.flush();
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
			process.stderr.write('still here');
			process.exit(0);
		});
		process.stderr.write('ready ');
	`;
	const { child, errors } = run(t, script);
	await until(() => errors().includes('ready'), 'the process');
	child.stdout.destroy();
	child.stdin.write('go');
	const [code] = (await once(child, 'exit')) as [number];
	await until(() => errors().includes('still here'), `no word but ${errors()}`);
	assert.equal(code, 0);
});
