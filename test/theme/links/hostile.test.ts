import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkMapper, prefixAttributes, prefixComment, prefixCss, urlJoin } from '../../../src/theme/links/index.ts';

const SIZE = 1_000_000;
const links = linkMapper({
	map: { 'http://a': '/', 'http://a/b': '/c' },
	in: ['href', 'srcset', 'style', 'css', 'meta', 'cookie'],
});

const PIECES: readonly string[] = [
	' ',
	',',
	', ',
	'(',
	')',
	'()',
	'a ',
	'a,',
	'a (',
	'a 1x,',
	'http://a ',
	'url(',
	'url( ',
	"url('",
	'url(")',
	'url(a) ',
	'"',
	"'",
	'\\',
	'\\"',
	'"\\',
	'/*',
	'*/',
	'/**/',
	'@import ',
	'@import "',
	'@import url(',
	'<',
	'>',
	'<a ',
	'<a href',
	'<a href=',
	' src="',
	" href='",
	' src= ',
	'<style>',
	'<style',
	'</style',
	'<style></style>',
	'/',
	'../',
	'./',
	'//',
	'#',
	'?',
	';',
	'; Path=/',
	'Domain=',
	'0',
	'0;',
	'url=',
	'0;url = ',
	'-',
	'\n',
	'\t\n',
];

// What grows with the square of a million would take hours, and the test would never end.
for (const piece of PIECES) {
	test(`a million characters of ${JSON.stringify(piece)} are read in linear time`, () => {
		const text = piece.repeat(Math.ceil(SIZE / piece.length));
		const meta = [
			{ name: 'http-equiv', value: 'refresh' },
			{ name: 'content', value: `0;${text}` },
		];
		const attributes = ['href', 'src', 'srcset', 'style'].map((name) => ({ name, value: text }));
		links.attributes('img', attributes);
		links.attributes('meta', meta);
		links.attributes('meta', [
			{ name: 'http-equiv', value: 'refresh' },
			{ name: 'content', value: text },
		]);
		links.css(text);
		links.setCookie(text);
		links.url(`http://a${text}`);
		prefixAttributes('img', attributes, '/x', true);
		prefixCss(text, '/x');
		prefixComment(`[if IE]>${text}`, '/x');
		prefixComment(`[if IE]><a ${text}>`, '/x');
		assert.equal(typeof urlJoin('/x/', text), 'string');
	});
}
