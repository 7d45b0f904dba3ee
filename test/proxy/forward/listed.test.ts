/** Lists of rules in files: read again when they have changed, and kept when they are broken. */
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { allow, deny, type Policy, type PolicyQuestion } from '../../../src/proxy/forward/index.ts';

function listFile(t: TestContext, text: string): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-listed-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const file = join(folder, 'list');
	writeFileSync(file, text);
	return file;
}

/** Another file in its place, as careful writers do it. */
function replace(file: string, text: string): void {
	writeFileSync(`${file}.new`, text);
	renameSync(`${file}.new`, file);
}

function question({ host = 'a.example', path = '/', user = 'ann', client = '10.1.2.3' }): PolicyQuestion {
	const destination = { host, port: 443, path };
	return { method: 'GET', destination, client, identity: { name: user } } as unknown as PolicyQuestion;
}

/** Lets the clock go on, past the time for which a file is believed. */
function clock(t: TestContext): () => void {
	let now = performance.now();
	t.mock.method(performance, 'now', () => now);
	return () => {
		now += 1_001;
	};
}

const rule = async (policy: Policy, asked: Parameters<typeof question>[0] = {}): Promise<string | null> =>
	(await policy(question(asked)))?.rule ?? null;

test('hosts out of a file, beside those that are written', async (t) => {
	const file = listFile(t, '# trackers\n*.tracker.example # all of them\r\n\n192.0.2.0/24\n');
	const later = clock(t);
	const policy = deny({ hosts: ['ads.example', { file }] });
	assert.equal(await rule(policy, { host: 'a.tracker.example' }), 'deny *.tracker.example');
	assert.equal(await rule(policy, { host: 'ads.example' }), 'deny ads.example');
	assert.equal(await rule(policy, { host: '192.0.2.7' }), 'deny 192.0.2.7');
	assert.equal(await rule(policy, { host: 'new.example' }), null);
	replace(file, 'new.example\n');
	assert.equal(await rule(policy, { host: 'new.example' }), null, 'looked at once a second at most');
	later();
	assert.equal(await rule(policy, { host: 'new.example' }), 'deny new.example');
	assert.equal(await rule(policy, { host: 'a.tracker.example' }), null);
});

test('a list that is broken, or gone, stays as it was, and that is told once, with file and line', async (t) => {
	const file = listFile(t, 'a.example\n');
	const later = clock(t);
	const told: string[] = [];
	const policy = allow({ hosts: [{ file }], log: ({ message }) => void told.push(message) });
	for (const change of [() => replace(file, 'b.example\n0x7f.1\n'), () => rmSync(file)]) {
		change();
		for (let i = 0; i < 3; i++) {
			later();
			assert.equal(await rule(policy), 'allow a.example');
		}
	}
	assert.equal(told.length, 2);
	assert.match(told[0] ?? '', /^allow: hosts: .*list:2: "0x7f\.1": .*hexadecimal/);
	assert.match(told[1] ?? '', /^allow: hosts: the file cannot be read: ENOENT/);
	replace(file, 'b.example\n');
	later();
	assert.deepEqual([await rule(policy), await rule(policy, { host: 'b.example' })], [null, 'allow b.example']);
});

test('paths, clients and users out of files; the rule does not say what stands in them', async (t) => {
	const [paths, clients, users] = ['/v1\n/v2 # new\n', '10.1.0.0/16\n', 'ann\nbob # since March\nc#d\n'].map((text) =>
		listFile(t, text),
	) as [string, string, string];
	const policy = allow({ paths: [{ file: paths }], clients: [{ file: clients }], users: [{ file: users }] });
	const said = 'allow all below some paths for some clients for some users';
	assert.equal(await rule(policy, { path: '/v2/x' }), said);
	assert.equal(await rule(policy, { path: '/v2/x', user: 'c#d' }), said);
	for (const other of [{ path: '/v3' }, { path: '/v1', user: 'eve' }, { path: '/v1', client: '10.2.0.1' }])
		assert.equal(await rule(policy, other), null);
});

test('an empty file allows nothing', async (t) => {
	assert.equal(await rule(allow({ hosts: [{ file: listFile(t, '# nobody yet\n') }] })), null);
});

test('refused at start, with file and line', (t) => {
	const hosts = listFile(t, 'a.example\nb..example\n');
	assert.throws(() => deny({ hosts: [{ file: hosts }] }), {
		name: 'TypeError',
		message: /^deny: hosts: .*list:2: "b\.\.example"/,
	});
	const paths = listFile(t, '/a/../b\n');
	assert.throws(
		() => deny({ paths: [{ file: paths }] }),
		/^TypeError: deny: paths: .*list:1: "\/a\/\.\.\/b" must begin with \//,
	);
});
