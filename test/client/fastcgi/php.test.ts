/** php-fpm itself: streams both ways, aborts, its own limits, more requests than it has children. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fastcgi } from '../../../src/client/fastcgi/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { php, withoutPhp } from './php-fpm.ts';

const scripts = {
	'index.php': '<?php echo "index ", $_SERVER["REQUEST_URI"];',
	'echo.php':
		'<?php header("X-Length: " . ($_SERVER["CONTENT_LENGTH"] ?? "")); echo hash("sha256", file_get_contents("php://input"));',
	'big.php': '<?php for ($i = 0; $i < 400; $i++) echo str_repeat(chr(65 + $i % 26), 20000);',
	'slow.php':
		'<?php ob_end_flush(); for ($i = 0; $i < 3; $i++) { echo "piece $i\n"; flush(); while (!file_exists(__DIR__ . "/go$i")) { usleep(2000); clearstatcache(); } }',
	'left.php':
		'<?php ob_end_flush(); ignore_user_abort(false); register_shutdown_function(function () { touch(__DIR__ . "/left"); }); for (;;) { echo "x"; flush(); usleep(2000); }',
	'read.php': '<?php touch(__DIR__ . "/ran"); echo strlen(file_get_contents("php://input"));',
	'fail.php': '<?php throw new Exception("told to the log");',
	'wait.php': '<?php usleep(20000); echo getmypid();',
	'gone.php': '<?php http_response_code(404); header("Content-Type: text/x-own"); echo "own page";',
	'local.php': '<?php header("Location: /index.php?x", true, 303);',
};

test('php-fpm', { skip: withoutPhp }, async (t) => {
	const fpm = await php(t, scripts, { children: 3, lines: ['pm.max_requests = 100'] });
	const log: string[] = [];
	const app = fastcgi(fpm.address, { root: fpm.root, log: ({ message }) => log.push(message) });
	t.after(() => app.close());
	const listener = await listen(t, app, { log: () => {} });
	const url = `http://127.0.0.1:${portOf(listener)}`;
	const digest = async (body: Uint8Array<ArrayBuffer>): Promise<string> =>
		Buffer.from(await crypto.subtle.digest('SHA-256', body)).toString('hex');

	await t.test('a page, the front controller, and a status of the script’s own', async () => {
		assert.equal(await (await fetch(`${url}/some/where?a=b`)).text(), 'index /some/where?a=b');
		const gone = await fetch(`${url}/gone.php`);
		assert.deepEqual(
			[gone.status, gone.headers.get('content-type'), await gone.text()],
			[404, 'text/x-own;charset=UTF-8', 'own page'],
		);
		assert.equal((await fetch(`${url}/local.php`, { redirect: 'manual' })).status, 303);
		assert.equal((await fetch(`${url}/big.php`, { method: 'HEAD' })).status, 200);
	});
	await t.test('uploads of known and unknown length arrive whole', async () => {
		const body = new Uint8Array(3_000_000).map((_byte, index) => index * 7 + (index >> 8));
		const known = await fetch(`${url}/echo.php`, { method: 'POST', body });
		assert.deepEqual([known.headers.get('x-length'), await known.text()], ['3000000', await digest(body)]);
		const chunks = new Response(body).body as ReadableStream;
		const unknown = await fetch(`${url}/echo.php`, { method: 'POST', body: chunks, duplex: 'half' } as RequestInit);
		assert.deepEqual([unknown.headers.get('x-length'), await unknown.text()], ['3000000', await digest(body)]);
	});
	await t.test('a script does not run with a body that was cut short', async () => {
		for (const framing of ['Content-Length: 100', 'Transfer-Encoding: chunked']) {
			for (const leave of ['finish', 'reset'] as const) {
				const client = await connect(t, portOf(listener));
				client.send(`POST /read.php HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n4\r\nhalf\r\n`);
				await until(() => listener.statistics().active === 1, 'the request under way');
				client[leave]();
				await until(() => listener.statistics().active === 0, 'the exchange over');
			}
		}
		for (let i = 0; i < 6; i++) await fetch(`${url}/wait.php`);
		assert.ok(!existsSync(`${fpm.root}/ran`), 'it has not run');
		assert.equal(await (await fetch(`${url}/read.php`, { method: 'POST', body: 'whole' })).text(), '5');
		assert.ok(existsSync(`${fpm.root}/ran`), 'and it would have been seen');
	});
	await t.test('large output, and output as it is made', async () => {
		assert.equal((await (await fetch(`${url}/big.php`)).text()).length, 8_000_000);
		const { writeFileSync } = await import('node:fs');
		const pieces = (await ask(app, '/slow.php')).chunks();
		const decoder = new TextDecoder();
		for (let i = 0; i < 3; i++) {
			const { value } = await pieces.next();
			assert.equal(decoder.decode(value as Uint8Array), `piece ${i}\n`);
			writeFileSync(`${fpm.root}/go${i}`, '');
		}
		assert.equal((await pieces.next()).done, true);
	});
	await t.test('a script ends when its client has left', async () => {
		const client = await connect(t, portOf(listener));
		client.send('GET /left.php HTTP/1.1\r\nHost: a\r\n\r\n');
		await client.read('x');
		client.reset();
		await until(() => existsSync(`${fpm.root}/left`), 'the end of the script', 20_000);
	});
	await t.test('an exception is a 500, and is told to the log', async () => {
		assert.equal((await fetch(`${url}/fail.php`)).status, 500);
		await until(() => log.some((line) => line.includes('told to the log')), 'the line');
	});
	await t.test('many more requests than children, and children that end: all are answered', async () => {
		const pids = await Promise.all(Array.from({ length: 60 }, async () => (await ask(app, '/wait.php')).text()));
		assert.ok(new Set(pids).size >= 3);
		for (let i = 0; i < 250; i++) assert.equal(await (await ask(app, '/x')).text(), 'index /x');
		const { failed, connections, idle } = app.statistics();
		assert.deepEqual({ failed, busy: connections - idle }, { failed: 0, busy: 0 });
	});
});
