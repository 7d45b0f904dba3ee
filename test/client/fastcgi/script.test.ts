/** Which script answers a path, what is left for PATH_INFO, and what is refused before a file is looked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodePath, type FileKind, resolveScript } from '../../../src/client/fastcgi/script.ts';
import { scriptFiles } from '../../../src/client/fastcgi/script-files.ts';

const root = `${import.meta.dirname}/scripts`;
const rules = { index: 'index.php', split: ['.php'], front: true };

const told = (path: string, changes = {}, kindOf: FileKind = scriptFiles(root)): string => {
	const resolved = resolveScript(path, { ...rules, ...changes }, kindOf);
	return resolved.kind === 'script' ? `${resolved.script} ${resolved.pathInfo}`.trim() : `(${resolved.kind})`;
};

const paths: [path: string, outcome: string, changes?: object][] = [
	['/', '/index.php'],
	['/info.php', '/info.php'],
	['/info.php/', '/info.php /'],
	['/info.php/a/b.php/c', '/info.php /a/b.php/c'],
	['/sub/', '/sub/index.php'],
	['/sub', '(folder)'],
	['/sub/app.php/deep.php/x', '/sub/app.php/deep.php /x'],
	['/sub/app.php/none', '/index.php'],
	['/photo.jpg', '(other)'],
	['/photo.jpg/x.php', '/index.php'],
	['/photo.jpg/x.php', '(other)', { front: false }],
	['/none.php/info.php', '/index.php'],
	['/none.php', '(other)', { front: false }],
	['/none', '/index.php'],
	['/none', '(other)', { front: false }],
	['/bare/', '/index.php'],
	['/bare/', '(other)', { front: false }],
	['/info.phpx', '/index.php'],
	['/INFO.PHP', '/index.php'],
	['/info.php.', '/index.php'],
	['/bare/notes.txt', '/bare/notes.txt', { split: ['.php', '.txt'] }],
	['/none', '(other)', { index: 'none.php' }],
	[`/${'x'.repeat(5_000)}`, '/index.php'],
];

for (const [path, outcome, changes] of paths) {
	test(`${path.slice(0, 40)}${changes ? ` with ${JSON.stringify(changes)}` : ''}: ${outcome}`, () =>
		assert.equal(told(path, changes), outcome));
}

test('a script is asked for by its file and by nothing that contains it', () => {
	const asked: string[] = [];
	const kindOf: FileKind = (path) => {
		asked.push(path);
		return null;
	};
	told(`/a.php${'/b.php'.repeat(1_000)}`, { front: false }, kindOf);
	assert.equal(asked.length, 2, 'below what is not there nothing is looked for');
});

const decoded: [raw: string, path: string | null][] = [
	['/', '/'],
	['/a%20b', '/a b'],
	['/a%2Fb', '/a/b'],
	['//a///b', '/a/b'],
	['/%C3%A4', '/\xc3\xa4'],
	['/.hidden', '/.hidden'],
	['/a..b/...', '/a..b/...'],
	['/a/../b', null],
	['/..', null],
	['/./a', null],
	['/%2e%2E/a', null],
	['/a%2f..%2fb', null],
	['/a%00.php', null],
	['/a%', null],
	['/a%g0', null],
	['a', null],
	['', null],
];

for (const [raw, path] of decoded) {
	test(`${JSON.stringify(raw)} ${path === null ? 'is refused' : `is ${JSON.stringify(path)}`}`, () =>
		assert.equal(decodePath(raw), path));
}

test('where case counts for nothing to the file system, a script in capitals is a script and no file to be sent', () => {
	const kindOf: FileKind = (path) => scriptFiles(root)(path.toLowerCase());
	assert.equal(told('/INFO.PHP', {}, kindOf), '/INFO.PHP');
	assert.equal(told('/Info.Php/a', {}, kindOf), '/Info.Php /a');
});

test('whatever is asked: a script that exists, below the root, with its PATH_INFO behind it', () => {
	const piece = fc.constantFrom(
		'/',
		'.',
		'..',
		'%2e',
		'%2F',
		'%00',
		'sub',
		'app.php',
		'info.php',
		'index.php',
		'photo.jpg',
		'.php',
		'x',
		'%',
	);
	const kindOf = scriptFiles(root);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
			const path = decodePath(`/${pieces.join('')}`);
			if (path === null) return;
			assert.ok(!/\0|\/\.\.?(\/|$)/.test(path));
			const resolved = resolveScript(path, rules, kindOf);
			if (resolved.kind !== 'script') return;
			assert.equal(scriptFiles(root)(resolved.script), 'file');
			assert.ok(resolved.script.endsWith('.php'));
			if (resolved.pathInfo !== '') assert.equal(resolved.script + resolved.pathInfo, path);
		}),
		{ numRuns: 2_000 },
	);
});
