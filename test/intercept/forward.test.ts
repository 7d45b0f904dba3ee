/** Interception in the forward proxy itself: its policy, guard, audit and failures hold for what is inside. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type App, type Middleware, raw, respond } from '../../src/convention/index.ts';
import { certificateAuthority, type InterceptOptions, intercept } from '../../src/intercept/index.ts';
import {
	type AuditRecord,
	allow,
	deny,
	type ForwardOptions,
	firstOf,
	forward,
	type Policy,
} from '../../src/proxy/index.ts';
import { authority, server, stranger } from '../support/certificates.ts';
import { listen, portOf } from '../support/engines.ts';
import { until } from '../support/until.ts';
import { all, asked, secured, temporary } from './standing.ts';

async function proxy(t: TestContext, options: ForwardOptions = {}, more: Partial<InterceptOptions> = {}) {
	const ca = certificateAuthority({ directory: temporary(t) });
	const interceptor = intercept({ hosts: ['*'], ca, log: () => {}, ...more });
	const records: AuditRecord[] = [];
	const app = forward({
		ports: null,
		allowPrivate: ['loopback', 'self'],
		tls: { ca: authority },
		intercept: interceptor,
		audit: (record) => records.push(record),
		log: () => {},
		...options,
	});
	t.after(() => Promise.all([app.close(), interceptor.close()]));
	const listener = await listen(t, app);
	return { port: portOf(listener), authority: await ca.load(), records, interceptor };
}

async function origin(t: TestContext, certificate = server): Promise<number> {
	const app: App = async (request) => {
		const { method, target, fields } = raw(request);
		return respond(200, { 'X-Seen': fields.get('x-added') ?? '' }, `${method} ${target} for ${fields.get('host')}`);
	};
	return portOf(await listen(t, app, {}, { host: '127.0.0.1', port: 0, tls: certificate }));
}

const get = (host: string, target = '/'): string =>
	`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

test('requests inside go through the policy, what wraps it, and out; each is in the audit', async (t) => {
	const port = await origin(t);
	const inner: Middleware = (next) => (request, context) => {
		raw(request).headers.set('x-added', 'by us');
		return next(request, context, context);
	};
	const admin: Policy = ({ destination }) =>
		destination.path?.startsWith('/admin') === true ? { allowed: false, rule: 'no admin' } : null;
	const policy = firstOf(admin, allow({ hosts: ['localhost'] }));
	const stand = await proxy(t, { policy, inner });
	const host = `localhost:${port}`;
	const answer = await asked(await secured(t, stand, host), get(host, '/a?b'));
	assert.match(answer, new RegExp(`^HTTP/1\\.1 200 [\\s\\S]*X-Seen: by us[\\s\\S]*GET /a\\?b for ${host}`));
	const refused = await asked(await secured(t, stand, host), get(host, '/admin'));
	assert.match(refused, /^HTTP\/1\.1 403 [\s\S]*Proxy-Status: \S+; ?error=http_request_denied/);
	await until(() => stand.records.filter(({ intercepted }) => intercepted).length === 2, 'both are in the audit');
});

test('an upstream that cannot be verified is shown inside', async (t) => {
	const port = await origin(t, stranger);
	const stand = await proxy(t);
	const answer = await asked(await secured(t, stand, `localhost:${port}`), get(`localhost:${port}`));
	assert.match(answer, /^HTTP\/1\.1 502 [\s\S]*Proxy-Status: \S+; ?error=tls_certificate_error/);
});

test('the guard holds inside', async (t) => {
	const port = await origin(t);
	const stand = await proxy(t, { allowPrivate: [] });
	const answer = await asked(await secured(t, stand, `127.0.0.1:${port}`), get(`127.0.0.1:${port}`));
	assert.match(answer, /^HTTP\/1\.1 403 [\s\S]*error=destination_ip_prohibited/);
});

test('a Host that is not that of the tunnel is refused, in every spelling', async (t) => {
	const port = await origin(t);
	const stand = await proxy(t);
	const host = `localhost:${port}`;
	for (const request of [
		get('evil.example'),
		get('localhost'),
		get(`localhost:${port + 1}`),
		`GET https://evil.example/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
		`GET http://${host}:80/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
		`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
	]) {
		assert.match(await asked(await secured(t, stand, host), request), /^HTTP\/1\.1 40[05] /, request);
	}
	const absolute = `GET https://${host}/x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
	assert.match(await asked(await secured(t, stand, host), absolute), /GET \/x for localhost/);
});

test('SNI that is followed is what the policy is asked about', async (t) => {
	const port = await origin(t);
	const policy = firstOf(deny({ hosts: ['evil.example'] }), allow({ hosts: ['127.0.0.1', 'localhost'] }));
	const stand = await proxy(t, { policy }, { mismatch: 'follow' });
	const target = `127.0.0.1:${port}`;
	const evil = await secured(t, stand, target, { servername: 'evil.example' });
	assert.match(await asked(evil, get(`evil.example:${port}`)), /^HTTP\/1\.1 403 /);
	const good = await secured(t, stand, target, { servername: 'localhost' });
	assert.match(await asked(good, get(`localhost:${port}`)), /^HTTP\/1\.1 200 /);
});

test('excepted hosts are carried through to themselves', async (t) => {
	const port = await origin(t);
	const stand = await proxy(t, {}, { except: ['localhost'] });
	const tls = await secured(t, stand, `localhost:${port}`, { ca: authority });
	assert.match(await asked(tls, get(`localhost:${port}`, '/direct')), /GET \/direct for localhost/);
	assert.equal(stand.interceptor.statistics().passed, 1);
	const gone = await proxy(t, {}, { except: ['localhost'] });
	await assert.rejects(secured(t, gone, 'localhost:1'));
});

test('a WebSocket inside reaches its server', async (t) => {
	const echo: App = () =>
		respond(101, { Upgrade: 'websocket', Connection: 'Upgrade' }, null, {
			tunnel: (inner) =>
				inner.readable.start({
					write: (chunk) => inner.writable.write(chunk.slice()),
					end: () => inner.writable.end(),
					fail: () => {},
				}),
		});
	const port = portOf(await listen(t, echo, {}, { host: '127.0.0.1', port: 0, tls: server }));
	const stand = await proxy(t);
	const tls = await secured(t, stand, `localhost:${port}`);
	const text = all(tls);
	tls.write(
		`GET /ws HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
	);
	tls.end('frames');
	assert.match(await text, /^HTTP\/1\.1 101 [\s\S]*\r\n\r\nframes$/);
});
