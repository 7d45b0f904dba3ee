/** Through a parent by CONNECT and SOCKS5, on real sockets: what goes over the wire, and what comes of what comes back. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseParent, type UpstreamOptions } from '../../../src/client/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { authority, server } from '../../support/certificates.ts';
import { ok, origin as originOf, type RawServer, rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';
import { deadEnd, errorOf, to, told } from '../asking.ts';
import { httpParent, socksParent } from './parents.ts';

const tls = { ca: authority };
const secure = (t: TestContext): Promise<RawServer> =>
	originOf(t, (request) => ok(`${request.target} here`), { tls: server });

test('an https origin through an http parent: CONNECT by name, TLS with the origin, connections kept', async (t) => {
	const [origin, parent] = [await secure(t), await httpParent(t)];
	const app = to(t, `https://origin.example:${origin.port}`, { tls, parent: `http://127.0.0.1:${parent.port}` });
	assert.equal(await told(app, '/a'), '/a here');
	assert.equal(await told(app, '/b'), '/b here');
	assert.deepEqual(parent.asked, [
		`CONNECT origin.example:${origin.port} HTTP/1.1\r\nHost: origin.example:${origin.port}\r\n\r\n`,
	]);
});

test('the certificate must be the origin’s, not the parent’s', async (t) => {
	const [origin, parent] = [await secure(t), await httpParent(t)];
	const app = to(t, `https://other.example:${origin.port}`, { tls, parent: `http://127.0.0.1:${parent.port}` });
	assert.equal(await told(app), '!tls_certificate_error');
	assert.equal(origin.requests.length, 0);
});

test('credentials go to the parent alone', async (t) => {
	const [origin, parent] = [await secure(t), await httpParent(t)];
	const url = `http://ada:p%40ss%C3%A4@127.0.0.1:${parent.port}`;
	assert.match(await told(to(t, `https://origin.example:${origin.port}`, { tls, parent: url })), /^\/ here/);
	const value = /Proxy-Authorization: Basic (\S+)\r\n/.exec(parent.asked[0] as string)?.[1] ?? '';
	assert.equal(Buffer.from(value, 'base64').toString(), 'ada:p@ssä');
	assert.equal(origin.requests[0]?.get('proxy-authorization'), null);
});

test('an https parent is verified by its own name, with its own authorities', async (t) => {
	const [origin, parent] = [await secure(t), await httpParent(t, { tls: server })];
	const through = (host: string, options = {}) =>
		told(
			to(t, `https://origin.example:${origin.port}`, {
				tls,
				parent: parseParent(`https://${host}:${parent.port}`, options),
			}),
		);
	assert.match(await through('localhost', { tls }), /^\/ here/, 'TLS in TLS');
	assert.equal(await through('localhost'), '!tls_certificate_error', 'trust in the origin is none in the parent');
	const as = { tls: { ...tls, serverName: 'wrong.example' } };
	assert.equal(await through('localhost', as), '!tls_certificate_error');
});

for (const [what, options] of [
	['an http', {}],
	['an https', { tls: server }],
] as const) {
	test(`an http origin through a tunnel of ${what} parent`, async (t) => {
		const origin = await originOf(t, (request) => ok(request.startLine));
		const parent = await httpParent(t, options);
		const url = `${'tls' in options ? 'https' : 'http'}://localhost:${parent.port}`;
		const through = parseParent(url, { tunnel: true, ...('tls' in options && { tls }) });
		const app = to(t, `http://origin.example:${origin.port}`, { parent: through });
		for (const path of ['/x', '/y']) assert.equal(await told(app, path), `GET ${path} HTTP/1.1`);
		assert.equal(parent.asked.length, 1);
	});
}

const socks: readonly [string, string | undefined][] = [
	['without a password', undefined],
	['with a password', 'ada:pässword'],
];
for (const [what, login] of socks) {
	test(`http and https through SOCKS5 ${what}: names are the parent’s to resolve`, async (t) => {
		const parent = await socksParent(t, login === undefined ? {} : { login });
		const user = login === undefined ? '' : `${encodeURI(login)}@`;
		const given = login === undefined ? '' : `${login}@`;
		const [plain, safe] = [await originOf(t, () => ok('plain')), await secure(t)];
		const options = { tls, parent: `socks5h://${user}127.0.0.1:${parent.port}` };
		assert.equal(await told(to(t, `http://origin.example:${plain.port}`, options)), 'plain');
		assert.match(await told(to(t, `https://origin.example:${safe.port}`, options)), /^\/ here/);
		assert.equal(await told(to(t, `http://127.0.0.1:${plain.port}`, options)), 'plain');
		assert.equal(await told(to(t, `http://[2001:db8::1]:${plain.port}`, options)), 'plain');
		assert.deepEqual(parent.asked, [
			`${given}3:origin.example:${plain.port}`,
			`${given}3:origin.example:${safe.port}`,
			`${given}1:7f000001:${plain.port}`,
			`${given}4:20010db8000000000000000000000001:${plain.port}`,
		]);
	});
}

const NO = 'Content-Length: 0\r\n\r\n';
const heads: readonly [string, string][] = [
	[
		`HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n${NO}`,
		'proxy_configuration_error',
	],
	[`HTTP/1.1 403 Forbidden\r\n${NO}`, 'http_request_denied'],
	[`HTTP/1.1 405 Method Not Allowed\r\n${NO}`, 'proxy_configuration_error'],
	[`HTTP/1.1 502 Bad Gateway\r\n${NO}`, 'destination_unavailable'],
	[`HTTP/1.1 504 Gateway Timeout\r\n${NO}`, 'connection_timeout'],
	[`HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n${NO}`, 'destination_unavailable'],
	['SSH-2.0-OpenSSH\r\n', 'http_protocol_error'],
	['HTTP/1.1 200 OK\n\n', 'http_protocol_error'],
	[`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`, 'http_response_header_section_size'],
	['HTTP/1.1 100 Continue\r\n\r\n'.repeat(50), 'http_protocol_error'],
	['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', 'http_protocol_error'],
];
for (const [answer, type] of heads) {
	test(`a parent that answers ${JSON.stringify(answer.slice(0, 40))}: ${type}`, async (t) => {
		const parent = await httpParent(t, { answer: () => answer });
		const app = to(t, 'https://origin.example', { tls, parent: `http://ada:hush@127.0.0.1:${parent.port}` });
		const error = errorOf(await ask(app, '/'));
		assert.equal(error.type, type);
		assert.doesNotMatch(`${error.stack} ${error.details} ${JSON.stringify(error)}`, /hush/);
		await (await parent.server.peer()).closed();
		assert.equal(app.statistics().connections, 0);
	});
}

test('407 says whose password is wanted, or wrong', async (t) => {
	const parent = await httpParent(t, { answer: () => `HTTP/1.1 407 No\r\n${NO}` });
	const message = async (login: string) =>
		errorOf(await ask(to(t, 'https://origin.example', { parent: `http://${login}127.0.0.1:${parent.port}` }), '/'))
			.message;
	assert.equal(await message(''), `The parent proxy http://127.0.0.1:${parent.port} wants a user and a password`);
	assert.equal(
		await message('a:b@'),
		`The parent proxy http://127.0.0.1:${parent.port} does not take our user and password`,
	);
});

test('a 2xx may have fields that mean nothing there, and 1xx before it', async (t) => {
	const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n';
	for (const head of ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'HTTP/1.0 200\r\n\r\n', answer]) {
		const [origin, parent] = [await secure(t), await httpParent(t, { answer: () => head })];
		const app = to(t, `https://origin.example:${origin.port}`, { tls, parent: `http://127.0.0.1:${parent.port}` });
		assert.match(await told(app), /^\/ here|^!http_protocol_error$/);
	}
});

const replies: readonly [number, string][] = [
	[1, 'destination_unavailable'],
	[2, 'http_request_denied'],
	[3, 'destination_ip_unroutable'],
	[4, 'destination_ip_unroutable'],
	[5, 'connection_refused'],
	[6, 'connection_timeout'],
	[7, 'proxy_configuration_error'],
	[8, 'destination_ip_unroutable'],
	[99, 'destination_unavailable'],
];
for (const [reply, type] of replies) {
	test(`SOCKS5 reply ${reply}: ${type}`, async (t) => {
		const parent = await socksParent(t, { reply });
		const app = to(t, 'http://origin.example', { parent: `socks5://127.0.0.1:${parent.port}` });
		assert.equal(await told(app), `!${type}`);
		await (await parent.server.peer()).closed();
	});
}

test('a SOCKS5 parent that takes no password, the wrong one, or is none', async (t) => {
	const strict = await socksParent(t, { login: 'ada:right' });
	const through = async (url: string): Promise<string> => {
		const error = errorOf(await ask(to(t, 'http://origin.example', { parent: url }), '/'));
		assert.doesNotMatch(`${error.stack} ${error.details}`, /hush/);
		return error.type;
	};
	assert.equal(await through(`socks5://127.0.0.1:${strict.port}`), 'proxy_configuration_error');
	assert.equal(await through(`socks5://ada:hush@127.0.0.1:${strict.port}`), 'proxy_configuration_error');
	const web = await rawServer(t, (peer) => void peer.send('HTTP/1.1 400 Bad Request\r\n\r\n'));
	assert.equal(await through(`socks5://ada:hush@127.0.0.1:${web.port}`), 'connection_terminated');
});

test('a parent that is not there, and one that leaves at any point', async (t) => {
	const dead = await deadEnd(t);
	assert.equal(await told(to(t, 'https://origin.example', { parent: dead })), '!connection_refused');
	const answers: readonly [string, string][] = [
		['http', 'HTTP/1.1 200 OK\r\n\r'],
		['http', ''],
		['socks5', '\x05'],
		['socks5', '\x05\0'],
	];
	for (const [scheme, answer] of answers) {
		const parent = await rawServer(t, async (peer) => {
			await peer.when(() => peer.bytes > 0, 'something');
			peer.send(answer).finish();
		});
		const app = to(t, 'https://origin.example', { parent: `${scheme}://127.0.0.1:${parent.port}` });
		assert.match(await told(app), /^!(connection_terminated|http_response_incomplete)$/);
		await (await parent.peer()).closed();
	}
});

test('one time-out covers the parent, its answer, and TLS behind it', async (t) => {
	const silent = await rawServer(t);
	const open = await httpParent(t, { to: silent.port });
	const options = (parent: string): UpstreamOptions => ({ tls, parent, timeouts: { connect: 150 } });
	for (const url of [
		`http://127.0.0.1:${silent.port}`,
		`https://127.0.0.1:${silent.port}`,
		`socks5://127.0.0.1:${silent.port}`,
		`http://127.0.0.1:${open.port}`,
	])
		assert.equal(await told(to(t, 'https://origin.example', options(url))), '!connection_timeout', url);
	await until(() => [...silent.peers, ...open.server.peers].every((peer) => peer.over), 'every connection closed');
});

test('upstreams that are closed give up in every state', async (t) => {
	const silent = await rawServer(t);
	const open = await httpParent(t, { to: silent.port });
	for (const [server, scheme] of [
		[silent, 'http'],
		[silent, 'socks5'],
		[silent, 'https'],
		[open.server, 'http'],
	] as const) {
		const before = server.peers.length;
		const app = to(t, 'https://origin.example', { tls, parent: `${scheme}://127.0.0.1:${server.port}` });
		const answer = told(app);
		await until(() => server.peers.length > before && (server.peers[before]?.bytes ?? 0) > 0, 'it has been asked');
		await app.close();
		assert.equal(await answer, '!connection_terminated');
		await server.peers[before]?.closed();
	}
});

test('a response behind the parent’s answer that nobody asked for is not taken for one', async (t) => {
	const early = await rawServer(t, async (peer) => {
		await peer.read('\r\n\r\n');
		peer.send(`HTTP/1.1 200 OK\r\n\r\n${ok('poison')}`);
	});
	const through = parseParent(`http://127.0.0.1:${early.port}`, { tunnel: true });
	const app = to(t, 'http://origin.example', { parent: through });
	assert.equal(await told(app), '!http_protocol_error');
	assert.equal(app.statistics().connections, 0);
});
