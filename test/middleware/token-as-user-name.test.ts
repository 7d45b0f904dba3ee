/** Tokens and keys as user names of Basic credentials: for tools that know no more than `http://TOKEN:@proxy`. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { type App, explain, identity, type Middleware, raw, respond, stack } from '../../src/convention/index.ts';
import { ask, exchange } from '../../src/engine/memory/index.ts';
import { apiKey, generateApiKey } from '../../src/middleware/api-key/index.ts';
import { type BearerOptions, bearer } from '../../src/middleware/bearer/index.ts';
import { errors } from '../../src/middleware/errors/index.ts';
import { forwardProxy } from '../support/forward-proxy.ts';
import { ok, origin } from '../support/raw-server.ts';

const build = generateApiKey('build');
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const trusted: BearerOptions = {
	issuer: 'https://issuer.example/',
	audience: 'https://proxy.example/',
	key: pair.publicKey.export({ type: 'spki', format: 'pem' }) as string,
};
const jwt = await new SignJWT({ sub: 'ann' })
	.setProtectedHeader({ alg: 'ES256' })
	.setIssuer('https://issuer.example/')
	.setAudience('https://proxy.example/')
	.setExpirationTime('10 min')
	.sign(pair.privateKey);

const who: App = (request, context) => {
	const { fields } = raw(request);
	const left = fields.get('proxy-authorization') ?? fields.get('authorization') ?? '-';
	return respond(200, null, `${context.get(identity)?.name} ${context.get(identity)?.by} ${left}`);
};
const layers: [name: string, token: string, user: string, proxy: Middleware, origin: Middleware][] = [
	[
		'bearer',
		jwt,
		'ann bearer',
		bearer({ ...trusted, role: 'proxy', asUserName: true }) as Middleware,
		bearer({ ...trusted, asUserName: true }) as Middleware,
	],
	[
		'apiKey',
		build.key,
		'build api-key',
		apiKey({ keys: [build.stored], role: 'proxy', asUserName: true }) as Middleware,
		apiKey({ keys: [build.stored], field: 'Authorization', asUserName: true }) as Middleware,
	],
];

for (const [name, token, user, proxy, forOrigin] of layers) {
	for (const [layer, field, challenge, status] of [
		[proxy, 'Proxy-Authorization', 'proxy-authenticate', 407],
		[forOrigin, 'Authorization', 'www-authenticate', 401],
	] as const) {
		const app = layer(who);
		const send = (value: string) => ask(app, { fields: { [field]: value } });

		test(`${name}: ${field} is taken behind its scheme and as a user name, whatever the password, and taken off`, async () => {
			const scheme = name === 'bearer' ? 'Bearer' : 'ApiKey';
			for (const value of [
				`${scheme} ${token}`,
				`Basic ${btoa(`${token}:`)}`,
				`basic ${btoa(`${token}:x`)}`,
				`Basic   ${btoa(`${token}:x:y`)}`,
			])
				assert.equal(await (await send(value)).text(), `${user} -`, value);
		});

		test(`${name}: ${field} as a user name that is no good is ${status}, with both challenges`, async () => {
			const good = btoa(`${token}:`);
			for (const value of [
				'',
				'Basic',
				`Basic ${btoa('x:')}`,
				`Basic ${btoa(`:${token}`)}`,
				`Basic ${btoa(token)}`,
				`Basic ${btoa(` ${token}:`)}`,
				`Basic ${good}=`,
				`Basic ${good.slice(0, 8)} ${good.slice(8)}`,
				`Basic ${good.replace(/=*$/, '')}\x80`,
				`Basic ${'A'.repeat(100_000)}`,
				`Digest ${good}`,
			]) {
				const answer = await (value === '' ? ask(app) : send(value));
				assert.equal(answer.status, status, value.slice(0, 40));
				const offered = answer.fields.all(challenge);
				assert.equal(offered.length, 2);
				assert.match(offered[0] as string, name === 'bearer' ? /^Bearer realm=/ : /^ApiKey realm=/);
				assert.equal(offered[1], 'Basic realm="restricted"');
				assert.ok(!(await answer.text()).includes(token));
			}
		});

		test(`${name}: explain finds it in ${field}`, async () => {
			const steps = async (value: string): Promise<string> => {
				const one = exchange(() => respond(204), { fields: { [field]: value } });
				await one.answer;
				return JSON.stringify((await explain(app, one.request, one.context))[0]);
			};
			assert.match(await steps(`Basic ${btoa(`${token}:`)}`), new RegExp(`"removes","name":"${field}"`));
			assert.match(await steps('Digest x'), new RegExp(String(status)));
		});
	}
}

test('without the option Basic is not looked at, and not offered', async () => {
	const app = apiKey({ keys: [build.stored], role: 'proxy' })(who) as App;
	const answer = await ask(app, { fields: { 'Proxy-Authorization': `Basic ${btoa(`${build.key}:`)}` } });
	assert.equal(answer.status, 407);
	assert.deepEqual(answer.fields.all('proxy-authenticate'), ['ApiKey realm="restricted"']);
});

test('refused at the start: what is neither true nor false, and a key that comes elsewhere', () => {
	const keys = [build.stored];
	assert.throws(() => bearer({ ...trusted, asUserName: 1 as never }), /bearer: asUserName must be true or false/);
	assert.throws(() => apiKey({ keys, asUserName: 'x' as never }), /apiKey: asUserName must be true or false/);
	assert.throws(() => apiKey({ keys, asUserName: true }), /apiKey: asUserName: for a key in Authorization/);
	assert.throws(() => apiKey({ keys, query: 'token', asUserName: true }), /apiKey: asUserName/);
});

const run = promisify(execFile);
const curl = await run('curl', ['--version']).then(
	() => true,
	() => false,
);

test('curl with http://KEY:@proxy comes in, and the key stays with the proxy', {
	skip: !curl && 'no curl',
}, async (t) => {
	const there = await origin(t, () => ok('fine'));
	const guard = stack(errors({ log: false }), apiKey({ keys: [build.stored], role: 'proxy', asUserName: true }));
	const p = await forwardProxy(t, { wrap: (app) => guard(app) as App });
	const get = async (user: string): Promise<string> => {
		const proxy = `http://${user}@127.0.0.1:${p.port}`;
		const url = `http://127.0.0.1:${there.port}/`;
		return (await run('curl', ['-s', '-o', '-', '-w', ' %{http_code}', '--noproxy', '', '-x', proxy, url])).stdout;
	};
	assert.equal(await get(`${encodeURIComponent(build.key)}:`), 'fine 200');
	assert.match(await get('nobody:'), / 407$/);
	assert.ok(!there.received.includes(build.key));
	assert.equal(p.audit.find(({ outcome }) => outcome === 'allowed')?.identity, 'build');
});
