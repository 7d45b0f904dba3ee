/** Lists in files, `--allow @FILE` and `--deny @FILE`. */
import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { eventually } from '../support/until.ts';
import { project, run, start } from './command-process.ts';

async function origin(t: TestContext): Promise<number> {
	const server = createServer((request, response) => response.end(`asked for ${request.url}`));
	server.listen(0, '127.0.0.1');
	t.after(() => server.close());
	await new Promise((resolve) => server.once('listening', resolve));
	return (server.address() as AddressInfo).port;
}

/** Status and body of a request in absolute-form. */
function through(proxy: string, target: string): Promise<string> {
	const { hostname, port } = new URL(proxy);
	return new Promise((resolve, reject) => {
		const asked = get({ host: hostname, port, path: target, agent: false }, (response) => {
			text(response).then((body) => resolve(`${response.statusCode} ${body}`), reject);
		});
		asked.once('error', reject);
	});
}

test('forward: @FILE is a list of patterns, followed when it changes', { timeout: 30_000 }, async (t) => {
	const port = await origin(t);
	const file = join(project(t), 'allowed');
	writeFileSync(file, `# ours\n127.0.0.1:${port} # the origin\n`);
	const started = start(t, [
		'forward',
		'--listen',
		'127.0.0.1:0',
		'--allow',
		`@${file}`,
		'--allow-private',
		'loopback',
	]);
	const [url = ''] = await started.listening();
	assert.match(await through(url, `http://127.0.0.1:${port}/a`), /^200 asked for \/a$/);
	assert.match(await through(url, 'http://other.example/'), /^403 .*no rule allows it/s);
	writeFileSync(`${file}.new`, 'other.example\n');
	renameSync(`${file}.new`, file);
	await eventually(async () => (await through(url, `http://127.0.0.1:${port}/a`)).startsWith('403 '), 'the new list');
});

for (const command of [['forward'], ['through']] as const) {
	test(`${command[0]}: a list that is not there, or holds what is no pattern, is refused`, {
		timeout: 30_000,
	}, async (t) => {
		const file = join(project(t), 'list');
		const behind = command[0] === 'through' ? ['--', 'true'] : [];
		const missing = await run(t, [...command, '--deny', `@${file}`, ...behind]);
		assert.equal(missing.status, 1);
		assert.match(missing.stderr, /^turnabout: --deny: the file cannot be read: ENOENT.*\n$/);
		writeFileSync(file, 'a.example\na.example:99999\n');
		const wrong = await run(t, [...command, '--deny', `@${file}`, ...behind]);
		assert.equal(wrong.status, 1);
		assert.match(wrong.stderr, /^turnabout: --deny: .*list:2: "99999" is no port.*\n$/);
	});
}

test('forward: files of users and for the audit that are not there are told without a stack', {
	timeout: 30_000,
}, async (t) => {
	for (const [flag, said] of [
		['--users', /^turnabout: basicAuth: users: the file cannot be read: ENOENT[^\n]*\n$/],
		['--audit', /^turnabout: cannot start: auditLog: to: [^\n]* cannot be opened: ENOENT[^\n]*\n$/],
	] as const) {
		const { status, stderr } = await run(t, ['forward', '--listen', '127.0.0.1:0', flag, '/no/such/file']);
		assert.equal(status, 1);
		assert.match(stderr, said);
	}
});
