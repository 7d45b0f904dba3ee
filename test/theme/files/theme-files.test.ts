import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ThemeFileError, ThemeFiles } from '../../../src/theme/files/index.ts';

const top = mkdtempSync(join(tmpdir(), 'turnabout-files-'));
const root = join(top, 'theme');
mkdirSync(join(root, 'parts'), { recursive: true });
mkdirSync(join(top, 'theme-2'));
writeFileSync(join(root, 'rules.xml'), 'rules');
writeFileSync(join(root, 'a b.html'), 'spaces');
writeFileSync(join(root, 'parts', 'one.xml'), 'one');
writeFileSync(join(root, 'latin.html'), Buffer.from('caf\xe9', 'latin1'));
writeFileSync(join(root, 'marked.html'), '\ufeffmarked');
writeFileSync(join(top, 'secret'), 'secret');
writeFileSync(join(top, 'theme-2', 'file'), 'neighbour');
symlinkSync(join(top, 'secret'), join(root, 'link'));
symlinkSync(top, join(root, 'up'));
after(() => rmSync(top, { recursive: true }));

const codeOf = (href: string): string => {
	try {
		return `read ${new ThemeFiles({ root }).read(href, null).text}`;
	} catch (error) {
		return error instanceof ThemeFileError ? error.code : String(error);
	}
};

test('nothing outside the root is read, whichever way it is named', () => {
	const names = ['../secret', 'link', 'up/secret', join(top, 'secret'), pathToFileURL(join(top, 'secret')).href];
	for (const name of [...names, '../theme-2/file', '..%2fsecret', '../nothing'])
		assert.equal(codeOf(name), 'outside-root', name);
});

test('nothing is read from the network', () => {
	for (const name of ['http://a/', 'HTTPS://a/', '//a/b', 'ftp://a', 'data:,x'])
		assert.equal(codeOf(name), 'network', name);
});

test('what is inside is read: by path, by URL, with percent signs', () => {
	const inside = [join(root, 'rules.xml'), pathToFileURL(join(root, 'rules.xml')).href, './parts/../rules.xml'];
	for (const name of inside) assert.equal(codeOf(name), 'read rules', name);
	assert.equal(codeOf('a%20b.html'), 'read spaces');
	assert.equal(codeOf('none.xml'), 'missing-file');
	assert.equal(codeOf('parts'), 'missing-file');
});

test('names are relative to the file they stand in; a file is read once, and remembered', () => {
	const files = new ThemeFiles({ root });
	const one = files.read('parts/one.xml', null);
	assert.equal(files.read('one.xml', one), one);
	assert.equal(files.read('../rules.xml', one).text, 'rules');
	assert.deepEqual(
		files.files.map(({ name }) => name),
		[join(root, 'parts/one.xml'), join(root, 'rules.xml')],
	);
});

test('other folders are read from when they are allowed', () => {
	assert.equal(
		new ThemeFiles({ root, allowed: [join(top, 'theme-2')] }).read('../theme-2/file', null).text,
		'neighbour',
	);
});

test('text is what its bytes say: marks are no part of it, and what is not UTF-8 is windows-1252', () => {
	assert.equal(codeOf('latin.html'), 'read café');
	assert.equal(codeOf('marked.html'), 'read marked');
});

test('a file that is too large is refused', () => {
	assert.throws(() => new ThemeFiles({ root, maxBytes: 3 }).read('rules.xml', null), { code: 'file-too-large' });
});
