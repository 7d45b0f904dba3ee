/** Programs that people use, through interception to a real upstream. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { reverse } from '../../src/proxy/index.ts';
import { authority, server, stranger } from '../support/certificates.ts';
import { listen, portOf } from '../support/engines.ts';
import { type Standing, standing } from './standing.ts';

interface Ran {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

async function run(t: TestContext, program: string, args: readonly string[], input = ''): Promise<Ran> {
	const child = spawn(program, args, { signal: t.signal, env: { PATH: process.env['PATH'] } });
	const texts = { stdout: '', stderr: '' };
	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', (chunk: string) => {
			texts[name] += chunk;
		});
	}
	child.stdin.end(input);
	const [status] = (await once(child, 'close')) as [number | null];
	return { status, ...texts };
}

/** A server of HTTPS behind the interception; what is inside is relayed to it, its certificate checked. */
async function relaying(t: TestContext, certificate: { cert: string; key: string }): Promise<Standing> {
	const app: App = async (request) => {
		const { method, target, fields } = raw(request);
		return respond(
			200,
			{ 'X-Host': fields.get('host') ?? '' },
			`${method} ${target} ${(await request.text()).length}\n`,
		);
	};
	const origin = await listen(t, app, {}, { host: '127.0.0.1', port: 0, tls: certificate });
	const proxy = reverse(`https://localhost:${portOf(origin)}`, { tls: { ca: authority }, log: () => {} });
	t.after(() => proxy.close());
	return standing(t, proxy);
}

const curl = (t: TestContext, stand: Standing, ...args: string[]): Promise<Ran> => {
	const through = ['--proxy', `http://127.0.0.1:${stand.port}`, '--cacert', stand.authority.path];
	return run(t, 'curl', ['-sS', '-i', '--max-time', '20', ...through, ...args]);
};

test('curl, in HTTP/1.1 and in HTTP/2, to an upstream that is verified', async (t) => {
	const stand = await relaying(t, server);
	const one = await curl(t, stand, '--http1.1', 'https://api.example/one');
	assert.match(one.stdout, /HTTP\/1\.1 200 OK[\s\S]*x-host: api\.example[\s\S]*GET \/one 0\n$/i, one.stderr);
	const two = await curl(t, stand, '--http2', '-d', 'x'.repeat(100_000), 'https://api.example/two');
	assert.match(two.stdout, /HTTP\/2 200[\s\S]*x-host: api\.example[\s\S]*POST \/two 100000\n$/i, two.stderr);
	const address = await curl(t, stand, 'https://192.0.2.1/three');
	assert.match(address.stdout, /GET \/three 0\n$/, address.stderr);
});

test('an upstream whose certificate nobody vouches for: the client inside is told', async (t) => {
	const stand = await relaying(t, stranger);
	for (const version of ['--http1.1', '--http2']) {
		const { stdout, stderr } = await curl(t, stand, version, 'https://api.example/');
		assert.match(stdout, /HTTP\/[12.]+ 502[\s\S]*proxy-status: \S+; ?error=tls_certificate_error/i, stderr);
	}
});

test('curl that does not trust the authority says so, and nothing is asked', async (t) => {
	const stand = await relaying(t, server);
	const proxy = ['--proxy', `http://127.0.0.1:${stand.port}`];
	const { status, stderr } = await run(t, 'curl', ['-sS', ...proxy, 'https://api.example/']);
	assert.equal(status, 60, stderr);
	assert.equal(stand.interceptor.statistics().rejected, 1);
});

test('openssl verifies the name, and speaks TLS 1.2 and 1.3, and nothing older', async (t) => {
	const stand = await relaying(t, server);
	const ask = (version: string): Promise<Ran> => {
		const proxy = ['-proxy', `127.0.0.1:${stand.port}`, '-connect', 'api.example:443', '-servername', 'api.example'];
		const verify = ['-CAfile', stand.authority.path, '-verify_hostname', 'api.example', '-verify_return_error'];
		return run(
			t,
			'openssl',
			['s_client', ...proxy, ...verify, version, '-quiet'],
			'GET / HTTP/1.0\r\nHost: api.example\r\n\r\n',
		);
	};
	for (const version of ['-tls1_2', '-tls1_3']) {
		const { stdout, stderr } = await ask(version);
		assert.match(stdout, /^HTTP\/1\.1 200 [\s\S]*GET \/ 0\n$/, stderr);
	}
	const old = await ask('-tls1_1');
	assert.equal(old.stdout, '');
});

test('Python’s urllib', async (t) => {
	const stand = await relaying(t, server);
	const script = `
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
opener = urllib.request.build_opener(urllib.request.ProxyHandler({"https": sys.argv[2]}), urllib.request.HTTPSHandler(context=context))
print(opener.open("https://api.example/py").read().decode(), end="")
`;
	const args = ['-c', script, stand.authority.path, `http://127.0.0.1:${stand.port}`];
	const { stdout, stderr } = await run(t, 'python3', args).catch((error: Error) => ({
		stdout: '',
		stderr: error.message,
	}));
	if (/ENOENT/.test(stderr)) return t.skip('there is no Python here');
	assert.equal(stdout, 'GET /py 0\n', stderr);
});
