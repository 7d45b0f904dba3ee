import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: fileURLToPath(root) });

/** The anchors that a page's headings make, as GitHub names them. */
function anchorsOf(page: URL): Set<string> {
	const headings = readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm);
	const anchor = (text: string): string =>
		text
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-');
	return new Set([...headings].map((match) => anchor(match[1] ?? '')));
}

test('there are pages', () => {
	assert.ok(pages.includes('README.md'));
	assert.ok(pages.length > 5);
});

for (const path of pages) {
	test(`every link in ${path} leads somewhere`, () => {
		const page = new URL(path, root);
		const text = readFileSync(page, 'utf8').replace(/^```[^]*?^```/gm, '');
		for (const [, link = ''] of text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
			const target = new URL(link, page);
			const anchor = target.hash.slice(1);
			target.hash = '';
			assert.ok(existsSync(target), `${link} does not exist`);
			if (anchor !== '') assert.ok(anchorsOf(target).has(anchor), `${link}: there is no such heading`);
		}
	});
}
