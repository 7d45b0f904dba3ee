import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ask, run, start } from './command-process.ts';
import { PAGE, rules, THEMED, themeProject } from './theme-project.ts';

const SLOW = { timeout: 30_000 };

async function site(t: TestContext): Promise<string> {
	const own = createServer((request, response) => {
		if (request.url === '/data') response.setHeader('content-type', 'application/json').end('{}');
		else response.setHeader('content-type', 'text/html').end(PAGE);
	}).listen(0, '127.0.0.1');
	await new Promise((settle) => own.once('listening', settle));
	t.after(() => {
		own.closeAllConnections();
		own.close();
	});
	return `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
}

test('reverse --theme serves pages in the theme, everything else as it is, and stops', SLOW, async (t) => {
	const more = '<drop css:theme="#side" if="$wide = \'yes\'"/>';
	const cwd = themeProject(t, { 'rules.xml': rules(more) });
	const args = ['reverse', '--to', await site(t), '--listen', '127.0.0.1:0', '--theme', 'rules.xml'];
	const proxy = start(t, [...args, '--theme-param', 'wide=no', '--development', '--access-log', '-'], { cwd });
	const [url = ''] = await proxy.listening();
	// In development, scripts for the browser are at the end of body.
	assert.ok((await ask(url, '/')).body.startsWith(THEMED.slice(0, THEMED.indexOf('</body>'))));
	assert.equal((await ask(url, '/data')).body, '{}');
	assert.equal((await ask(url, '/?theme=off')).body, PAGE);
	// The log is outside of the theme: it has the request as it came.
	await proxy.until(() => /\?theme=off/.test(proxy.stdout), 'the line of the access log');
	proxy.signal('SIGTERM');
	assert.equal((await proxy.ended).status, 0);
});

test('without --development the switch in the query is none', SLOW, async (t) => {
	const args = ['reverse', '--to', await site(t), '--listen', '127.0.0.1:0', '--theme', 'rules.xml'];
	const proxy = start(t, args, { cwd: themeProject(t) });
	const [url = ''] = await proxy.listening();
	assert.equal((await ask(url, '/?theme=off')).body.trimEnd(), THEMED);
});

test('reverse does not start with rules that are wrong, and shows where', SLOW, async (t) => {
	const cwd = themeProject(t, { 'rules.xml': rules('<unknown/>') });
	const args = ['reverse', '--to', 'http://127.0.0.1:1', '--listen', '127.0.0.1:0'];
	const { status, stderr } = await run(t, [...args, '--theme', 'rules.xml'], { cwd });
	assert.equal(status, 1);
	assert.match(
		stderr,
		/^turnabout: --theme rules\.xml: these rules cannot be used\n\nrules\.xml:5:2: error: [\s\S]*> 5 \|/,
	);
	const missing = await run(t, [...args, '--theme', 'rulse.xml'], { cwd });
	assert.deepEqual(
		[missing.status, missing.stderr.split('\n')[0]],
		[1, 'turnabout: --theme rulse.xml: there is no such file'],
	);
	const root = await run(t, [...args, '--theme', 'rules.xml', '--theme-root', 'nowhere'], { cwd });
	assert.equal(root.status, 1);
	assert.match(root.stderr, /There is no folder 'nowhere'/);
});
