/** Names and passwords: who comes in, what it costs to guess, and what the app within gets to see. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import {
	type App,
	compositionFaults,
	compositionOf,
	explain,
	type Layer,
	type Middleware,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { type BasicAuthOptions, basicAuth, hashPassword } from '../../../src/middleware/basic-auth/index.ts';
import { identity } from '../../../src/middleware/index.ts';
import { eventually, until } from '../../support/until.ts';

const bcrypt = hashSync('open sesame', 4);
const quick = '$scrypt$ln=10,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$';

const basic = (name: string, password: string): string =>
	`Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
const signed = (name: string, password: string, field = 'Authorization') => ({
	fields: { [field]: basic(name, password) },
});

const who: App = (request, context) =>
	respond(200, {}, `${context.get(identity)?.name ?? 'nobody'} ${raw(request).fields.get('authorization') ?? '-'}`);

/** As if `optional` were never given: tests that give it look at no identity. */
function guarded(t: TestContext, options: BasicAuthOptions) {
	const layer = basicAuth(options as BasicAuthOptions & { readonly optional?: false });
	t.after(() => layer.close());
	return { layer, app: layer(who) };
}

function fileOf(t: TestContext, text: string): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const path = join(folder, 'users');
	writeFileSync(path, text);
	return path;
}

test('the right password comes in, and is taken off the request', async (t) => {
	const { app } = guarded(t, { users: { ann: bcrypt }, realm: 'the "site"' });
	const answer = await ask(app, signed('ann', 'open sesame'));
	assert.equal(await answer.text(), 'ann -');
	const refused = await ask(app, signed('ann', 'open sesames'));
	assert.equal(refused.status, 401);
	assert.equal(refused.fields.get('www-authenticate'), 'Basic realm="the \\"site\\"", charset="UTF-8"');
	assert.equal((await ask(app)).status, 401);
});

test('every kind of hash is held against its password', async (t) => {
	const users: Record<string, string> = {
		bcrypt2a: bcrypt.replace('$2b$', '$2a$'),
		bcrypt2y: bcrypt.replace('$2b$', '$2y$'),
		scrypt: await hashPassword('open sesame', 'scrypt'),
		usual: await hashPassword('open sesame'),
	};
	const { app } = guarded(t, { users });
	for (const name of Object.keys(users)) {
		assert.equal((await ask(app, signed(name, 'open sesame'))).status, 200, name);
		assert.equal((await ask(app, signed(name, 'open sesam'))).status, 401, name);
	}
});

test('a proxy asks with 407 for Proxy-Authorization, for CONNECT and GET alike', async (t) => {
	const { app } = guarded(t, { users: { ann: bcrypt }, role: 'proxy' });
	for (const method of ['CONNECT', 'GET']) {
		const request = method === 'CONNECT' ? { method, target: 'db.example:5432' } : {};
		const refused = await ask(app, request);
		assert.equal(refused.status, 407);
		assert.match(refused.fields.get('proxy-authenticate') ?? '', /^Basic /);
		assert.equal(refused.fields.get('www-authenticate'), null);
		assert.equal((await ask(app, { ...request, ...signed('ann', 'open sesame') })).status, 407);
		const answer = await ask(app, { ...request, ...signed('ann', 'open sesame', 'Proxy-Authorization') });
		assert.equal(await answer.text(), 'ann -');
	}
});

test('pass leaves the credentials, optional lets the anonymous in and nobody who is wrong', async (t) => {
	const passing = guarded(t, { users: { ann: bcrypt }, pass: true });
	const sent = signed('ann', 'open sesame');
	assert.equal(await (await ask(passing.app, sent)).text(), `ann ${sent.fields['Authorization']}`);
	const { app } = guarded(t, { users: { ann: bcrypt }, optional: true });
	assert.equal(await (await ask(app)).text(), 'nobody -');
	assert.equal(await (await ask(app, { fields: { Authorization: 'Bearer x.y.z' } })).text(), 'nobody Bearer x.y.z');
	assert.equal((await ask(app, signed('ann', 'no'))).status, 401);
});

test('a name that nobody has costs one check, as a wrong password does', async (t) => {
	const { app, layer } = guarded(t, { users: { ann: bcrypt, bob: `${quick}${'A'.repeat(43)}` } });
	for (const [name, checks] of [
		['ann', 1],
		['mallory', 2],
		['eve', 3],
		['__proto__', 4],
		['constructor', 5],
	] as const) {
		assert.equal((await ask(app, signed(name, 'guess'))).status, 401);
		assert.equal(layer.statistics().checks, checks, name);
	}
	// Whoever is held against somebody else's hash does not come in by that password.
	for (const name of ['a', 'b', 'c', 'd']) assert.equal((await ask(app, signed(name, 'open sesame'))).status, 401);
});

test('what was accepted is not checked again, and what was refused is', async (t) => {
	const { app, layer } = guarded(t, { users: { ann: bcrypt } });
	for (let i = 0; i < 3; i++) assert.equal((await ask(app, signed('ann', 'open sesame'))).status, 200);
	assert.deepEqual([layer.statistics().checks, layer.statistics().remembered], [1, 1]);
	for (let i = 0; i < 3; i++) assert.equal((await ask(app, signed('ann', 'wrong'))).status, 401);
	assert.deepEqual([layer.statistics().checks, layer.statistics().remembered], [4, 1]);
	const forgetful = guarded(t, { users: { ann: bcrypt }, remember: 0 });
	for (let i = 0; i < 2; i++) await ask(forgetful.app, signed('ann', 'open sesame'));
	assert.equal(forgetful.layer.statistics().checks, 2);
});

test('requests with the same credentials at once are one check', async (t) => {
	const { app, layer } = guarded(t, { users: { ann: bcrypt } });
	const answers = await Promise.all([1, 2, 3, 4].map(() => ask(app, signed('ann', 'open sesame'))));
	assert.deepEqual(
		answers.map(({ status }) => status),
		[200, 200, 200, 200],
	);
	assert.equal(layer.statistics().checks, 1);
});

test('more checks than there is room for are answered 503, and those that wait are answered', async (t) => {
	const { app, layer } = guarded(t, { users: { ann: bcrypt }, atOnce: 1, waiting: 1 });
	const answers = await Promise.all(['a', 'b', 'c', 'd'].map((guess) => ask(app, signed('ann', guess))));
	assert.deepEqual(answers.map(({ status }) => status).toSorted(), [401, 401, 503, 503]);
	assert.equal(answers.find(({ status }) => status === 503)?.fields.get('retry-after'), '1');
	assert.equal(layer.statistics().refused, 2);
	assert.equal((await ask(app, signed('ann', 'open sesame'))).status, 200);
});

/** A function of users that answers when the test says so. */
function heldBack() {
	const asked: { readonly name: string; answer(yes: boolean): void }[] = [];
	const users = (name: string) =>
		new Promise<boolean>((resolve) => void asked.push({ name, answer: (yes) => resolve(yes) }));
	return { asked, users };
}

test('whoever leaves while waiting makes room for others, and is not checked', async (t) => {
	const { asked, users } = heldBack();
	const { app, layer } = guarded(t, { users, atOnce: 1, waiting: 2 });
	const first = exchange(app, signed('ann', 'x'));
	await until(() => asked.length === 1, 'asked 1');
	const [second, third] = [exchange(app, signed('bob', 'x')), exchange(app, signed('cid', 'x'))];
	await until(() => layer.statistics().waiting === 2, 'waiting 2');
	second.abort();
	await until(() => layer.statistics().waiting === 1, 'waiting 1');
	await assert.rejects(second.answer);
	// Its place is free again.
	const fourth = exchange(app, signed('dan', 'x'));
	await until(() => layer.statistics().waiting === 2, 'waiting 2');
	for (let at = 0; at < 3; at++) {
		await until(() => asked.length === at + 1, 'asked at + 1');
		asked[at]?.answer(true);
	}
	for (const one of [first, third, fourth]) assert.equal((await one.answer).status, 200);
	assert.deepEqual(
		asked.map(({ name }) => name),
		['ann', 'cid', 'dan'],
	);
	assert.deepEqual([layer.statistics().checks, layer.statistics().refused], [3, 0]);
});

test('a flood of those who leave at once locks nobody out', async (t) => {
	const { asked, users } = heldBack();
	const { app, layer } = guarded(t, { users, atOnce: 1, waiting: 5 });
	const busy = exchange(app, signed('ann', 'x'));
	await until(() => asked.length === 1, 'asked 1');
	for (let i = 0; i < 50; i++) {
		const one = exchange(app, signed(`bot${i}`, 'x'));
		one.answer.catch(() => {});
		one.abort();
	}
	const honest = exchange(app, signed('bob', 'x'));
	await until(() => layer.statistics().waiting === 1, 'waiting 1');
	asked[0]?.answer(true);
	await until(() => asked.length === 2, 'asked 2');
	asked[1]?.answer(true);
	assert.deepEqual([(await busy.answer).status, (await honest.answer).status], [200, 200]);
	assert.equal(layer.statistics().refused, 0);
});

test('a check that several requests wait for is given up when the last of them has left', async (t) => {
	const slow = hashSync('open sesame', 9);
	const { app, layer } = guarded(t, { users: { ann: slow }, atOnce: 1, waiting: 5 });
	const busy = exchange(app, signed('ann', 'guess'));
	const shared = [1, 2].map(() => exchange(app, signed('ann', 'open sesame')));
	await until(() => layer.statistics().waiting === 1, 'waiting 1');
	shared[0]?.abort();
	assert.equal(layer.statistics().waiting, 1);
	// One of them is still there, and is answered.
	assert.equal((await busy.answer).status, 401);
	assert.equal((await shared[1]?.answer)?.status, 200);
	await assert.rejects(shared[0]?.answer ?? Promise.resolve());

	const forgetful = guarded(t, { users: { ann: slow }, atOnce: 1, waiting: 5, remember: 0 });
	const again = exchange(forgetful.app, signed('ann', 'guess'));
	const both = [1, 2].map(() => exchange(forgetful.app, signed('ann', 'open sesame')));
	await until(() => forgetful.layer.statistics().waiting === 1, 'waiting 1');
	for (const one of both) one.abort();
	assert.equal(forgetful.layer.statistics().waiting, 0);
	// Who comes now does not share what was given up.
	const late = exchange(forgetful.app, signed('ann', 'open sesame'));
	assert.deepEqual([(await again.answer).status, (await late.answer).status], [401, 200]);
	for (const one of both) await assert.rejects(one.answer);
});

test('a password that bcrypt would cut off is refused, after as much work', async (t) => {
	const long = 'p'.repeat(72);
	const { app, layer } = guarded(t, { users: { ann: hashSync(long, 4), eve: hashSync('ü'.repeat(36), 4) } });
	assert.equal((await ask(app, signed('ann', long))).status, 200);
	for (const password of [`${long}x`, `${long}${'p'.repeat(500)}`, long.slice(1)])
		assert.equal((await ask(app, signed('ann', password))).status, 401);
	assert.equal((await ask(app, signed('eve', 'ü'.repeat(36)))).status, 200);
	assert.equal((await ask(app, signed('eve', `${'ü'.repeat(36)}!`))).status, 401);
	assert.equal(layer.statistics().checks, 6);
	// Other kinds look at all of it.
	const scrypted = guarded(t, { users: { ann: await hashPassword(long + long, 'scrypt') } });
	assert.equal((await ask(scrypted.app, signed('ann', long + long))).status, 200);
	assert.equal((await ask(scrypted.app, signed('ann', `${long}${long}x`))).status, 401);
});

test('bcrypt does not stall the loop', async (t) => {
	const { app } = guarded(t, { users: { ann: hashSync('x', 11) } });
	await ask(app, signed('ann', 'warm'));
	let turns = 0;
	const counting = setInterval(() => turns++, 1);
	await ask(app, signed('ann', 'cold'));
	clearInterval(counting);
	// On the loop there would be one turn, or two.
	assert.ok(turns > 5, `${turns} turns`);
});

const malformed: Readonly<Record<string, string>> = {
	'no base64': 'Basic !!!!',
	'base64 with something in between': 'Basic YW5u Om9wZW4=',
	'base64 of base64url': `Basic ${Buffer.from('ann:??>>').toString('base64url')}`,
	'no padding': `Basic ${Buffer.from('ann:x').toString('base64').replaceAll('=', '')}`,
	'no colon': `Basic ${Buffer.from('ann').toString('base64')}`,
	'no name': `Basic ${Buffer.from(':open sesame').toString('base64')}`,
	'control characters': `Basic ${Buffer.from('ann\0:open sesame').toString('base64')}`,
	'bytes that are no UTF-8': `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString('base64')}`,
	nothing: 'Basic',
	'only a space': 'Basic  ',
	'far too much': `Basic ${Buffer.from(`ann:${'x'.repeat(100_000)}`).toString('base64')}`,
};

for (const [what, value] of Object.entries(malformed)) {
	test(`malformed credentials are refused without a check: ${what}`, async (t) => {
		const { app, layer } = guarded(t, { users: { ann: bcrypt } });
		const answer = await ask(app, { fields: { Authorization: value } });
		assert.equal(answer.status, 401);
		assert.equal(layer.statistics().checks, 0);
	});
}

test('two fields of credentials are refused, whatever they say', async (t) => {
	const { app } = guarded(t, { users: { ann: bcrypt } });
	const good = basic('ann', 'open sesame');
	for (const other of [good, 'Basic x', 'Bearer y', '']) {
		const answer = await ask(app, { fields: ['Authorization', good, 'authorization', other] });
		assert.equal(answer.status, 400, other);
	}
});

test('the scheme is known in any case, and with several spaces', async (t) => {
	const { app } = guarded(t, { users: { ann: bcrypt } });
	const [, text = ''] = basic('ann', 'open sesame').split(' ');
	for (const scheme of ['basic', 'BASIC', 'bAsIc ']) {
		assert.equal((await ask(app, { fields: { Authorization: `${scheme} ${text}` } })).status, 200, scheme);
	}
	assert.equal((await ask(app, { fields: { Authorization: `Basically ${text}` } })).status, 401);
});

test('names and passwords are UTF-8, and passwords may have colons', async (t) => {
	const { app } = guarded(t, { users: { Zoë: hashSync('pass:wörd', 4) } });
	assert.equal((await ask(app, signed('Zoë', 'pass:wörd'))).status, 200);
});

test('a function decides, and gives claims; anything but true and claims is no', async (t) => {
	const said: unknown[] = [true, { role: 'admin' }, false, null, undefined, 'yes', 1];
	const seen: unknown[] = [];
	for (const one of said) {
		const { layer } = guarded(t, { users: async () => one as boolean });
		const app = layer((_, context) => {
			seen.push(context.get(identity).claims);
			return respond(204);
		});
		assert.equal((await ask(app, signed('ann', 'x'))).status, one === true || one === said[1] ? 204 : 401, String(one));
	}
	assert.deepEqual(
		seen.map((claims) => [Object.getPrototypeOf(claims), Object.entries(claims as object)]),
		[
			[null, []],
			[null, [['role', 'admin']]],
		],
	);
});

test('a function that fails is an error of ours, and lets nobody in', async (t) => {
	const { app } = guarded(t, { users: () => Promise.reject(new Error('the directory is down')) });
	const answer = await ask(app, signed('ann', 'x'));
	assert.equal(answer.status, 500);
	assert.doesNotMatch(await answer.text(), /directory/);
});

test('a file of users is read again when it has changed; a user who is taken out is out, remembered or not', async (t) => {
	const reports: string[] = [];
	const path = fileOf(t, `# users\n\nann:${bcrypt}\r\nbob:${bcrypt}\n`);
	const { app } = guarded(t, { users: path, log: (error) => reports.push(error.message) });
	assert.equal((await ask(app, signed('ann', 'open sesame'))).status, 200);
	assert.equal((await ask(app, signed('bob', 'open sesame'))).status, 200);
	writeFileSync(path, `bob:${bcrypt}\n`);
	await eventually(async () => (await ask(app, signed('ann', 'open sesame'))).status === 401, 'ann is out');
	assert.equal((await ask(app, signed('bob', 'open sesame'))).status, 200);
	writeFileSync(path, 'bob:secret in the open\n');
	await eventually(async () => {
		await ask(app, signed('bob', 'open sesame'));
		return reports.length > 0;
	}, 'the mistake is told');
	assert.match(reports[0] ?? '', /users, line 1: this is no hash/);
	assert.doesNotMatch(reports[0] ?? '', /secret/);
	assert.equal((await ask(app, signed('bob', 'open sesame'))).status, 200);
	rmSync(path);
	await eventually(async () => {
		await ask(app, signed('bob', 'open sesame'));
		return reports.length > 1;
	}, 'the loss is told');
	assert.match(reports[1] ?? '', /ENOENT/);
});

const badFiles: readonly (readonly [text: string, reason: RegExp])[] = [
	['ann', /line 1: this is not name:hash/],
	[':x', /line 1: this is not name:hash/],
	['# x\nann:$apr1$abc$def', /line 2: Apache's MD5 is refused/],
	['ann:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=', /SHA-1 is refused/],
	['ann:rqXexS6ZhobKA', /DES crypt/],
	['ann:$2x$04$abc', /broken/],
	['ann:$2b$04$abc', /malformed/],
	[`ann:$2b$31$${'a'.repeat(53)}`, /cost 31/],
	[`ann:${bcrypt}\nann:${bcrypt}`, /line 2: this user was there before/],
	['ann:$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHQ$ZGlnZXN0ZGlnZXN0ZGln', /m=99999999/],
	['ann:$argon2id$v=16$m=19456,t=2,p=1$c2FsdHNhbHQ$ZGlnZXN0ZGlnZXN0ZGln', /version 16/],
	['ann:$scrypt$ln=23,r=64,p=1$c2FsdHNhbHQ$ZGlnZXN0ZGlnZXN0ZGln', /1 GiB/],
	['ann:$scrypt$ln=15,r=8,p=1$c2E$ZGlnZXN0ZGlnZXN0ZGln', /salt/],
];

for (const [text, reason] of badFiles) {
	test(`a file of users is refused: ${reason.source}`, (t) => {
		assert.throws(() => basicAuth({ users: fileOf(t, text) }), reason);
	});
}

test('options that cannot be meant are refused with their name', () => {
	const users = { ann: bcrypt };
	const rows: readonly (readonly [options: object, reason: RegExp])[] = [
		[{}, /users must be/],
		[{ users: 7 }, /users must be/],
		[{ users: {} }, /basicAuth: users is empty: nobody could ever come in/],
		[{ users: '/nowhere/at/all' }, /^Error: basicAuth: users: the file cannot be read: ENOENT/],
		[{ users: { 'a:b': bcrypt } }, /"a:b": a name holds no colon/],
		[{ users: { ann: 'x' } }, /"ann": this is no hash/],
		[{ users, realms: 'x' }, /realms: no such option.*did you mean realm\?/],
		[{ users, realm: 'a\r\nX: y' }, /realm must be visible ASCII/],
		[{ users, realm: '' }, /realm/],
		[{ users, realm: 'é' }, /realm/],
		[{ users, role: 'gateway' }, /role must be/],
		[{ users, optional: 1 }, /optional must be/],
		[{ users, pass: 'yes' }, /pass must be/],
		[{ users, remember: -1 }, /remember must be a whole number from 0 up, not -1/],
		[{ users, atOnce: 0 }, /atOnce/],
		[{ users, waiting: 1.5 }, /waiting/],
		[{ users, log: 1 }, /log/],
	];
	for (const [options, reason] of rows) assert.throws(() => basicAuth(options as BasicAuthOptions), reason);
	assert.throws(() => basicAuth(null as unknown as BasicAuthOptions), /no object/);
});

test('it proves the identity, unless it may be missing', async (t) => {
	const layer = basicAuth({ users: { ann: bcrypt } });
	t.after(() => layer.close());
	const optional: Layer = basicAuth({ users: { ann: bcrypt }, optional: true });
	const app = layer((_, context) => respond(200, {}, context.get(identity).name));
	assert.deepEqual(compositionOf(app)?.note.proves, [identity]);
	// @ts-expect-error -- nobody may be there
	const anonymous = optional((_, context) => respond(200, {}, context.get(identity).name));
	assert.equal(compositionOf(anonymous)?.note.proves, undefined);
	const perhaps: BasicAuthOptions = { users: { ann: bcrypt }, optional: Boolean(layer) };
	// @ts-expect-error -- nobody knows whether somebody must be there
	basicAuth(perhaps)((_, context) => respond(200, {}, context.get(identity).name));
	assert.deepEqual(compositionFaults(stack(optional satisfies Middleware, layer)(who)), []);
});

test('explain says what would be done, and holds no password against anything', async (t) => {
	const { app, layer } = guarded(t, { users: { ann: bcrypt } });
	const steps = async (fields: Record<string, string> | string[]) => {
		const { request, context } = exchange(() => respond(204), { fields });
		return explain(app, request, context);
	};
	const [refused] = await steps({});
	assert.equal(refused?.explanation?.answers, '401 Unauthorized');
	const value = 'Basic realm="restricted", charset="UTF-8"';
	const challenge = { what: 'adds', name: 'WWW-Authenticate', value, on: 'response', source: 'RFC 9110 section 11.6' };
	assert.deepEqual(refused?.explanation?.fields, [challenge]);
	const [step, next] = await steps({ Authorization: basic('ann', 'open sesame') });
	assert.deepEqual(step?.explanation?.fields, [
		{ what: 'removes', name: 'Authorization', on: 'request', source: 'RFC 9110 section 11.6' },
		{ ...challenge, when: 'with 401 Unauthorized' },
	]);
	assert.equal(step?.explanation?.request?.fields.get('authorization'), null);
	assert.equal(next?.last, true);
	const [twice] = await steps(['Authorization', 'Basic x', 'Authorization', 'Basic y']);
	assert.equal(twice?.explanation?.answers, '400 Bad Request: This request has Authorization more than once');
	assert.equal(layer.statistics().checks, 0);
	assert.doesNotMatch(JSON.stringify(step?.explanation?.does), /sesame|ann/);
});

test('hashPassword makes salted hashes that differ, and refuses what no client could send', async () => {
	assert.notEqual(await hashPassword('x', 'scrypt'), await hashPassword('x', 'scrypt'));
	assert.match(await hashPassword('x', 'scrypt'), /^\$scrypt\$ln=15,r=8,p=1\$/);
	await assert.rejects(hashPassword(''), TypeError);
	await assert.rejects(hashPassword('a\nb'), TypeError);
	await assert.rejects(hashPassword('x', 'md5' as 'scrypt'), TypeError);
});
