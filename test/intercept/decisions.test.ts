/** Which tunnels are read, which are carried through, and which are refused. */
import assert from 'node:assert/strict';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServer as createTls } from 'node:tls';
import { respond } from '../../src/convention/index.ts';
import { server } from '../support/certificates.ts';
import { clientHello } from '../support/client-hello.ts';
import { until } from '../support/until.ts';
import { all, asked, secured, standing, tells, tunnel } from './standing.ts';

const GET = (host: string): string => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

/** A server of TLS that says hello to everybody, with a certificate for localhost and origin.example. */
async function origin(t: TestContext): Promise<number> {
	const listening = createTls(server, (socket) => {
		socket.on('error', () => {});
		socket.end('from the origin');
	});
	listening.on('tlsClientError', () => {});
	await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
	t.after(() => listening.close());
	return (listening.address() as AddressInfo).port;
}

/** What a handshake fails with. */
async function refusal(work: Promise<unknown>): Promise<string> {
	try {
		await work;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
	}
	return 'none';
}

test('a name of SNI that is not that of CONNECT is refused with an alert, and nobody is asked', async (t) => {
	const stand = await standing(t, tells);
	const fronted = secured(t, stand, 'good.example:443', { servername: 'evil.example' });
	assert.match(await refusal(fronted), /ACCESS_DENIED/);
	assert.deepEqual(
		stand.log.map(({ level, message, host, client }) => [level, message, host, client]),
		[['warn', 'SNI names another server: evil.example', 'good.example', '127.0.0.1']],
	);
	assert.equal(stand.interceptor.statistics().refused, 1);
	assert.equal(stand.interceptor.statistics().certificates.made, 0);
	const cased = await secured(t, stand, 'good.example:443', { servername: 'GOOD.Example' });
	assert.match(await asked(cased, GET('good.example')), /"sni":"good\.example"/i);
});

test('where SNI is followed, its name is the destination of what is inside', async (t) => {
	const stand = await standing(t, tells, { mismatch: 'follow', except: ['bank.example'] });
	const tls = await secured(t, stand, '127.0.0.1:443', { servername: 'api.example' });
	assert.match(await asked(tls, GET('api.example')), /"to":\{"scheme":"https","host":"api\.example","port":443/);
	// Neither the name of an excepted server in somebody else's tunnel, nor somebody else's name in that of one.
	assert.match(await refusal(secured(t, stand, 'a.example:443', { servername: 'bank.example' })), /ACCESS_DENIED/);
	assert.match(await refusal(secured(t, stand, 'bank.example:443', { servername: 'a.example' })), /ACCESS_DENIED/);
});

test('excepted hosts are carried through unread, with the bytes that were looked at', async (t) => {
	const stand = await standing(t, tells, { except: ['localhost', '*.bank.example'] }, await origin(t));
	const tls = await secured(t, stand, 'localhost:443', { ca: server.cert, rejectUnauthorized: false });
	assert.equal(await all(tls), 'from the origin');
	assert.deepEqual(stand.through, ['localhost']);
	const statistics = stand.interceptor.statistics();
	assert.deepEqual([statistics.passed, statistics.open, statistics.certificates.made], [1, 0, 0]);
	assert.match(
		await refusal(secured(t, stand, 'www.bank.example:443', { servername: 'evil.example' })),
		/ACCESS_DENIED/,
	);
});

test('a server that speaks first is reached where it is excepted, and nowhere else', async (t) => {
	const greeting = createTcp((socket) => void socket.on('error', () => {}).end('220 hello\r\n'));
	await new Promise<void>((resolve) => greeting.listen(0, '127.0.0.1', resolve));
	t.after(() => greeting.close());
	const { port } = greeting.address() as AddressInfo;
	const stand = await standing(t, tells, { except: ['mail.example'], handshake: 150, plain: 'pass' }, port);
	assert.equal(await all(await tunnel(t, stand.port, 'mail.example:25')), '220 hello\r\n');
	// Whoever waits until we have stopped looking could speak TLS afterwards.
	assert.equal(await all(await tunnel(t, stand.port, 'other.example:25')), '');
	assert.deepEqual(stand.through, ['mail.example']);
});

test('hosts that are not named are none of its business', async (t) => {
	const { interceptor } = await standing(t, tells, {
		hosts: ['api.example', '*.cdn.example', '192.0.2.0/28', '[2001:db8::1]'],
	});
	const wanted = (host: string): boolean =>
		interceptor.wants({ scheme: 'tunnel', host, port: 443, authority: host, path: null, intercepted: false });
	const hosts = ['api.example', 'a.cdn.example', 'a.b.cdn.example', '192.0.2.1', '2001:db8::1'];
	assert.deepEqual(hosts.map(wanted), [true, true, true, true, true]);
	const others = ['xapi.example', 'cdn.example', 'evilcdn.example', 'api.example.evil', '192.0.2.16', ''];
	assert.deepEqual(others.map(wanted), [false, false, false, false, false, false]);
	const web = { scheme: 'http', host: 'api.example', port: 80, authority: '', path: '/', intercepted: false } as const;
	assert.equal(interceptor.wants(web), false);
});

test('a client that refuses our certificate gets it again by default', async (t) => {
	const stand = await standing(t, tells, {}, await origin(t));
	await refuses(t, stand.port);
	await until(() => stand.interceptor.statistics().rejected === 1, 'the rejection is counted');
	await refuses(t, stand.port);
	await until(() => stand.interceptor.statistics().rejected === 2, 'so is the second');
	assert.deepEqual(stand.through, []);
	assert.match(stand.log[0]?.message ?? '', /refuses our certificate/);
});

test('or is left alone for a while, it and for that host alone', async (t) => {
	const stand = await standing(t, tells, { pinned: 'pass', remember: 60_000 }, await origin(t));
	await refuses(t, stand.port);
	await until(() => stand.interceptor.statistics().rejected === 1, 'the rejection is counted');
	const tls = await secured(t, stand, 'localhost:443', { rejectUnauthorized: false });
	assert.equal(await all(tls), 'from the origin');
	const other = await secured(t, stand, 'other.example:443');
	assert.match(await asked(other, GET('other.example')), /"sni":"other\.example"/);
	assert.deepEqual(stand.through, ['localhost']);
	// Known for its own name is no leave to use another.
	assert.match(await refusal(secured(t, stand, 'localhost:443', { servername: 'evil.example' })), /ACCESS_DENIED/);
});

/** A client that says so when it does not trust a certificate: node's own only leaves. */
async function refuses(t: TestContext, port: number): Promise<void> {
	const { spawn } = await import('node:child_process');
	const args = ['--proxy', `http://127.0.0.1:${port}`, '--cacert', certificateFile, '-sS', 'https://localhost/'];
	const { signal } = t;
	await new Promise((resolve) => spawn('curl', args, { signal, stdio: 'ignore' }).once('close', resolve));
}
const certificateFile = `${import.meta.dirname}/../support/certificates/authority.pem`;

test('no TLS, where that is refused or carried through', async (t) => {
	const echo = createTcp((socket) => void socket.pipe(socket));
	await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
	t.after(() => echo.close());
	const { port } = echo.address() as AddressInfo;
	const refused = await standing(t, tells, { plain: 'refuse' }, port);
	assert.equal(await asked(await tunnel(t, refused.port, 'a.example:80'), GET('a.example')), '');
	const passed = await standing(t, tells, { plain: 'pass' }, port);
	const client = await tunnel(t, passed.port, 'a.example:22');
	client.end('SSH-2.0-x\r\n');
	assert.equal(await all(client), 'SSH-2.0-x\r\n');
	assert.deepEqual([refused.through, passed.through], [[], ['a.example']]);
});

test('what begins like TLS and is none gets an alert, at any place it breaks off', async (t) => {
	const stand = await standing(t, tells, { plain: 'pass', handshake: 200 });
	const bad = await tunnel(t, stand.port, 'a.example:443');
	bad.write(Buffer.from('160303000502000001ff', 'hex'));
	assert.equal(Buffer.from(await all(bad), 'latin1').toString('hex'), '15030300020232');
	const half = await tunnel(t, stand.port, 'a.example:443');
	half.write(Buffer.from('1603', 'hex'));
	assert.equal(await all(half), '');
	const gone = await tunnel(t, stand.port, 'a.example:443');
	gone.end(Buffer.from('160301', 'hex'));
	assert.equal(await all(gone), '');
	await until(() => stand.interceptor.statistics().open === 0, 'nothing is open');
	assert.deepEqual(stand.through, []);
});

test('a client that never ends its handshake is let go', async (t) => {
	const stand = await standing(t, tells, { handshake: 150 });
	const slow = await tunnel(t, stand.port, 'a.example:443');
	slow.write(await clientHello({ servername: 'a.example' }));
	assert.match(await all(slow), /^\x16\x03\x03/, 'we have answered');
	await until(() => stand.interceptor.statistics().open === 0, 'nothing is open');
	assert.equal(stand.interceptor.statistics().intercepted, 0);
});

test('nothing in common by ALPN ends the handshake', async (t) => {
	const stand = await standing(t, tells);
	assert.match(
		await refusal(secured(t, stand, 'a.example:443', { ALPNProtocols: ['spdy/3'] })),
		/NO_APPLICATION_PROTOCOL/,
	);
	const old = await standing(t, tells, { http2: false });
	const tls = await secured(t, old, 'a.example:443', { ALPNProtocols: ['h2', 'http/1.1'] });
	assert.equal(tls.alpnProtocol, 'http/1.1');
});

test('without SNI the certificate is for whom CONNECT named, a name or an address', async (t) => {
	const stand = await standing(t, tells);
	const address = await secured(t, stand, '192.0.2.7:443');
	assert.equal(address.getPeerCertificate().subjectaltname, 'IP Address:192.0.2.7');
	const six = await secured(t, stand, '[2001:db8::7]:443', { servername: '', host: '2001:db8::7' });
	assert.match(six.getPeerCertificate().subjectaltname ?? '', /^IP Address:2001:DB8:0:0:0:0:0:7$/);
	assert.match(await asked(six, GET('[2001:db8::7]')), /"authority":"\[2001:db8::7\]"/);
});

test('without an authority there is an alert, and the log says why', async (t) => {
	const working = await standing(t, tells);
	let broken = false;
	const ca = {
		directory: '',
		load: async () => {
			if (broken) throw new Error('the key can be read by others');
			return working.authority;
		},
	};
	const stand = await standing(t, () => respond(204), { ca });
	broken = true;
	assert.match(await refusal(secured(t, stand, 'a.example:443')), /INTERNAL_ERROR/);
	assert.deepEqual([stand.log[0]?.level, /read by others/.test(stand.log[0]?.message ?? '')], ['error', true]);
	await assert.rejects(stand.interceptor.start(), /read by others/);
});
