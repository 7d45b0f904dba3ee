/** Secrets: where they come from, and that nothing prints them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { respond } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { inject, type Secret, secret } from '../../../src/middleware/inject/index.ts';
import { withinForward } from '../../support/within-forward.ts';

const VALUE = 'sk-live-0123456789';

/** The value that goes out, or the status of the refusal; and what was logged. */
async function sent(of: Secret): Promise<{ value: string | null; status: number; log: string[] }> {
	const log: string[] = [];
	let value: string | null = null;
	const layer = inject(
		{ 'api.example.com': { fields: { 'x-key': of }, scrub: false } },
		{ log: ({ message }) => log.push(message) },
	);
	const answer = await ask(
		withinForward(layer, 'https://api.example.com/', (request) => {
			value = request.headers.get('x-key');
			return respond(204);
		}),
	);
	return { value, status: answer.status, log };
}

function variable(t: TestContext, value: string, name = 'INJECT_TEST'): Secret {
	process.env[name] = value;
	t.after(() => delete process.env[name]);
	return secret(name);
}

function fileOf(t: TestContext, content: string | Uint8Array): string {
	const folder = mkdtempSync(join(tmpdir(), 'secret-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const path = join(folder, 'key');
	writeFileSync(path, content);
	return path;
}

test('a secret prints its name, however it is printed', (t) => {
	const one = variable(t, VALUE);
	const all = [one, secret.text`Bearer ${one}`, secret.basic('ann', one), secret.file(fileOf(t, VALUE))];
	for (const each of all) {
		const printed = [
			String(each),
			JSON.stringify({ each }),
			inspect(each),
			inspect({ deep: { each } }, { depth: 9, showHidden: true }),
			inspect(each, { customInspect: false, showHidden: true, depth: 9 }),
			JSON.stringify(Object.entries(each)),
			JSON.stringify(Object.assign({}, each)),
			JSON.stringify(structuredClone(Object.assign({}, each))),
			each.name,
		];
		for (const text of printed) assert.ok(!text.includes('sk-live') && !text.includes(btoa(`ann:${VALUE}`)), text);
		assert.match(printed[0] as string, /^\[secret .+\]$/);
	}
	assert.equal(inspect(one), '[secret INJECT_TEST]');
	assert.equal(JSON.stringify(secret.text`Bearer ${one}`), '"[secret Bearer ${INJECT_TEST}]"');
});

test('a secret cannot be changed, and nothing else is taken for one', (t) => {
	const one = variable(t, VALUE);
	assert.throws(() => Object.assign(one, { name: 'other' }), TypeError);
	for (const forged of [
		Object.create(one),
		Object.assign({}, one),
		structuredClone(Object.assign({}, one)),
		'INJECT_TEST',
		null,
	])
		assert.throws(() => inject({ 'api.example.com': { 'x-key': forged as Secret } }), /x-key: must be a secret/);
});

test('a variable is read for each request', async (t) => {
	const one = variable(t, VALUE);
	assert.equal((await sent(one)).value, VALUE);
	process.env['INJECT_TEST'] = 'another';
	assert.equal((await sent(one)).value, 'another');
});

test('a file is read without the end of its line, and again when it has changed', async (t) => {
	const path = fileOf(t, `${VALUE}\n`);
	const one = secret.file(path);
	assert.equal((await sent(one)).value, VALUE);
	writeFileSync(path, 'rotated, and longer than before\r\n');
	let value: string | null = null;
	const deadline = Date.now() + 8_000;
	while (value !== 'rotated, and longer than before' && Date.now() < deadline) {
		await new Promise((resolve) => setTimeout(resolve, 100));
		({ value } = await sent(one));
	}
	assert.equal(value, 'rotated, and longer than before');
});

test('a file that goes bad leaves the value of before in force, and its text is told to nobody', async (t) => {
	const path = fileOf(t, VALUE);
	const reports: string[] = [];
	const one = secret.file(path, { report: (error) => reports.push(inspect(error)) });
	writeFileSync(path, 'sk-live-broken\r\nX-Admin: 1');
	const deadline = Date.now() + 8_000;
	while (reports.length === 0 && Date.now() < deadline) {
		await new Promise((resolve) => setTimeout(resolve, 100));
		assert.equal((await sent(one)).value, VALUE);
	}
	assert.equal(reports.length, 1);
	assert.match(reports[0] as string, /line break/);
	assert.ok(!(reports[0] as string).includes('sk-live'));
});

test('text around secrets, secrets within secrets, and pairs of the Basic scheme', async (t) => {
	const one = variable(t, VALUE);
	const user = variable(t, 'us-er', 'INJECT_USER');
	const inner = secret.text`${one}/${user}`;
	assert.equal((await sent(secret.text`Bearer ${one}`)).value, `Bearer ${VALUE}`);
	assert.equal((await sent(secret.text`k=${inner}; v=${'1'}`)).value, `k=${VALUE}/us-er; v=1`);
	assert.equal((await sent(secret.basic('ann', one))).value, `Basic ${btoa(`ann:${VALUE}`)}`);
	assert.equal((await sent(secret.basic(one, ''))).value, `Basic ${btoa(`${VALUE}:`)}`);
	process.env['INJECT_USER'] = 'other';
	assert.equal((await sent(inner)).value, `${VALUE}/other`);
});

test('what is not ASCII goes out as UTF-8', async (t) => {
	const { value } = await sent(variable(t, 'pässwörd'));
	assert.equal(Buffer.from(value as string, 'latin1').toString('utf8'), 'pässwörd');
});

for (const [what, value, reason] of [
	['a line break', 'abcdefgh\r\nX-Admin: yes', /holds a line break/],
	['a bare line feed', 'abcdefgh\nX-Admin: yes', /holds a line break/],
	['two line ends at its end', 'abcdefgh\n\n', /holds a line break/],
	['a tab', 'abc\tdefgh', /control character/],
	['an escape', 'abc\x1b[2Jdefgh', /control character/],
	['a space in front', ' abcdefgh', /begins or ends with white space/],
	['nothing', '', /is empty/],
] as const) {
	test(`a secret with ${what} is not sent: 500, and the log names the variable and not the value`, async (t) => {
		const found = await sent(secret.text`Bearer ${variable(t, value)}`);
		assert.equal(found.value, null);
		assert.equal(found.status, 500);
		assert.match(found.log[0] as string, reason);
		assert.match(found.log[0] as string, /INJECT_TEST/);
		assert.ok(!found.log.join().includes('abc'));
	});
}

test('a variable that is not set is told at the start, and is a 500 until it is', async () => {
	const layer = inject({ 'api.example.com': { authorization: secret('INJECT_UNSET') } });
	await assert.rejects(async () => layer.start(), /the environment variable INJECT_UNSET is not set/);
	await assert.rejects(async () => layer.check(), /INJECT_UNSET/);
	assert.equal((await sent(secret('INJECT_UNSET'))).status, 500);
});

test('a name with a colon makes another pair of it, and is not sent', async (t) => {
	const user = variable(t, 'ann:admin', 'INJECT_USER');
	const found = await sent(secret.basic(user, variable(t, VALUE)));
	assert.deepEqual([found.value, found.status], [null, 500]);
});

for (const [what, make, reason] of [
	['no name', () => secret(''), /name of an environment variable/],
	['a value in place of a name', () => secret('sk-live-123 456'), /name of an environment variable/],
	['an object', () => secret({} as string), /name of an environment variable/],
	['no path', () => secret.file(''), /path of a file/],
	['a file that is not there', () => secret.file('/nowhere/key'), /secret\.file: the file cannot be read/],
	['a report that is none', () => secret.file('/nowhere/key', { report: 1 as never }), /report must be a function/],
	['a template without a secret', () => secret.text`Bearer x`, /there is no secret in it/],
	['a call without a template', () => secret.text('Bearer' as never), /stands before a template/],
	['a number in a template', () => secret.text`a ${1 as never}`, /only secrets and text/],
	['a line break in a template', () => secret.text`a\r\nb ${secret('A')}`, /visible ASCII/],
	['two plain texts for Basic', () => secret.basic('ann', 'x'), /there is no secret in it/],
	['a colon in a name', () => secret.basic('a:b', secret('A')), /must not have a colon/],
] as const) {
	test(`${what} is refused when the secret is made`, () => {
		assert.throws(make, (error: Error) => reason.test(error.message) && !error.message.includes('sk-live'));
	});
}

test('an empty file is refused when the secret is made', (t) => {
	assert.throws(() => secret.file(fileOf(t, '\n')), /is empty/);
});
