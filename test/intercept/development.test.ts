/** TLS while one develops: each name that leads here has its certificate, by the authority of this machine. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { respond } from '../../src/convention/index.ts';
import { h1 } from '../../src/engine/h1/index.ts';
import { certificateAuthority, developmentTls } from '../../src/intercept/index.ts';
import { listen, portOf } from '../support/engines.ts';

async function served(t: TestContext): Promise<{ port: number; ca: string; log: string[] }> {
	const directory = mkdtempSync(join(tmpdir(), 'development-'));
	t.after(() => rmSync(directory, { recursive: true }));
	const tls = await developmentTls({ directory });
	const log: string[] = [];
	const where = { host: '127.0.0.1', port: 0, tls };
	const listener = await listen(t, () => respond(200), { log: ({ message }) => log.push(message) }, where, h1);
	const { pem } = await certificateAuthority({ directory }).load();
	return { port: portOf(listener), ca: pem, log };
}

async function nameShown(port: number, ca: string, servername: string): Promise<string | undefined> {
	const host = '127.0.0.1';
	const named = servername === host ? { host } : { host, servername };
	const socket = connect({ port, ca, ...named });
	await once(socket, 'secureConnect');
	const { subjectaltname } = socket.getPeerCertificate();
	socket.destroy();
	return subjectaltname;
}

test('localhost, addresses of this machine, and every name below localhost are believed', async (t) => {
	const { port, ca } = await served(t);
	assert.equal(
		await nameShown(port, ca, 'localhost'),
		'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
	);
	assert.match((await nameShown(port, ca, '127.0.0.1')) ?? '', /IP Address:127\.0\.0\.1/);
	for (const name of ['shop.localhost', 'a.b.localhost', 'Shop.localhost'])
		assert.equal(await nameShown(port, ca, name), `DNS:${name.toLowerCase()}`);
});

test('no certificate is made for names that lead elsewhere', async (t) => {
	const { port, ca } = await served(t);
	for (const name of ['shop.example', 'localhost.example', 'xlocalhost'])
		await assert.rejects(nameShown(port, ca, name), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

test('a certificate is made once for a name, and one that cannot be made is told', async (t) => {
	let made = 0;
	const directory = mkdtempSync(join(tmpdir(), 'development-'));
	t.after(() => rmSync(directory, { recursive: true }));
	const tls = await developmentTls({ directory });
	const forName = (name: string): ReturnType<NonNullable<typeof tls.forName>> => {
		made++;
		if (name === 'bad.localhost') throw new Error('no luck');
		return tls.forName?.(name) ?? null;
	};
	const log: string[] = [];
	const where = { host: '127.0.0.1', port: 0, tls: { ...tls, forName } };
	const listener = await listen(t, () => respond(200), { log: ({ message }) => log.push(message) }, where, h1);
	const { pem: ca } = await certificateAuthority({ directory }).load();
	for (let at = 0; at < 3; at++) await nameShown(portOf(listener), ca, 'shop.localhost');
	assert.equal(made, 1);
	await assert.rejects(nameShown(portOf(listener), ca, 'bad.localhost'));
	assert.match(log.join(), /no certificate for "bad\.localhost": no luck/);
});
