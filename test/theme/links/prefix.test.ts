import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prefixAttributes, prefixComment, prefixCss } from '../../../src/theme/links/index.ts';

/** Element, attribute, value, what Diazo makes of it, what we make of it by default. */
const CASES: readonly (readonly [string, string, string, string, string])[] = [
	['img', 'src', 'foo.jpg', '/abs/foo.jpg', '/abs/foo.jpg'],
	['img', 'src', '../foo.jpg', '/foo.jpg', '/foo.jpg'],
	['img', 'src', 'http://site.com/foo.jpg', 'http://site.com/foo.jpg', 'http://site.com/foo.jpg'],
	['a', 'href', '#top', '#top', '#top'],
	['a', 'href', 'x#top', '/abs/x#top', '/abs/x#top'],
	['a', 'href', '', '/abs/', ''],
	['use', 'xlink:href', '#g', '/abs/#g', '#g'],
	['use', 'xlink:href', 'i.svg#g', '/abs/i.svg#g', '/abs/i.svg#g'],
	[
		'img',
		'srcset',
		'l.jpg 1684w, m.jpg 1024w,s.jpg',
		'/abs/l.jpg 1684w, /abs/m.jpg 1024w,/abs/s.jpg',
		'/abs/l.jpg 1684w, /abs/m.jpg 1024w,/abs/s.jpg',
	],
	[
		'img',
		'srcset',
		' http://a/l.jpg 2x,  m.jpg ',
		' http://a/l.jpg 2x,  /abs/m.jpg ',
		' http://a/l.jpg 2x,  /abs/m.jpg ',
	],
	['img', 'srcset', 'a.jpg, b.jpg', '/abs/a.jpg, /abs/b.jpg', '/abs/a.jpg, /abs/b.jpg'],
	[
		'img',
		'srcset',
		'data:image/png;base64,AA 1x, b(,).jpg calc(1,2), c',
		'data:image/png;base64,AA 1x, /abs/b(,).jpg calc(1,2), /abs/c',
		'data:image/png;base64,AA 1x, /abs/b(,).jpg calc(1,2), /abs/c',
	],
	['video', 'poster', 'p.jpg', 'p.jpg', '/abs/p.jpg'],
	['object', 'data', 'o.swf', 'o.swf', '/abs/o.swf'],
	['div', 'data', 'o.swf', 'o.swf', 'o.swf'],
	['form', 'action', 'go', 'go', '/abs/go'],
	['form', 'action', '', '', ''],
	['button', 'formaction', 'go', 'go', '/abs/go'],
	['body', 'background', 'b.gif', 'b.gif', '/abs/b.gif'],
	['p', 'style', 'background: url(b.gif)', 'background: url(b.gif)', 'background: url(/abs/b.gif)'],
	['base', 'href', 'x/', 'x/', 'x/'],
	['p', 'title', 'x', 'x', 'x'],
];

for (const [name, attribute, value, diazo, ours] of CASES) {
	test(`${name} ${attribute}="${value}" becomes ${diazo}, or ${ours}`, () => {
		const before = [
			{ name: 'class', value: 'src' },
			{ name: attribute, value },
		];
		for (const [more, expected] of [
			[false, diazo],
			[true, ours],
		] as const) {
			const after = prefixAttributes(name, before, '/abs', more);
			assert.equal((after ?? before)[1]?.value, expected);
			assert.equal(after === null, expected === value);
		}
	});
}

test('an empty prefix changes nothing', () => {
	assert.equal(prefixAttributes('img', [{ name: 'src', value: 'x' }], ''), null);
	assert.equal(prefixCss('@import "x"', ''), '@import "x"');
	assert.equal(prefixComment('[if IE]><img src="x"><![endif]', ''), '[if IE]><img src="x"><![endif]');
});

const CSS = `@import "foo.css"; @IMPORT url("foo.css") screen; @import url( './foo.css' );
@import url(../foo.css); @import 'http://site.com/foo.css'; /* @import "no.css"; url(no) */
a { background: url(a.png), url("b c.png"); content: "url(no)"; mask: url(#m); x: my-url(no); y: url(e\\)f) }`;

test('imports of a style element are made absolute, and with more every url', () => {
	const imports = CSS.replaceAll("'./foo", "'/abs/foo").replaceAll('(../foo', '(/foo').replaceAll('"foo', '"/abs/foo');
	assert.equal(prefixCss(CSS, '/abs'), imports);
	assert.equal(prefixCss(CSS, '/abs/', true), imports.replace('(a.png', '(/abs/a.png').replace('"b c', '"/abs/b c'));
});

test('conditional comments are markup, other comments are not', () => {
	const comment = `[if lte IE 6]><p>it's</p><style type="a">\n@import "foo.css"; a {b: url(x)}</style>
<LINK rel=x HREF='../foo.css'/><script data-src="no" src = foo.js></script><a href="/x">src="no"</a><![endif]`;
	const expected = comment
		.replace('"foo.css', '"/abs/foo.css')
		.replace('../foo', '/foo')
		.replace('= foo.js', '= /abs/foo.js');
	assert.equal(prefixComment(comment, '/abs'), expected);
	assert.equal(prefixComment(` ${comment}`, '/abs'), ` ${comment}`);
	assert.equal(prefixComment('<img src="x">', '/abs'), '<img src="x">');
});
