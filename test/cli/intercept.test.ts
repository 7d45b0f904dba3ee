/** `--intercept` of `turnabout forward` and `through`: programs that learn by their environment whom to trust. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { trustBundle } from '../../src/cli/forward/trust-bundle.ts';
import { authority, server as certificate, stranger } from '../support/certificates.ts';
import { type Ended, project, run, start } from './command-process.ts';

interface Place {
	readonly port: number;
	readonly url: string;
	readonly folder: string;
	/** The authority of interception is made in there; our upstream connections trust the origin's. */
	readonly env: NodeJS.ProcessEnv;
}

/** An origin of https for localhost, whose certificate no system trusts. */
async function place(t: TestContext): Promise<Place> {
	const server = createServer(certificate, (request, response) => {
		const isRepository = request.url?.startsWith('/repository.git/info/refs') === true;
		response.end(isRepository ? `${'a'.repeat(40)}\trefs/heads/main\n` : `asked for ${request.url}`);
	});
	server.listen(0, '127.0.0.1');
	t.after(() => {
		server.close();
		server.closeAllConnections();
	});
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	const folder = project(t);
	const trusted = join(folder, 'origin.pem');
	writeFileSync(trusted, authority);
	const env = { XDG_DATA_HOME: folder, NODE_EXTRA_CA_CERTS: trusted, TMPDIR: folder };
	return { port, url: `https://localhost:${port}`, folder, env };
}

function through(t: TestContext, p: Place, command: readonly string[], flags: readonly string[] = []): Promise<Ended> {
	const reach = ['--allow-private', 'loopback', '--ports', 'all', '--intercept', 'localhost', ...flags];
	return run(t, ['through', ...reach, '--', ...command], { env: p.env });
}

function readText(file: string | undefined): string {
	return readFileSync(file ?? '', 'utf8');
}

/** Why a program is not run here, or false. */
function without(program: string, ...args: string[]): { skip: string | false; timeout: number } {
	const isHere = spawnSync(program, args.length > 0 ? args : ['--version']).status === 0;
	return { skip: isHere ? false : `${[program, ...args].join(' ')} cannot be run here`, timeout: 60_000 };
}

const PYTHON = '/usr/bin/python3';
const urllib = 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())';
const requests = 'import sys, requests; print(requests.get(sys.argv[1]).text)';

/** None of these would trust the origin by itself: that they are answered shows whose certificate they have seen. */
const programs = [
	['curl', ['curl', '-sS', '{}/curl'], /asked for \/curl/, without('curl')],
	['git', ['git', 'ls-remote', '{}/repository.git'], /a{40}\trefs\/heads\/main/, without('git')],
	['urllib', [PYTHON, '-c', urllib, '{}/urllib'], /asked for \/urllib/, without(PYTHON)],
	[
		'requests',
		[PYTHON, '-c', requests, '{}/requests'],
		/asked for \/requests/,
		without(PYTHON, '-c', 'import requests'),
	],
] as const;

for (const [name, command, expected, options] of programs) {
	test(`through --intercept: ${name} trusts the authority`, options, async (t) => {
		const p = await place(t);
		const words = command.map((word) => word.replace('{}', p.url));
		const { status, stdout, stderr } = await through(t, p, words);
		assert.equal(status, 0, stderr);
		assert.match(stdout, expected);
		const refused = await through(t, p, words, ['--no-intercept', 'localhost']);
		assert.notEqual(refused.status, 0, 'what is not looked into shows the certificate of the origin');
	});
}

const NODE = `const answer = await fetch(process.argv[1]);
console.log(await answer.text());`;

test("through --intercept: node's fetch trusts the authority", { timeout: 60_000 }, async (t) => {
	const p = await place(t);
	const { status, stdout, stderr } = await through(t, p, [
		process.execPath,
		'--input-type=module',
		'-e',
		NODE,
		`${p.url}/node`,
	]);
	assert.equal(status, 0, stderr);
	assert.match(stdout, /asked for \/node/);
});

test('through --intercept: the files are gone behind the program', { timeout: 60_000 }, async (t) => {
	const p = await place(t);
	const code = `const { statSync } = require('node:fs'); const { dirname } = require('node:path');
const folder = dirname(process.env.SSL_CERT_FILE); console.log((statSync(folder).mode & 0o777).toString(8));`;
	const { stdout, stderr } = await through(t, p, [process.execPath, '-e', code]);
	assert.match(stdout, /^700$/m, stderr);
	assert.deepEqual(
		readdirSync(p.folder).filter((name) => name.startsWith('turnabout-trust')),
		[],
	);
	const started = start(
		t,
		['through', '--intercept', '*', '--', process.execPath, '-e', `console.log('on'); setTimeout(() => {}, 60000)`],
		{ env: p.env },
	);
	await started.until(() => started.stdout.includes('on'), 'the program');
	started.signal('SIGTERM');
	assert.equal((await started.ended).status, 128 + 15);
	assert.deepEqual(
		readdirSync(p.folder).filter((name) => name.startsWith('turnabout-trust')),
		[],
	);
});

test('a variable that is set already keeps what its file says', (t) => {
	const folder = project(t);
	const own = join(folder, 'own.pem');
	writeFileSync(own, stranger.cert);
	const bundle = trustBundle({ CURL_CA_BUNDLE: own, NODE_EXTRA_CA_CERTS: own }, authority);
	t.after(() => bundle.remove());
	const { CURL_CA_BUNDLE: curl, SSL_CERT_FILE: openssl, NODE_EXTRA_CA_CERTS: node, DENO_CERT: deno } = bundle.variables;
	const both = `${stranger.cert.trimEnd()}\n${authority}`;
	assert.equal(readText(curl), both);
	assert.equal(readText(node), both);
	assert.equal(readText(deno), authority);
	assert.ok(readText(openssl).endsWith(authority));
	assert.ok(readText(openssl).length > 50_000, 'with the authorities of the system');
	assert.throws(() => trustBundle({ PIP_CERT: join(folder, 'none.pem') }, authority), /PIP_CERT: .*none\.pem/);
});

test(
	'forward --intercept: says whose word clients have to take, and looks into tunnels',
	without('curl'),
	async (t) => {
		const p = await place(t);
		const audit = join(p.folder, 'audit.log');
		const reach = ['--allow-private', 'loopback', '--ports', 'all', '--intercept', 'localhost', '--audit', audit];
		const started = start(t, ['forward', '--listen', '127.0.0.1:0', '--workers', '2', ...reach], { env: p.env });
		const [proxy = ''] = await started.listening();
		const path = /^turnabout: looks into tunnels to localhost, for clients that trust (\S+); how: turnabout ca$/m.exec(
			started.stderr,
		)?.[1];
		assert.equal(path, join(p.folder, 'turnabout', 'authority.pem'));
		const curl = await run(t, ['-sS', '-x', proxy, '--cacert', path, `${p.url}/inside`], { command: ['curl'] });
		assert.equal(curl.stdout, 'asked for /inside', curl.stderr);
		started.signal('SIGTERM');
		assert.equal((await started.ended).status, 0);
		const records = readText(audit)
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line) as { target: string });
		assert.ok(
			records.some(({ target }) => target === `${p.url}/inside`),
			'the audit names what was asked for inside',
		);
		assert.equal(started.stderr.match(/looks into tunnels/g)?.length, 1, 'once, not by every worker');
	},
);

test('flags that mean nothing are refused', { timeout: 60_000 }, async (t) => {
	for (const [args, message] of [
		[['forward', '--no-intercept', 'a.example'], /--no-intercept without --intercept/],
		[['forward', '--intercept', 'a.example:443'], /--intercept.*a\.example:443/],
		[['through', '--direct', '10.0.0.0/99', '--', 'true'], /--direct.*10\.0\.0\.0\/99/],
	] as const) {
		const { status, stderr } = await run(t, args);
		assert.equal(status, 2, stderr);
		assert.match(stderr, message);
	}
});
