/** The command on Bun and Deno; it runs what is in dist/. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { ask, BIN, project, start } from '../cli/command-process.ts';
import { commandOf, missing } from './runtime-process.ts';

/** Which engine answered shows in what it can do. */
const APP = `export default (request, { can }) =>
	new Response('from ' + globalThis.navigator.userAgent.split('/')[0] + ', tunnels: ' + can.tunnel);`;

async function origin(t: TestContext): Promise<string> {
	const server = createServer((request, response) => void request.pipe(response));
	server.listen(0, '127.0.0.1');
	t.after(() => {
		server.close();
		server.closeAllConnections();
	});
	await new Promise((resolve) => server.once('listening', resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

for (const [runtime, name] of [
	['bun', 'Bun'],
	['deno', 'Deno'],
] as const) {
	const command = [...commandOf(runtime), BIN];

	suite(`the command on ${name}`, { skip: missing(runtime) }, () => {
		for (const [engine, tunnels] of [
			['h1', true],
			[runtime, false],
		] as const) {
			test(`serve --engine ${engine} serves an app, and ends on SIGTERM`, async (t) => {
				const cwd = project(t, { 'app.js': APP });
				const args = ['serve', 'app.js', '--engine', engine, '--listen', '127.0.0.1:0'];
				const started = start(t, args, { command, cwd });
				const [url = ''] = await started.listening();
				assert.equal((await ask(url)).body, `from ${name}, tunnels: ${tunnels}`);
				started.signal('SIGTERM');
				assert.equal((await started.ended).status, 0);
			});

			test(`reverse --engine ${engine} passes bodies both ways`, async (t) => {
				const args = ['reverse', '--to', await origin(t), '--engine', engine, '--listen', '127.0.0.1:0'];
				const started = start(t, args, { command });
				const [url = ''] = await started.listening();
				const body = 'x'.repeat(300_000);
				const answer = await fetch(url, { method: 'POST', body });
				assert.equal(await answer.text(), body);
			});
		}

		test('a limit that the runtime does not keep is refused by name', async (t) => {
			const config = `export default { app: () => new Response(), listen: 0, engine: '${runtime}', limits: { connections: 5 } };`;
			const cwd = project(t, { 'turnabout.config.js': config });
			const { status, stderr } = await start(t, ['run', 'turnabout.config.js'], { command, cwd }).ended;
			assert.equal(status, 1);
			assert.match(stderr, new RegExp(`the engine ${runtime}: limits\\.connections: no such option`));
			assert.match(stderr, /The engine h1 keeps all of them/);
		});
	});
}
