/** The layers of a front door, all of them, around one app on a real socket: they must bear each other. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
	accessLog,
	basicAuth,
	bodyLimit,
	clientAddress,
	compress,
	cors,
	csrf,
	decompress,
	errors,
	hashPassword,
	identity,
	ipAllow,
	maintenance,
	rateLimit,
	requestId,
	requestIdKey,
	routes,
	securityHeaders,
	serve,
	session,
	sessions,
	stack,
	timeout,
} from '../../src/index.ts';

const PAGE = '<p>A page that is long enough to be compressed.</p>'.repeat(60);
const ORIGIN = 'https://shop.example';

interface Door {
	readonly url: string;
	readonly lines: Record<string, unknown>[];
	readonly failures: string[];
}

async function door(t: TestContext): Promise<Door> {
	const lines: Record<string, unknown>[] = [];
	const failures: string[] = [];
	const users = { ann: await hashPassword('secret', 'scrypt') };
	const table = routes({
		'GET /page': () => new Response(PAGE, { headers: { 'content-type': 'text/html' } }),
		'POST /echo': async (request) => new Response(await request.text()),
		'GET /broken': () => {
			throw new Error('a secret detail');
		},
		'GET /id': (_, context) => new Response(context.get(requestIdKey)),
		'/visits': async (_, context) => {
			const own = context.get(session);
			const visits = Number((await own?.get('visits')) ?? 0) + 1;
			own?.set('visits', visits);
			return new Response(`${visits}`);
		},
		'GET /me': stack(basicAuth({ users }))((_, context) => new Response(context.get(identity).name)),
	});
	const layers = stack(
		requestId(),
		accessLog({ format: 'json', to: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) }),
		clientAddress({ trust: ['loopback'], field: 'X-Forwarded-For' }),
		errors({ log: ({ message, id }) => failures.push(`${message} ${id}`) }),
		securityHeaders(),
		cors({ origins: [ORIGIN], credentials: true }),
		ipAllow({ deny: ['203.0.113.0/24'] }),
		maintenance({ enabled: false }),
		rateLimit({ limit: '1000/min' }),
		timeout(5000),
		compress(),
		bodyLimit(1000),
		decompress(),
		sessions({ secret: 'a secret that is long enough to be one', cookie: { secure: false, name: 'own' } }),
		csrf(),
	);
	const running = await serve({ app: layers(table), listen: '127.0.0.1:0', log: () => {} });
	t.after(() => running.stop());
	return { url: running.urls[0] as string, lines, failures };
}

test('a page comes compressed, with its id, its security headers and its line in the log', async (t) => {
	const { url, lines } = await door(t);
	const answer = await fetch(`${url}/page`, { headers: { 'accept-encoding': 'gzip' } });
	assert.equal(await answer.text(), PAGE);
	assert.equal(answer.headers.get('content-encoding'), 'gzip');
	assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
	const id = answer.headers.get('x-request-id');
	assert.match(id ?? '', /^[0-9A-Z]{26}$/);
	assert.equal(lines[0]?.['requestId'], id);
	assert.equal(lines[0]?.['status'], 200);
	assert.equal(lines[0]?.['client'], '127.0.0.1');
	const own = await fetch(`${url}/id`);
	assert.equal(await own.text(), own.headers.get('x-request-id'));
});

test('an error is logged once with the id, and a page of another origin may read the answer', async (t) => {
	const { url, failures } = await door(t);
	const answer = await fetch(`${url}/broken`, { headers: { origin: ORIGIN, accept: 'application/json' } });
	assert.equal(answer.status, 500);
	assert.equal(answer.headers.get('access-control-allow-origin'), ORIGIN);
	assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
	const problem = (await answer.json()) as Record<string, unknown>;
	assert.doesNotMatch(JSON.stringify(problem), /secret detail/);
	assert.equal(problem['requestId'], answer.headers.get('x-request-id'));
	assert.deepEqual(failures, [`A request failed ${answer.headers.get('x-request-id')}`]);
});

test('who is refused is refused by the layer that refuses, and told no more', async (t) => {
	const { url } = await door(t);
	const status = async (path: string, init: RequestInit): Promise<number> => {
		const answer = await fetch(`${url}${path}`, init);
		await answer.arrayBuffer();
		return answer.status;
	};
	assert.equal(await status('/page', { headers: { 'x-forwarded-for': '203.0.113.9' } }), 403);
	assert.equal(await status('/nothing', {}), 404);
	assert.equal(await status('/echo', { method: 'POST', body: 'a', headers: { origin: 'https://evil.example' } }), 403);
	assert.equal(await status('/echo', { method: 'POST', body: 'a'.repeat(2000), headers: { origin: url } }), 413);
	assert.equal(await status('/echo', { method: 'POST', body: 'a', headers: { origin: url } }), 200);
	assert.equal(await status('/me', {}), 401);
	assert.equal(await status('/me', { headers: { authorization: `Basic ${btoa('ann:wrong')}` } }), 401);
	assert.equal(await status('/me', { headers: { authorization: `Basic ${btoa('ann:secret')}` } }), 200);
});

test('a session goes from one request to the next', async (t) => {
	const { url } = await door(t);
	const first = await fetch(`${url}/visits`);
	assert.equal(await first.text(), '1');
	const [cookie = ''] = first.headers.getSetCookie();
	const second = await fetch(`${url}/visits`, { headers: { cookie: cookie.split(';', 1)[0] as string } });
	assert.equal(await second.text(), '2');
});
