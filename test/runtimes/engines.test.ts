/** What the engines over Bun.serve and Deno.serve have to show besides the matrix. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as askHttp } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request as askHttps } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { h1Client } from '../matrix/h1-client.ts';
import { authority, server } from '../support/certificates.ts';
import { RawPeer } from '../support/raw-peer.ts';
import { missing, startOn } from './runtime-process.ts';

interface Lab {
	readonly url: string;
	readonly port: number;
	ask(command: string): Promise<unknown>;
	/** Waits until the app has written down that line. */
	ended(line: string): Promise<void>;
	peer(): RawPeer;
}

for (const runtime of ['bun', 'deno'] as const) {
	const lab = async (t: TestContext, options: object = {}, listen: object = {}): Promise<Lab> => {
		const program = await startOn(runtime, 'lab-server.ts', [runtime, JSON.stringify(options), JSON.stringify(listen)]);
		t.after(() => program.stop());
		const { url, address } = JSON.parse(program.firstLine) as { url: string; address: { port: number } };
		const ask = async (command: string): Promise<unknown> => JSON.parse(await program.ask(command));
		return {
			url,
			port: address.port,
			ask,
			ended: async (line) => {
				const deadline = Date.now() + 15_000;
				let lines: string[] = [];
				while (!lines.includes(line)) {
					if (Date.now() > deadline) throw new Error(`No "${line}" among ${lines.join(', ')}`);
					lines = (await ask('ended')) as string[];
				}
			},
			peer: () => {
				const peer = new RawPeer(connect({ port: address.port, host: '127.0.0.1', allowHalfOpen: true }));
				t.after(() => peer.destroy());
				return peer;
			},
		};
	};

	suite(runtime, { skip: missing(runtime) }, () => {
		test("the app gets the runtime's own Request, and raw knows who asked", async (t) => {
			const { port } = await lab(t);
			const client = h1Client(port);
			t.after(() => client.close());
			const seen = JSON.parse((await client.open({ target: '/native' }).end()).text);
			assert.deepEqual([seen.own, seen.again, seen.same, seen.tls], [true, 'GET', true, false]);
			assert.deepEqual([seen.remote.kind, seen.remote.host, seen.remote.port > 0], ['ip', '127.0.0.1', true]);
		});

		test('TLS is spoken, and the context says so', async (t) => {
			const { port, url } = await lab(t, {}, { tls: server });
			assert.ok(url.startsWith('https:'));
			const text = await new Promise<string>((resolve, reject) => {
				const asking = askHttps({ port, host: '127.0.0.1', servername: 'localhost', ca: authority, path: '/native' });
				asking.on('error', reject).on('response', (response) => {
					void response.toArray().then((chunks) => resolve(chunks.join('')));
				});
				asking.end();
			});
			assert.equal(JSON.parse(text).tls, true);
		});

		if (runtime === 'deno') {
			test('Deno speaks HTTP/2, too', async (t) => {
				const { port } = await lab(t, {}, { tls: server });
				const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority, servername: 'localhost' });
				t.after(() => session.destroy());
				const stream = session.request({ ':path': '/payload', ':method': 'POST' });
				stream.end('there and back');
				assert.equal((await stream.toArray()).join(''), 'there and back');
			});
		}

		test('a unix socket is listened on', async (t) => {
			const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
			t.after(() => rmSync(folder, { recursive: true }));
			const path = join(folder, 'socket');
			const { url } = await lab(t, {}, { path });
			assert.equal(url, `unix:${path}`);
			const status = await new Promise((resolve, reject) => {
				const asking = askHttp({ socketPath: path, path: '/native' }, (response) => {
					response.resume();
					resolve(response.statusCode);
				});
				asking.on('error', reject).end();
			});
			assert.equal(status, 200);
		});

		test('a port that is taken is an error with its code', async (t) => {
			const { ask } = await lab(t);
			assert.equal(await ask('taken'), 'EADDRINUSE');
		});

		test('drain answers what is under way, refuses what comes, and resolves', async (t) => {
			const { url, ask, ended } = await lab(t);
			const answer = fetch(`${url}/wait`);
			await ended('waiting');
			let drained = false;
			const draining = ask('drain').then(() => {
				drained = true;
			});
			await assert.rejects(async () => {
				for (let i = 0; i < 1_000; i++) await (await fetch(`${url}/native`)).text();
			});
			assert.equal(drained, false);
			await ask('release');
			assert.equal(await (await answer).text(), 'waited');
			await draining;
			await ended('wait true 200');
		});

		test('close cuts what is under way', async (t) => {
			const { url, ask, ended } = await lab(t);
			const answer = fetch(`${url}/wait`).then(({ status }) => status);
			answer.catch(() => {});
			await ended('waiting');
			await ask('close');
			const outcome = await answer.catch(() => 'cut');
			assert.notEqual(outcome, 200);
			await ended('wait false 0');
		});

		test('a client that leaves an idle stream ends its source', async (t) => {
			const { peer, ended } = await lab(t);
			const asking = peer();
			asking.send('GET /silent HTTP/1.1\r\nHost: a\r\n\r\n');
			await asking.when(() => asking.received.includes('once'), 'the first piece');
			asking.reset();
			await ended('silent cancelled');
			await ended('silent false 200');
		});

		test('a client that takes nothing for too long is cut off', async (t) => {
			const { peer, ended, ask } = await lab(t, { timeouts: { write: 300 } });
			const asking = peer();
			asking.pause();
			asking.send('GET /pour HTTP/1.1\r\nHost: a\r\n\r\n');
			await ended('pour false 200');
			assert.equal(((await ask('statistics')) as { timeouts: number }).timeouts, 1);
		});

		test('a body over the limit is refused, whether it says its length or not', async (t) => {
			const { url, port } = await lab(t, { limits: { bodyBytes: 1_000 } });
			for (const path of ['read', 'payload']) {
				const ok = await fetch(`${url}/${path}`, { method: 'POST', body: 'a'.repeat(1_000) });
				assert.equal(ok.status, 200);
				await ok.text();
				const told = await fetch(`${url}/${path}`, { method: 'POST', body: 'a'.repeat(1_001) });
				assert.equal(told.status, 413);
				const client = h1Client(port);
				t.after(() => client.close());
				const talk = client.open({ target: `/${path}`, body: true });
				for (let i = 0; i < 20; i++) talk.send('a'.repeat(1_000));
				talk.finish();
				const head = await talk.head();
				// What is passed on may have begun when it turns out to be too much.
				assert.ok(head === null || head.status === 413 || !(await talk.end()).whole, `${path}: ${head?.status}`);
			}
		});

		test('statistics count requests', async (t) => {
			const { url, ask } = await lab(t);
			for (let i = 0; i < 3; i++) await (await fetch(`${url}/native`)).text();
			const { requests, active } = (await ask('statistics')) as { requests: number; active: number };
			assert.deepEqual([requests, active], [3, 0]);
		});

		test('what the engine cannot keep is refused by name', async () => {
			await assert.rejects(
				startOn(runtime, 'lab-server.ts', [runtime, JSON.stringify({ limits: { connections: 5 } })]),
				/limits\.connections: no such option/,
			);
		});
	});
}
