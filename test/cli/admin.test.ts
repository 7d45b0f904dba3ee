/** The admin listener of a process, and `turnabout status` that asks it. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../support/until.ts';
import { FIXTURES, project, run, start } from './command-process.ts';

const HELLO = join(FIXTURES, 'hello.ts');

async function adminOf(started: ReturnType<typeof start>): Promise<string> {
	const found = (): string | undefined => /^turnabout: admin on (\S+)$/m.exec(started.stderr)?.[1];
	await until(() => found() !== undefined, 'the admin listener', 20_000);
	return found() as string;
}

const text = async (url: string, headers: Record<string, string> = {}): Promise<[number, string]> => {
	const response = await fetch(url, { headers });
	return [response.status, await response.text()];
};

for (const workers of ['1', '2']) {
	test(`live, ready, status and metrics, of ${workers} process(es)`, { timeout: 60_000 }, async (t) => {
		const started = start(t, ['serve', HELLO, '--listen', '127.0.0.1:0', '--workers', workers, '--admin', '0']);
		const [url = ''] = await started.listening();
		const admin = await adminOf(started);
		for (let at = 0; at < 6; at++) await (await fetch(url)).text();
		assert.deepEqual(await text(`${admin}/live`), [200, 'live\n']);
		assert.deepEqual(await text(`${admin}/ready`), [200, 'ready\n']);
		assert.equal((await text(`${admin}/other`))[0], 404);
		assert.equal((await fetch(`${admin}/live`, { method: 'POST' })).status, 405);
		const status = JSON.parse((await text(`${admin}/status`))[1]) as {
			processes: { listeners: Record<string, { requests: number }> }[];
		};
		assert.equal(status.processes.length, Number(workers));
		const requests = status.processes.map(({ listeners }) => Object.values(listeners)[0]?.requests ?? 0);
		assert.equal(
			requests.reduce((sum, count) => sum + count, 0),
			6,
		);
		const [, metrics] = await text(`${admin}/metrics`);
		assert.match(metrics, /^turnabout_request_duration_seconds_count\{method="GET",status="2xx"\} 6$/m);
		assert.match(metrics, new RegExp(`^turnabout_processes ${workers}$`, 'm'));
		assert.match(metrics, /^process_resident_memory_bytes \d{7,}$/m);
		for (const name of metrics.matchAll(/^# TYPE (\S+)/gm))
			assert.match(name[1] as string, /^(?:turnabout|process)_[a-z_]+$/);
		const shown = await run(t, ['status', new URL(admin).host]);
		assert.match(shown.stdout, /process \d+, up for \d+ s\n {2}http:\/\/127\.0\.0\.1:\d+\n {4}connections \d+/);
		assert.equal(shown.stdout.match(/^process /gm)?.length, Number(workers));
	});
}

/** An origin that answers when it is told to. */
async function slowOrigin(t: TestContext): Promise<{ url: string; answer(): void }> {
	const held: (() => void)[] = [];
	const server = createServer((_request, response) => held.push(() => response.end('late')));
	server.listen(0, '127.0.0.1');
	t.after(() => server.close());
	await new Promise((resolve) => server.once('listening', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		answer: () => {
			for (const go of held.splice(0)) go();
		},
	};
}

test('it is not ready any more while it stops, and what is under way is answered', { timeout: 60_000 }, async (t) => {
	const origin = await slowOrigin(t);
	const flags = [
		'--to',
		origin.url,
		'--cache',
		'--balance',
		'latency',
		'--listen',
		'127.0.0.1:0',
		'--admin',
		'127.0.0.1:0',
	];
	const started = start(t, ['reverse', ...flags]);
	const [url = ''] = await started.listening();
	const admin = await adminOf(started);
	const late = fetch(url).then((response) => response.text());
	const active = async (): Promise<string> => (await text(`${admin}/metrics`))[1];
	while (!/^turnabout_upstream_active\{upstream="[^"]+"\} 1$/m.test(await active()))
		await new Promise((resolve) => setTimeout(resolve, 20));
	const [, metrics] = await text(`${admin}/metrics`);
	assert.match(metrics, /^turnabout_upstream_up\{upstream="http:\/\/127\.0\.0\.1:\d+"\} 1$/m);
	assert.match(metrics, /^turnabout_cache_requests_total\{result="misses"\} 1$/m);
	started.child.kill('SIGTERM');
	await until(() => started.stderr.includes('SIGTERM'), 'the stop');
	assert.deepEqual(await text(`${admin}/ready`), [503, 'stopping\n']);
	assert.equal((await text(`${admin}/live`))[0], 200);
	origin.answer();
	assert.equal(await late, 'late');
	assert.equal((await started.ended).status, 0);
});

test('a token is asked for all that tells anything, and needed where others reach it', {
	timeout: 60_000,
}, async (t) => {
	const token = 'a token that is long enough';
	const folder = project(t, {
		'turnabout.config.ts': `
			import { defineConfig, respond } from 'turnabout';
			export default defineConfig({ listen: '127.0.0.1:0', app: () => respond(204), admin: { listen: '127.0.0.1:0', token: '${token}' } });`,
		'open.config.ts': `
			import { defineConfig, respond } from 'turnabout';
			export default defineConfig({ app: () => respond(204), admin: ':9180' });`,
	});
	const started = start(t, ['run'], { cwd: folder });
	await started.listening();
	const admin = await adminOf(started);
	assert.equal((await text(`${admin}/ready`))[0], 200);
	for (const path of ['/status', '/metrics', '/other']) assert.equal((await text(`${admin}${path}`))[0], 401);
	assert.equal((await text(`${admin}/metrics`, { authorization: 'Bearer wrong' }))[0], 401);
	assert.equal((await text(`${admin}/metrics`, { authorization: `Bearer ${token}` }))[0], 200);
	const refused = await run(t, ['status', new URL(admin).host]);
	assert.match(refused.stderr, /wants a token/);
	const open = await run(t, ['check', 'open.config.ts'], { cwd: folder });
	assert.match(open.stderr, /admin: other machines reach :9180; give it a token/);
	const nobody = await run(t, ['status', '127.0.0.1:1']);
	assert.match(nobody.stderr, /nobody answers at http:\/\/127\.0\.0\.1:1/);
});
