/** Chromium, through the forward proxy, told of it in both ways. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type App, respond } from '../../../../src/convention/index.ts';
import { type AuditRecord, forward, pacApp } from '../../../../src/proxy/forward/index.ts';
import { listen, portOf } from '../../../support/engines.ts';
import { run, without } from '../../../support/programs.ts';

/** A proxy that anybody may use, to names that are all here: Chromium never asks a proxy for localhost. */
async function openPlace(
	t: TestContext,
): Promise<{ proxy: string; url: string; audit: AuditRecord[]; folder: string }> {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-chromium-'));
	t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
	const audit: AuditRecord[] = [];
	const proxy = forward({
		ports: null,
		allowPrivate: ['loopback', 'self'],
		resolve: async () => ['127.0.0.1'],
		audit: (record) => void audit.push(record),
		log: () => {},
		local: pacApp(),
	});
	t.after(() => proxy.close());
	const front = await listen(t, proxy);
	const page: App = () => respond(200, { 'Content-Type': 'text/html' }, '<p>by the proxy</p>');
	const origin = await listen(t, page);
	return { proxy: `127.0.0.1:${portOf(front)}`, url: `http://site.test:${portOf(origin)}/a`, audit, folder };
}

for (const [how, flag] of [
	['--proxy-server', (proxy: string) => `--proxy-server=http://${proxy}`],
	['a PAC file', (proxy: string) => `--proxy-pac-url=http://${proxy}/proxy.pac`],
] as const) {
	test(`chromium: by ${how}`, without('chromium'), async (t) => {
		const p = await openPlace(t);
		const head = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${p.folder}`];
		const { stdout, stderr } = await run('chromium', [...head, flag(p.proxy), '--dump-dom', p.url]);
		assert.match(stdout, /by the proxy/, stderr);
		const asked = p.audit.find(({ target }) => target === p.url);
		assert.deepEqual([asked?.method, asked?.outcome, asked?.address], ['GET', 'allowed', '127.0.0.1']);
	});
}
