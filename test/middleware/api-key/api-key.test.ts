/** Keys of programs: kept as digests, found wherever they may stand, and taken off there. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
	type App,
	compositionFaults,
	explain,
	type Layer,
	layer,
	raw,
	respond,
} from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { accessLog } from '../../../src/middleware/access-log/index.ts';
import { type ApiKeyOptions, apiKey, generateApiKey } from '../../../src/middleware/api-key/index.ts';
import { identity } from '../../../src/middleware/index.ts';
import { eventually } from '../../support/until.ts';

const build = generateApiKey('build');
const deploy = generateApiKey('deploy', 'acme');
const keys = [build.stored, { ...deploy.stored, claims: { role: 'admin' } }];

/** Who came in, and what was left of the request. */
const who: App = (request, context) => {
	const { target, fields } = raw(request);
	const { name = 'nobody', claims = {} } = context.get(identity) ?? {};
	return respond(
		200,
		{},
		JSON.stringify({ name, claims, target, fields: fields.raw.filter((one) => one !== 'localhost' && one !== 'Host') }),
	);
};

async function asked(options: Partial<ApiKeyOptions>, request: MemoryRequest) {
	const answer = await ask(apiKey({ keys, ...options } as ApiKeyOptions)(who), request);
	return answer.status === 200 ? ((await answer.json()) as Record<string, unknown>) : answer.status;
}

function folderOf(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	t.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

test('a key comes in where it is looked for, and is taken off there and nowhere else', async () => {
	const { key } = deploy;
	const came = (rest: object) => ({ name: 'deploy', claims: { role: 'admin' }, target: '/', fields: [], ...rest });
	assert.deepEqual(await asked({}, { fields: { 'x-api-key': key } }), came({}));
	assert.deepEqual(
		await asked(
			{ field: 'Authorization', scheme: 'Token' },
			{ fields: { Authorization: `token ${key}`, 'X-Other': '1' } },
		),
		came({ fields: ['X-Other', '1'] }),
	);
	assert.deepEqual(
		await asked({ cookie: 'key' }, { fields: { Cookie: `a=1; key=${key}; b="2"` } }),
		came({ fields: ['Cookie', 'a=1; b="2"'] }),
	);
	assert.deepEqual(await asked({ cookie: 'key' }, { fields: { Cookie: `key=${key}` } }), came({}));
	assert.deepEqual(
		await asked({ query: 'api_key' }, { target: `/a/../b?x=%31&api_key=${key}&&y` }),
		came({ target: '/a/../b?x=%31&&y' }),
	);
	assert.deepEqual(await asked({ query: 'api_key' }, { target: `/?api%5Fkey=${key}` }), came({ target: '/' }));
	assert.deepEqual(await asked({ pass: true }, { fields: { 'X-API-Key': key } }), came({ fields: ['X-API-Key', key] }));
	assert.deepEqual(
		await asked(
			{ role: 'proxy' },
			{ method: 'CONNECT', target: 'a.example:1', fields: { 'Proxy-Authorization': `ApiKey ${key}` } },
		),
		came({ target: 'a.example:1' }),
	);
});

test('a request without a key is asked for one, or is anonymous where that may be', async () => {
	const answer = await ask(apiKey({ keys, realm: 'api' })(who));
	assert.equal(answer.status, 401);
	assert.equal(answer.fields.get('www-authenticate'), 'ApiKey realm="api"');
	const proxied = await ask(apiKey({ keys, role: 'proxy' })(who), { method: 'CONNECT', target: 'a.example:1' });
	assert.equal(proxied.status, 407);
	assert.equal(proxied.fields.get('proxy-authenticate'), 'ApiKey realm="restricted"');
	assert.equal(((await asked({ optional: true }, {})) as { name: string }).name, 'nobody');
	assert.equal(await asked({ optional: true }, { fields: { 'X-API-Key': 'wrong' } }), 401);
});

test('what is nearly a key is refused', async () => {
	const { key, stored, line } = build;
	const changed = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
	const mixed = `${deploy.key.split('_', 2).join('_')}_${key.split('_').slice(2).join('_')}`;
	for (const one of [
		changed,
		mixed,
		key.slice(0, -1),
		`${key}x`,
		key.toUpperCase(),
		` ${key} x`,
		stored.id,
		stored.hash,
		line,
		'',
		'_',
		'__',
		'key___proto___x',
		'key_constructor_x',
	])
		assert.equal(await asked({}, { fields: { 'X-API-Key': one } }), 401, one);
	assert.equal(await asked({}, { fields: { 'X-API-Key': 'x'.repeat(5_000) } }), 400);
});

test('a key that comes twice is refused, wherever it is looked for', async () => {
	const { key } = build;
	assert.equal(await asked({}, { fields: ['X-API-Key', key, 'x-api-key', key] }), 400);
	assert.equal(
		await asked({ field: 'authorization' }, { fields: ['Authorization', `ApiKey ${key}`, 'Authorization', ''] }),
		400,
	);
	assert.equal(await asked({ cookie: 'key' }, { fields: { Cookie: `key=${key}; key=x` } }), 400);
	assert.equal(await asked({ cookie: 'key' }, { fields: ['Cookie', `key=${key}`, 'Cookie', 'key=x'] }), 400);
	assert.equal(await asked({ query: 'api_key' }, { target: `/?api_key=${key}&api%5fkey=x` }), 400);
});

test('a key that nobody has costs what one costs that somebody has', async (t) => {
	const another = generateApiKey('x').key;
	const crypto = await import('node:crypto');
	const compared = t.mock.method(crypto.default, 'timingSafeEqual');
	const hashed = t.mock.method(crypto.default, 'hash');
	for (const key of [build.key, another, `${build.key}x`, 'nonsense', '']) {
		await asked({}, { fields: { 'X-API-Key': key } });
	}
	assert.equal(compared.mock.callCount(), 5);
	assert.equal(hashed.mock.callCount(), 5);
});

test('only a digest is kept, and a new key is never like another', () => {
	assert.match(build.key, /^key_[0-9a-f]{18}_[\w-]{43}$/);
	assert.match(deploy.key, /^acme_/);
	const secret = build.key.split('_').slice(2).join('_');
	assert.equal(JSON.stringify(build.stored).includes(secret) || build.line.includes(secret), false);
	assert.notEqual(generateApiKey('build').key, build.key);
	for (const name of ['', 'a:b', 'a\nb', ' a', '#a', 'a\0']) assert.throws(() => generateApiKey(name), /a name/);
	for (const prefix of ['', '1a', 'a_b', 'a b']) assert.throws(() => generateApiKey('a', prefix), /a prefix/);
});

test('a file of keys is read again when it has changed', async (t) => {
	const path = join(folderOf(t), 'keys');
	writeFileSync(path, `# keys\n${build.line}\n${deploy.line}:{"role":"a:b","__proto__":{"x":1}}\n`);
	const one = apiKey({ keys: path });
	const status = async (key: string) => (await ask(one(who), { fields: { 'X-API-Key': key } })).status;
	const seen = await ask(one(who), { fields: { 'X-API-Key': deploy.key } });
	assert.deepEqual(
		((await seen.json()) as { claims: object }).claims,
		JSON.parse('{"role":"a:b","__proto__":{"x":1}}'),
	);
	assert.equal(await status(build.key), 200);
	writeFileSync(path, `${deploy.line}\n`);
	await eventually(async () => (await status(build.key)) === 401, 'the key is out');
	assert.equal(await status(deploy.key), 200);
});

test('a function says whose key it is', async () => {
	const verify: ApiKeyOptions['keys'] = async (key) => (key === 'good' ? { name: 'ann', claims: { n: 1 } } : null);
	assert.deepEqual(await asked({ keys: verify }, { fields: { 'X-API-Key': 'good' } }), {
		name: 'ann',
		claims: { n: 1 },
		target: '/',
		fields: [],
	});
	assert.equal(await asked({ keys: verify }, { fields: { 'X-API-Key': 'bad' } }), 401);
	for (const said of [undefined, true, {}, { name: '' }])
		assert.equal(await asked({ keys: (() => said) as never }, { fields: { 'X-API-Key': 'x' } }), 401);
	const broken = await ask(apiKey({ keys: () => Promise.reject(new Error('down')) })(who), {
		fields: { 'X-API-Key': 'x' },
	});
	assert.equal(broken.status, 500);
});

test('a key in the query does not get into the log, by whatever name is taken', async (t) => {
	const file = join(folderOf(t), 'log');
	const log = accessLog({ to: file });
	t.after(() => log.close());
	for (const query of ['api_key', 'apikey', 'access_token', 'auth']) {
		await ask(log(apiKey({ keys, query })(who)), { target: `/?${query}=${build.key}` });
	}
	log.flush();
	const text = readFileSync(file, 'utf8');
	assert.equal(text.split('\n').length, 5);
	assert.doesNotMatch(text, /key_[0-9a-f]{18}/);
});

test('options that cannot be meant are refused with their name', (t) => {
	const file = (text: string) => {
		const path = join(folderOf(t), 'keys');
		writeFileSync(path, text);
		return path;
	};
	const rows: readonly (readonly [options: object, reason: RegExp])[] = [
		[{}, /keys must be/],
		[{ keys: { a: 1 } }, /keys must be/],
		[{ keys: '/nowhere/at/all' }, /^Error: apiKey: keys: the file cannot be read: ENOENT/],
		[{ keys: [{ name: 'a', id: 'abcd', hash: build.key }] }, /keys\[0\]: the hash is SHA-256 in hex/],
		[{ keys: [null] }, /keys\[0\]/],
		[{ keys: [build.stored, build.stored] }, /keys\[1\]: this id was there before/],
		[{ keys: [{ ...build.stored, id: 'a_b_c' }] }, /the id is/],
		[{ keys: file('\nbuild') }, /line 2: the id is/],
		[{ keys: file(`${build.line}:[1]`) }, /line 1: behind the hash come claims/],
		[{ keys: file(`:${build.stored.id}:${build.stored.hash}`) }, /line 1: apiKey: a name/],
		[{ keys, field: 'a b' }, /field must be a name/],
		[{ keys, field: 'Connection' }, /Connection has a meaning of its own/],
		[{ keys, field: 'Proxy-Authorization' }, /role: 'proxy'/],
		[{ keys, field: 'X-Key', query: 'api_key' }, /one of field, cookie and query/],
		[{ keys, query: 'k' }, /query must be a name that says that it is a secret/],
		[{ keys, role: 'proxy', cookie: 'key' }, /Proxy-Authorization/],
		[{ keys, scheme: 'a b' }, /scheme must be a token/],
		[{ keys, realm: 'a\r\nb' }, /realm/],
		[{ keys, feild: 'x' }, /did you mean field\?/],
		[{ keys, log: 1 }, /log/],
	];
	for (const [options, reason] of rows) assert.throws(() => apiKey(options as ApiKeyOptions), reason, reason.source);
});

test('it proves the identity, stands in no cache, and explains itself', async () => {
	apiKey({ keys })((_, context) => respond(200, {}, context.get(identity).name));
	const optional: Layer = apiKey({ keys, optional: true });
	// @ts-expect-error -- nobody may be there
	optional((_, context) => respond(200, {}, context.get(identity).name));
	const cache = layer({ name: 'cache' }, (next) => (request, context) => next(request, context, context));
	assert.match(compositionFaults(cache(apiKey({ keys })(who) as App))[0] ?? '', /put the cache inside/);
	assert.deepEqual(compositionFaults(apiKey({ keys })(cache(who) as App)), []);
	const { request, context } = exchange(() => respond(204), { target: `/?api_key=${build.key}&a=1` });
	const [step] = await explain(apiKey({ keys, query: 'api_key' })(who), request, context);
	assert.equal(step?.explanation?.request?.target, '/?a=1');
	assert.doesNotMatch(JSON.stringify(step?.explanation?.does), /key_/);
	const [refused] = await explain(apiKey({ keys })(who), request, context);
	assert.equal(refused?.explanation?.answers, '401 Unauthorized');
	assert.equal(refused?.explanation?.fields?.[0]?.value, 'ApiKey realm="restricted"');
});
