/** Certificates from an ACME server (Pebble, Let's Encrypt's own for tests): by every challenge, kept, renewed, and asked for once by many processes. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { type AddressInfo, createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import * as client from 'acme-client';
import { type AcmeOptions, acme } from '../../src/acme/index.ts';
import { type App, respond } from '../../src/convention/index.ts';
import { serve } from '../../src/serve/index.ts';
import { mint, minted } from '../support/minted.ts';
import { eventually, until } from '../support/until.ts';

// A client that retries by itself would only make these tests longer.
Object.assign(client.axios.defaults, { acmeSettings: { retryMaxAttempts: 0, retryDefaultDelay: 1 } });

const missing = ['pebble', 'pebble-challtestsrv'].find((name) => spawnSync(name, ['-version']).error !== undefined);
const skip = missing === undefined ? false : `there is no ${missing} here (Debian's package pebble)`;

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = dial(port, '127.0.0.1');
		socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		socket.on('close', () => {}).on('connect', () => socket.destroy());
	});
}

interface Authority {
	readonly server: string;
	readonly httpPort: number;
	readonly tlsPort: number;
	/** Where records in DNS are made. */
	readonly management: string;
}

function running(t: TestContext, command: string, args: readonly string[]): ChildProcess {
	const child = spawn(command, args, {
		env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' },
		stdio: 'ignore',
	});
	t.after(() => child.kill('SIGKILL'));
	return child;
}

async function authority(t: TestContext): Promise<Authority> {
	const folder = mkdtempSync(join(tmpdir(), 'pebble-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const own = minted('localhost');
	writeFileSync(join(folder, 'cert.pem'), own.cert);
	writeFileSync(join(folder, 'key.pem'), own.key);
	const [port, management, httpPort, tlsPort, dns, records] = await Promise.all([1, 2, 3, 4, 5, 6].map(freePort));
	const pebble = {
		listenAddress: `127.0.0.1:${port}`,
		managementListenAddress: `127.0.0.1:${management}`,
		certificate: join(folder, 'cert.pem'),
		privateKey: join(folder, 'key.pem'),
		httpPort,
		tlsPort,
		ocspResponderURL: '',
		externalAccountBindingRequired: false,
	};
	writeFileSync(join(folder, 'config.json'), JSON.stringify({ pebble }));
	const off = ['-http01', '', '-https01', '', '-tlsalpn01', ''];
	running(t, 'pebble-challtestsrv', [
		'-defaultIPv6',
		'',
		'-dns01',
		`127.0.0.1:${dns}`,
		'-management',
		`127.0.0.1:${records}`,
		...off,
	]);
	running(t, 'pebble', ['-config', join(folder, 'config.json'), '-dnsserver', `127.0.0.1:${dns}`]);
	client.axios.defaults.httpsAgent = new Agent({ ca: mint });
	const server = `https://localhost:${port}/dir`;
	await eventually(() => accepts(port as number), 'Pebble is up', 10_000);
	return {
		server,
		httpPort: httpPort as number,
		tlsPort: tlsPort as number,
		management: `http://127.0.0.1:${records}`,
	};
}

function folderOf(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'acme-'));
	t.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

const app: App = () => respond(200, null, 'ours');

interface Kept {
	readonly acme: ReturnType<typeof acme>;
	readonly log: string[];
	readonly directory: string;
}

async function served(t: TestContext, at: Authority, options: Partial<AcmeOptions>): Promise<Kept> {
	const log: string[] = [];
	const directory = options.directory ?? folderOf(t);
	const made = acme({
		client: client as never,
		names: ['shop.example', 'www.shop.example'],
		agreeToTerms: true,
		server: at.server,
		log: (line) => log.push(line),
		...options,
		directory,
	});
	const listen = [`127.0.0.1:${at.httpPort}`, { address: `127.0.0.1:${at.tlsPort}`, tls: made.tls }];
	const server = await serve({ app: made(app) as App, listen, log: () => {} });
	t.after(() => server.close());
	return { acme: made, log, directory };
}

/** Who has issued what a client is shown. */
async function issuer(port: number, servername: string): Promise<string> {
	const socket = connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false });
	await once(socket, 'secureConnect');
	const { issuer: by, subjectaltname } = socket.getPeerCertificate();
	socket.destroy();
	return `${String(by.CN)} for ${subjectaltname}`;
}

for (const challenge of ['http-01', 'tls-alpn-01'] as const) {
	test(`${challenge}: a certificate comes, and clients get it without a restart`, { skip }, async (t) => {
		const at = await authority(t);
		const kept = await served(t, at, { challenge });
		assert.match(await issuer(at.tlsPort, 'shop.example'), /^No certificate yet for DNS:shop\.example, DNS:www/);
		await until(() => kept.acme.statistics().issued, `the certificate; ${kept.log.join()}`, 30_000);
		assert.equal(kept.acme.statistics().orders, 1);
		await eventually(
			async () =>
				/^Pebble Intermediate CA .* for DNS:shop\.example, DNS:www/.test(await issuer(at.tlsPort, 'www.shop.example')),
			'the listener has it',
			10_000,
		);
		assert.match(kept.log[0] ?? '', /^acme: a certificate for shop\.example, www\.shop\.example has come, good until /);
		const answer = await fetch(`http://127.0.0.1:${at.httpPort}/.well-known/acme-challenge/nothing`);
		assert.equal(await answer.text(), 'ours', 'tokens that nobody asks for are the app’s affair');
	});
}

test('dns-01: a hook makes the records, and names may have *', { skip }, async (t) => {
	const at = await authority(t);
	const records: string[] = [];
	const tell = (what: string, body: object): Promise<unknown> =>
		fetch(`${at.management}/${what}`, { method: 'POST', body: JSON.stringify(body) });
	const challenge = {
		set: (name: string, value: string) => {
			records.push(name);
			return tell('set-txt', { host: `${name}.`, value });
		},
		remove: (name: string) => tell('clear-txt', { host: `${name}.` }),
	};
	const kept = await served(t, at, { names: ['*.shop.example'], challenge });
	await until(() => kept.acme.statistics().issued, `the certificate; ${kept.log.join()}`, 30_000);
	assert.deepEqual(records, ['_acme-challenge.shop.example']);
	assert.match(readFileSync(join(kept.directory, '_.shop.example.pem'), 'utf8'), /BEGIN CERTIFICATE/);
});

test('what is good is kept: nobody is asked again; other names are', { skip }, async (t) => {
	const at = await authority(t);
	const kept = await served(t, at, {});
	await until(() => kept.acme.statistics().issued, 'the certificate', 30_000);
	const again = acme({
		client: client as never,
		names: ['shop.example'],
		agreeToTerms: true,
		server: at.server,
		directory: kept.directory,
		log: () => {},
	});
	again.start();
	t.after(() => again.close());
	await new Promise((resolve) => setTimeout(resolve, 600));
	assert.deepEqual([again.statistics().orders, again.statistics().issued], [0, true]);
	const told: string[] = [];
	const more = acme({
		client: client as never,
		names: ['shop.example', 'new.shop.example'],
		agreeToTerms: true,
		server: at.server,
		directory: kept.directory,
		log: (line) => told.push(line),
	});
	more.start();
	t.after(() => more.close());
	await until(() => more.statistics().orders === 1, `one with both names; ${told.join()}`, 10_000);
});

test('several that share a folder ask once', { skip }, async (t) => {
	const at = await authority(t);
	const directory = folderOf(t);
	const kept = await served(t, at, { directory });
	const others = Array.from({ length: 4 }, () =>
		acme({
			client: client as never,
			names: ['shop.example', 'www.shop.example'],
			agreeToTerms: true,
			server: at.server,
			directory,
			log: () => {},
		}),
	);
	for (const other of others) {
		other.start();
		t.after(() => other.close());
	}
	await until(() => kept.acme.statistics().issued, 'the certificate', 30_000);
	const orders = (): number => [kept.acme, ...others].reduce((sum, one) => sum + one.statistics().orders, 0);
	await until(() => orders() === 1, 'one order');
});

test('an authority that is not there: the server serves, the failure is told, and it is tried again later', async (t) => {
	const [httpPort, tlsPort] = [await freePort(), await freePort()];
	// Nobody trusts whoever is there.
	const at = { server: `https://localhost:${tlsPort}/dir`, httpPort, tlsPort, management: '' };
	const kept = await served(t, at, {});
	await until(() => kept.acme.statistics().failures === 1, 'a failure');
	assert.match(kept.log[0] ?? '', /^warn: acme: no certificate for shop\.example.*; tried again in 1 min$/);
	assert.equal(await (await fetch(`http://127.0.0.1:${httpPort}/`)).text(), 'ours');
	assert.match(await issuer(tlsPort, 'shop.example'), /^No certificate yet/);
});

test('options that cannot be meant', (t) => {
	const good = {
		client: client as never,
		names: ['a.example'],
		directory: join(folderOf(t), 'x'),
		agreeToTerms: true,
	} as const;
	const rows: readonly [change: object, reason: RegExp][] = [
		[{ client: {} }, /client must be the module acme-client/],
		[{ names: [] }, /names must be a list of names/],
		[{ names: ['A.example'] }, /names must be a list of names in small letters/],
		[{ names: ['../x'] }, /names must be a list/],
		[{ directory: '' }, /directory must be the path/],
		[{ agreeToTerms: false }, /agreeToTerms must be true/],
		[{ email: 'me' }, /email must be an address/],
		[{ server: 'http://a' }, /server must be the https URL/],
		[{ challenge: 'dns-01' }, /challenge must be/],
		[{ names: ['*.a.example'] }, /names with \* are proved by DNS alone/],
		[{ name: 'a' }, /acme: name: no such option/],
	];
	for (const [change, reason] of rows) assert.throws(() => acme({ ...good, ...change } as AcmeOptions), reason);
});
