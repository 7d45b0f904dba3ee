/** A directory as an app: what is shown, what never is, and how it is sent. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs, {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type App, lint, mount, respond, stack } from '../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../src/engine/memory/index.ts';
import type { Fields } from '../../src/fields/index.ts';
import { type FilesOptions, files } from '../../src/files/index.ts';
import { pause, until } from '../support/until.ts';

const OLD = new Date('2020-05-17T10:00:00Z');
const LINES = 'All work and no play makes Jack a dull boy.\n'.repeat(50);

/** A tree of files, all of them changed long ago, beside a secret. */
function tree(t: TestContext, contents: Readonly<Record<string, string | Uint8Array>>): string {
	const folder = mkdtempSync(join(tmpdir(), 'files-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const root = join(folder, 'public');
	mkdirSync(root);
	writeFileSync(join(folder, 'secret.txt'), 'secret');
	for (const [name, content] of Object.entries(contents)) {
		const path = join(root, name);
		mkdirSync(join(path, '..'), { recursive: true });
		writeFileSync(path, content);
		utimesSync(path, OLD, OLD);
	}
	return root;
}

function served(t: TestContext, contents: Readonly<Record<string, string | Uint8Array>>, options?: FilesOptions): App {
	return lint(files(tree(t, contents), options));
}

interface Got {
	readonly status: number;
	readonly fields: Fields;
	readonly text: string;
}

async function asked(app: App, request: MemoryRequest): Promise<Got> {
	const answer = await ask(app, request);
	return { status: answer.status, fields: answer.fields, text: await answer.text() };
}

const get = (app: App, target: string, fields: Readonly<Record<string, string>> = {}): Promise<Got> =>
	asked(app, { target, fields: { Host: 'h', ...fields } });

/** Descriptors that this process has open on files below `folder`. */
function openFiles(folder: string): string[] {
	return readdirSync('/proc/self/fd').flatMap((name) => {
		try {
			const path = readlinkSync(`/proc/self/fd/${name}`);
			return path.startsWith(folder) ? [path] : [];
		} catch {
			return [];
		}
	});
}

test('a file is sent with its type, length and validators', async (t) => {
	const app = served(t, { 'a.html': '<p>hello</p>' });
	const answer = await get(app, '/a.html');
	assert.equal(answer.status, 200);
	assert.equal(answer.text, '<p>hello</p>');
	assert.equal(answer.fields.get('content-type'), 'text/html; charset=utf-8');
	assert.equal(answer.fields.get('last-modified'), 'Sun, 17 May 2020 10:00:00 GMT');
	assert.match(answer.fields.get('etag') ?? '', /^"[0-9a-z]+-c"$/);
	assert.equal(answer.fields.get('x-content-type-options'), 'nosniff');
	assert.equal(answer.fields.get('accept-ranges'), 'bytes');
});

test('an empty file is an empty answer', async (t) => {
	const answer = await get(served(t, { 'empty.txt': '' }), '/empty.txt');
	assert.deepEqual([answer.status, answer.text], [200, '']);
});

test('types come from the option first, and what nobody knows is bytes', async (t) => {
	const app = served(
		t,
		{ 'a.wasm': '', 'b.thing': '', 'c.odd': '', noextension: '' },
		{ types: { odd: 'text/x-odd' } },
	);
	const types = await Promise.all(
		['/a.wasm', '/b.thing', '/c.odd', '/noextension'].map(async (path) =>
			(await get(app, path)).fields.get('content-type'),
		),
	);
	assert.deepEqual(types, [
		'application/wasm',
		'application/octet-stream',
		'text/x-odd; charset=utf-8',
		'application/octet-stream',
	]);
});

test('HEAD tells what GET would, and only GET, HEAD and OPTIONS are allowed', async (t) => {
	const root = tree(t, { 'a.txt': LINES });
	const app = lint(files(root));
	const head = await asked(app, { method: 'HEAD', target: '/a.txt' });
	assert.deepEqual([head.status, head.text], [200, '']);
	assert.equal(head.fields.get('etag'), (await get(app, '/a.txt')).fields.get('etag'));
	assert.equal((await asked(app, { method: 'OPTIONS', target: '/a.txt' })).fields.get('allow'), 'GET, HEAD, OPTIONS');
	const refused = await asked(app, { method: 'POST', target: '/a.txt', body: 'x' });
	assert.deepEqual([refused.status, refused.fields.get('allow')], [405, 'GET, HEAD, OPTIONS']);
	await until(() => openFiles(root).length === 0, 'no file is left open');
});

const ESCAPES = [
	'/../secret.txt',
	'/..%2fsecret.txt',
	'/%2e%2e/secret.txt',
	'/%2e%2e%2fsecret.txt',
	'/sub/../../secret.txt',
	'/sub/..%5c..%5csecret.txt',
	'/..\\secret.txt',
	'/....//secret.txt',
	'//secret.txt',
	'/./a.txt',
	'/sub//b.txt',
	'/a.txt%00',
	'/a.txt%00.html',
	'/%c0%ae%c0%ae/secret.txt',
	'/%ff',
	'/%',
	'/%zz',
	'/a.txt/',
	'/a.txt/..',
];

test('no spelling of a path leads out of the directory, or to a file by another name', async (t) => {
	const app = served(t, { 'a.txt': 'a', 'sub/b.txt': 'b' });
	for (const target of ESCAPES) {
		const answer = await get(app, target);
		assert.equal(answer.status, 404, target);
		assert.doesNotMatch(answer.text, /^secret$/, target);
	}
	assert.equal((await get(app, '/sub/b.txt')).text, 'b');
	assert.equal((await get(app, '/%61.txt?x=../y')).text, 'a');
	assert.equal((await get(app, 'http://other.example/a.txt')).text, 'a');
});

test('names in any script, with spaces and percent signs, are found', async (t) => {
	const app = served(t, { 'ätsch & 100%.txt': 'one', '日本.txt': 'two' });
	assert.equal((await get(app, `/${encodeURIComponent('ätsch & 100%.txt')}`)).text, 'one');
	assert.equal((await get(app, `/${encodeURIComponent('日本.txt')}`)).text, 'two');
	assert.equal((await get(app, `/${Buffer.from('日本.txt').toString('latin1')}`)).text, 'two', 'sent raw');
});

test('names with a dot in front are hidden, but for .well-known at the top', async (t) => {
	const contents = { '.env': 's', '.git/config': 's', '.well-known/x.txt': 'w', 'sub/.well-known/x.txt': 's' };
	const app = served(t, contents);
	for (const path of ['/.env', '/.git/config', '/sub/.well-known/x.txt'])
		assert.equal((await get(app, path)).status, 404);
	assert.equal((await get(app, '/.well-known/x.txt')).text, 'w');
	assert.equal((await get(served(t, contents, { dotFiles: 'show' }), '/.env')).text, 's');
});

test('links are followed within the directory, and elsewhere only when asked to', async (t) => {
	const root = tree(t, { 'a.txt': 'a', 'sub/b.txt': 'b' });
	symlinkSync('a.txt', join(root, 'inside.txt'));
	symlinkSync('../secret.txt', join(root, 'outside.txt'));
	symlinkSync('..', join(root, 'up'));
	symlinkSync('loop', join(root, 'loop'));
	const paths = ['/inside.txt', '/outside.txt', '/up/secret.txt', '/loop'];
	const statuses = async (app: App): Promise<number[]> =>
		Promise.all(paths.map(async (path) => (await get(app, path)).status));
	assert.deepEqual(await statuses(lint(files(root))), [200, 404, 404, 404]);
	assert.deepEqual(await statuses(lint(files(root, { links: 'refuse' }))), [404, 404, 404, 404]);
	assert.deepEqual(await statuses(lint(files(root, { links: 'follow' }))), [200, 200, 200, 404]);
});

test('a directory that is a link serves where it points to now', async (t) => {
	const first = tree(t, { 'a.txt': 'first' });
	const second = tree(t, { 'a.txt': 'second' });
	const current = join(first, '..', 'current');
	symlinkSync(first, current);
	const app = lint(files(current));
	assert.equal((await get(app, '/a.txt')).text, 'first');
	rmSync(current);
	symlinkSync(second, current);
	while ((await get(app, '/a.txt')).text === 'first') await pause(50);
	assert.equal((await get(app, '/a.txt')).text, 'second');
});

test('what is neither file nor directory is not there, and holds nobody up', async (t) => {
	const root = tree(t, { 'a.txt': 'a' });
	execFileSync('mkfifo', [join(root, 'pipe')]);
	assert.equal((await get(lint(files(root)), '/pipe')).status, 404);
});

test('a directory shows its index, is sent to its slash, and is listed only when asked to', async (t) => {
	const contents = {
		'index.html': 'home',
		'sub/index.htm': 'sub',
		'bare/<x>&.txt': '',
		'bare/.hidden': '',
		'bare/d/e': '',
	};
	const app = served(t, contents, { index: ['index.html', 'index.htm'] });
	assert.equal((await get(app, '/')).text, 'home');
	assert.equal((await get(app, '/sub/')).text, 'sub');
	const moved = await get(app, '/sub?x=1');
	assert.deepEqual([moved.status, moved.fields.get('location')], [308, './sub/?x=1']);
	assert.equal((await get(app, '/bare/')).status, 404);
	const list = (await get(served(t, contents, { listing: true }), '/bare/')).text;
	assert.match(list, /<a href="\.\/%3Cx%3E%26\.txt">&lt;x&gt;&amp;\.txt<\/a>/);
	assert.match(list, /<a href="\.\/d\/">d\/<\/a>/);
	assert.doesNotMatch(list, /hidden/);
});

test('below a mount the path begins behind it', async (t) => {
	const root = tree(t, { 'a.txt': 'a', 'd/e.txt': '' });
	const app = lint(stack(mount('/static', files(root, { listing: true })))(() => respond(404)));
	assert.equal((await get(app, '/static/a.txt')).text, 'a');
	assert.match((await get(app, '/static/d/')).text, /<title>\/static\/d\/<\/title>/);
});

test('what is not there is left to another app, if one is given', async (t) => {
	const app = served(t, { 'a.txt': 'a' }, { otherwise: () => respond(200, null, 'other') });
	assert.equal((await get(app, '/a.txt')).text, 'a');
	assert.equal((await get(app, '/b.txt')).text, 'other');
	assert.equal((await get(app, '/%2e%2e/x')).text, 'other');
});

test('a client that has the file is told so, by tag and by date', async (t) => {
	const app = served(t, { 'a.txt': 'a' }, { cacheControl: 'max-age=60' });
	const { fields } = await get(app, '/a.txt');
	const tag = fields.get('etag') as string;
	const cases: readonly (readonly [Readonly<Record<string, string>>, number])[] = [
		[{ 'If-None-Match': tag }, 304],
		[{ 'If-None-Match': `"x", W/${tag}` }, 304],
		[{ 'If-None-Match': '*' }, 304],
		[{ 'If-None-Match': '"x"' }, 200],
		[{ 'If-None-Match': '"x"', 'If-Modified-Since': 'Sun, 17 May 2020 10:00:00 GMT' }, 200],
		[{ 'If-Modified-Since': 'Sun, 17 May 2020 10:00:00 GMT' }, 304],
		[{ 'If-Modified-Since': 'Sun, 17 May 2020 09:59:59 GMT' }, 200],
		[{ 'If-Modified-Since': 'yesterday' }, 200],
		[{ 'If-Match': tag }, 200],
		[{ 'If-Match': `W/${tag}` }, 412],
		[{ 'If-Match': '"x"' }, 412],
		[{ 'If-Match': '*' }, 200],
		[{ 'If-Unmodified-Since': 'Sun, 17 May 2020 09:59:59 GMT' }, 412],
		[{ 'If-Unmodified-Since': 'Sun, 17 May 2020 10:00:00 GMT' }, 200],
	];
	for (const [conditions, status] of cases) {
		const answer = await get(app, '/a.txt', conditions);
		assert.equal(answer.status, status, JSON.stringify(conditions));
		if (status === 304) {
			assert.equal(answer.fields.get('etag'), tag);
			assert.equal(answer.fields.get('cache-control'), 'max-age=60');
		}
	}
});

test('a file changed just now has a weak tag, since it may change again within the same tick', async (t) => {
	const root = tree(t, { 'a.txt': 'a' });
	utimesSync(join(root, 'a.txt'), new Date(), new Date());
	const { fields } = await get(lint(files(root)), '/a.txt');
	assert.match(fields.get('etag') ?? '', /^W\/"/);
	assert.equal(
		(await get(lint(files(root)), '/a.txt', { Range: 'bytes=0-0', 'If-Range': fields.get('etag') as string })).status,
		200,
	);
});

const DIGITS = '0123456789';
const RANGES: readonly (readonly [range: string, status: number, text: string | null, contentRange: string | null])[] =
	[
		['bytes=0-0', 206, '0', 'bytes 0-0/10'],
		['bytes=2-4', 206, '234', 'bytes 2-4/10'],
		['bytes=7-', 206, '789', 'bytes 7-9/10'],
		['bytes=7-99', 206, '789', 'bytes 7-9/10'],
		['bytes=-3', 206, '789', 'bytes 7-9/10'],
		['bytes=-99', 206, DIGITS, 'bytes 0-9/10'],
		['BYTES=1-1', 206, '1', 'bytes 1-1/10'],
		['bytes=0-1,50-60', 206, '01', 'bytes 0-1/10'],
		['bytes=0-1,1-2', 206, '012', 'bytes 0-2/10'],
		['bytes=10-', 416, null, 'bytes */10'],
		['bytes=-0', 416, null, 'bytes */10'],
		['bytes=4-2', 200, DIGITS, null],
		['bytes=', 200, DIGITS, null],
		['bytes=a-b', 200, DIGITS, null],
		['lines=0-1', 200, DIGITS, null],
		[`bytes=${Array.from({ length: 17 }, () => '0-0').join(',')}`, 200, DIGITS, null],
	];

test('ranges: one, from the end, joined, out of bounds, and those that are none', async (t) => {
	const app = served(t, { 'a.txt': DIGITS });
	for (const [range, status, text, contentRange] of RANGES) {
		const answer = await get(app, '/a.txt', { Range: range });
		assert.equal(answer.status, status, range);
		if (text !== null) assert.equal(answer.text, text, range);
		assert.equal(answer.fields.get('content-range'), contentRange, range);
	}
	assert.equal((await get(served(t, { 'e.txt': '' }), '/e.txt', { Range: 'bytes=0-' })).status, 416);
});

test('several ranges come as parts, each saying where it belongs', async (t) => {
	const root = tree(t, { 'a.txt': LINES });
	const answer = await get(lint(files(root)), '/a.txt', { Range: 'bytes=0-2,1000-1003,-2' });
	assert.equal(answer.status, 206);
	const boundary = /^multipart\/byteranges; boundary=([0-9a-f]+)$/.exec(answer.fields.get('content-type') ?? '')?.[1];
	const part = (range: string, text: string): string =>
		`--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes ${range}/2200\r\n\r\n${text}\r\n`;
	assert.equal(
		answer.text,
		`${part('0-2', LINES.slice(0, 3))}${part('1000-1003', LINES.slice(1000, 1004))}${part('2198-2199', LINES.slice(-2))}--${boundary}--\r\n`,
	);
	await until(() => openFiles(root).length === 0, 'the file is closed');
});

test('a range completes only what it is a part of', async (t) => {
	const app = served(t, { 'a.txt': DIGITS });
	const { fields } = await get(app, '/a.txt');
	const status = async (ifRange: string): Promise<number> =>
		(await get(app, '/a.txt', { Range: 'bytes=0-1', 'If-Range': ifRange })).status;
	assert.equal(await status(fields.get('etag') as string), 206);
	assert.equal(await status(fields.get('last-modified') as string), 206);
	assert.equal(await status('"other"'), 200);
	assert.equal(await status(`W/${fields.get('etag')}`), 200);
	assert.equal(await status('Sun, 17 May 2020 10:00:01 GMT'), 200);
});

test('a compressed file beside its original goes to those who take it', async (t) => {
	const contents = { 'a.js': LINES, 'a.js.gz': gzipSync(LINES), 'a.js.br': brotliCompressSync(LINES), 'b.js': LINES };
	const app = served(t, contents);
	const coding = async (path: string, accept: string): Promise<(string | null)[]> => {
		const { fields } = await get(app, path, accept === '' ? {} : { 'Accept-Encoding': accept });
		return [fields.get('content-encoding'), fields.get('vary'), fields.get('content-type')];
	};
	const type = 'text/javascript; charset=utf-8';
	assert.deepEqual(await coding('/a.js', ''), [null, 'Accept-Encoding', type]);
	assert.deepEqual(await coding('/a.js', 'gzip'), ['gzip', 'Accept-Encoding', type]);
	assert.deepEqual(await coding('/a.js', 'gzip, br'), ['br', 'Accept-Encoding', type]);
	assert.deepEqual(await coding('/a.js', 'gzip, br;q=0.5'), ['gzip', 'Accept-Encoding', type]);
	assert.deepEqual(await coding('/a.js', 'zstd, br;q=0, gzip;q=0'), [null, 'Accept-Encoding', type]);
	assert.deepEqual(await coding('/a.js', '*'), ['br', 'Accept-Encoding', type]);
	assert.deepEqual(await coding('/a.js', 'identity, gzip;q=0.5'), [null, 'Accept-Encoding', type]);
	assert.deepEqual(await coding('/b.js', 'gzip'), [null, null, type]);
	const tags = await Promise.all(
		['', 'gzip', 'br'].map(async (accept) =>
			(await get(app, '/a.js', { 'Accept-Encoding': accept })).fields.get('etag'),
		),
	);
	assert.equal(new Set(tags).size, 3, 'each variant has a tag of its own');
});

test('a compressed file older than its original is not sent', async (t) => {
	const root = tree(t, { 'a.js': LINES, 'a.js.gz': gzipSync('old') });
	utimesSync(join(root, 'a.js.gz'), OLD, new Date(OLD.getTime() - 1000));
	const { fields, text } = await get(lint(files(root)), '/a.js', { 'Accept-Encoding': 'gzip' });
	assert.deepEqual([fields.get('content-encoding'), fields.get('vary'), text], [null, null, LINES]);
});

test('options that cannot be meant are refused with their name', (t) => {
	const root = tree(t, { 'a.txt': '' });
	const refused: readonly (readonly [FilesOptions, RegExp])[] = [
		[{ listng: true } as FilesOptions, /files: listng: no such option; .*did you mean listing\?/],
		[{ index: ['a/b'] }, /index/],
		[{ links: 'some' as 'follow' }, /links must be 'within' or 'refuse' or 'follow', not "some"/],
		[{ dotFiles: true as unknown as 'hide' }, /dotFiles/],
		[{ precompressed: ['deflate' as 'br'] }, /precompressed/],
		[{ types: { '.x': 'text/x' } }, /types must be extensions without the dot/],
		[{ types: { x: 'html' } }, /types/],
		[{ cacheControl: 'a\r\nb' }, /cacheControl/],
		[{ listing: 1 as unknown as boolean }, /listing/],
		[{ otherwise: 'x' as unknown as App }, /otherwise/],
	];
	for (const [options, message] of refused) assert.throws(() => files(root, options), { name: 'TypeError', message });
	assert.throws(() => files(join(root, 'none')), /no such directory/);
	assert.throws(() => files(join(root, 'a.txt')), /not a directory/);
});

test('a file is closed once, whatever the answer: a second close would hit a file of somebody else', async (t) => {
	const root = tree(t, { 'a.txt': DIGITS, 'a.txt.gz': gzipSync(DIGITS) });
	const app = lint(files(root));
	const closed: number[] = [];
	const close = fs.close;
	t.mock.method(fs, 'close', (descriptor: number, done: () => void) => {
		closed.push(descriptor);
		close(descriptor, done);
	});
	syncBuiltinESMExports();
	t.after(() => {
		t.mock.restoreAll();
		syncBuiltinESMExports();
	});
	const requests: readonly Readonly<Record<string, string>>[] = [
		{},
		{ Range: 'bytes=0-1' },
		{ Range: 'bytes=0-1,5-6' },
		{ Range: 'bytes=50-' },
		{ 'If-Match': '"x"' },
		{ 'If-None-Match': '*' },
		{ 'Accept-Encoding': 'gzip' },
		{ 'Accept-Encoding': 'gzip', 'If-Match': '"x"' },
	];
	for (const fields of requests) {
		closed.length = 0;
		await get(app, '/a.txt', fields);
		await until(() => openFiles(root).length === 0, 'closed');
		assert.equal(new Set(closed).size, closed.length, JSON.stringify(fields));
		// The file and its compressed variant.
		assert.equal(closed.length, 2, JSON.stringify(fields));
	}
});
