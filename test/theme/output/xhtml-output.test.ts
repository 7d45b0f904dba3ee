import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XhtmlOutput } from '../../../src/theme/output/index.ts';
import { type Attribute, DOCUMENT, parseHtml, type Tree, TreeMaker } from '../../../src/theme/tree/index.ts';

const META = '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />';

/** What is written, without the doctype. */
function written(write: (out: XhtmlOutput) => void): string {
	const out = new XhtmlOutput({});
	write(out);
	return out.finish().replace(/^<!DOCTYPE [^>]*>\n/, '');
}

const fragment = (html: string): Tree => parseHtml(html, { dialect: 'libxml2', fragment: true });
const attributes = (given: Readonly<Record<string, string>>): Attribute[] =>
	Object.entries(given).map(([name, value]) => ({ name, value }));

test('an element is empty when nothing has come into it before its end', () => {
	const html = written((out) => {
		out.start('div', []);
		for (const fill of [() => {}, () => out.text('', false), () => out.copy(new TreeMaker().finish(), DOCUMENT)]) {
			out.start('br', []);
			fill();
			out.end();
		}
		out.start('br', []);
		out.instruction('xml', 'is not written, but it is something');
		out.end();
		out.end();
	});
	assert.equal(html, '<div><br /><br /><br /><br></br></div>');
});

test('attributes are set until something has come in, in the place of those that are there', () => {
	const tree = fragment('<a href="1" title="2">x</a>');
	const html = written((out) => {
		out.open(tree, 1, null);
		out.attribute('href', '3');
		out.attribute('rel', '4');
		out.text('y', false);
		out.attribute('rel', '5');
		out.start('b', attributes({ id: '6' }));
		out.attribute('id', '7');
		out.copy(tree, 2);
		out.attribute('id', '8');
	});
	assert.equal(html, '<a href="3" title="2" rel="4">y<b id="7">x</b></a>');
});

test('a copied element has its own attributes, those it is given, or none', () => {
	const tree = fragment('<p class="a" id=b>x</p>');
	const html = written((out) => {
		out.start('div', []);
		for (const given of [null, attributes({ id: 'c' }), []]) {
			out.open(tree, 1, given);
			out.copy(tree, 2);
			out.end();
		}
	});
	assert.equal(html, '<div><p class="a" id="b">x</p><p id="c">x</p><p>x</p></div>');
});

test('text in pieces is one text', () => {
	const tree = fragment('<p>]]<i>x</i></p><p>></p><script>a < b</script>');
	const made = (say: (out: XhtmlOutput) => void): string =>
		written((out) => {
			out.start('script', []);
			say(out);
		});
	assert.equal(
		made((out) => {
			out.copy(tree, 2);
			out.text('>\r', false);
			out.text('\n', false);
		}),
		'<script><![CDATA[]]]]><![CDATA[>\n]]></script>',
	);
	assert.equal(
		made((out) => {
			out.copy(tree, 2);
			out.copy(tree, 6);
		}),
		'<script><![CDATA[]]]]><![CDATA[>]]></script>',
	);
	assert.equal(
		made((out) => {
			out.text('&', false);
			out.copy(tree, 8);
		}),
		'<script><![CDATA[&]]>a < b</script>',
	);
	assert.equal(
		made((out) => {
			out.text('a < b;', true);
			out.text('a < b;', false);
			out.text('c', false);
		}),
		'<script>a < b;<![CDATA[a < b;c]]></script>',
	);
	assert.equal(
		made((out) => {
			out.text('\ud83d', false);
			out.text('\ude00', false);
		}),
		'<script>😀</script>',
	);
});

test('a head gets its content type in front, unless one comes at any time before its end', () => {
	const type = { 'http-equiv': 'content-TYPE', content: 'x' };
	const head = (fill: (out: XhtmlOutput) => void): string =>
		written((out) => {
			out.start('head', []);
			out.start('title', []);
			out.end();
			fill(out);
		}).replace('<title></title>', '');
	const meta = fragment('<meta http-equiv="content-type"><div><meta http-equiv="content-type"></div>');
	assert.equal(
		head(() => {}),
		`<head>${META}</head>`,
	);
	assert.equal(
		head((out) => out.start('meta', attributes(type))),
		'<head><meta http-equiv="content-TYPE" content="x" /></head>',
	);
	assert.equal(
		head((out) => out.copy(meta, 1)),
		'<head><meta http-equiv="content-type" /></head>',
	);
	assert.equal(
		head((out) => out.copy(meta, 2)),
		`<head>${META}<div><meta http-equiv="content-type" /></div></head>`,
	);
	assert.equal(
		head((out) => {
			out.start('meta', []);
			for (const { name, value } of attributes(type)) out.attribute(name, value);
		}),
		'<head><meta http-equiv="content-TYPE" content="x" /></head>',
	);
	assert.equal(
		head((out) => {
			out.start('head', []);
			out.copy(meta, 1);
		}),
		`<head>${META}<head><meta http-equiv="content-type" /></head></head>`,
	);
});

test('every root element declares the namespace that the whole document decides', () => {
	const roots = (last: string): string =>
		written((out) => {
			for (const given of [{ lang: 'en' }, { xmlns: 'x' }]) {
				out.start('html', attributes(given));
				out.start('html', []);
				out.end();
				out.start(last, []);
				out.end();
				out.end();
			}
		});
	assert.equal(
		roots('p'),
		'<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en"><html></html><p></p></html><html xmlns="x"><html></html><p></p></html>',
	);
	assert.match(roots('esi:x'), /^<html xmlns:esi="http:\/\/www\.edge-delivery\.org\/esi\/1\.0" lang="en"/);
});

test('an instruction of ESI decides it, too', () => {
	const html = written((out) => {
		out.start('html', []);
		out.instruction('esi:x', 'y');
	});
	assert.equal(html, '<html xmlns:esi="http://www.edge-delivery.org/esi/1.0"><?esi:x y?></html>');
});

test('a copied root has the namespace of its new document', () => {
	const tree = parseHtml('<html xmlns="x" xml:lang="y" class="z">', { dialect: 'libxml2' });
	for (const given of [null, tree.attributes(1)]) {
		const html = written((out) => out.open(tree, 1, given));
		assert.equal(html, '<html xmlns="http://www.w3.org/1999/xhtml" class="z"></html>');
	}
});

test('the doctype names the first root element', () => {
	const out = new XhtmlOutput({ doctypePublic: null, doctypeSystem: 'x' });
	out.comment('a');
	for (const name of ['b', 'c']) {
		out.start(name, []);
		out.end();
	}
	assert.equal(out.finish(), '<!DOCTYPE b SYSTEM "x">\n<!--a--><b/><c/>');
});

test('an element whose name XML does not have leaves what is in it', () => {
	const html = written((out) => {
		out.start('a b', attributes({ id: 'x' }));
		out.copy(fragment('<1>x<a:b:c>y<br>z</a:b:c>'), DOCUMENT);
		out.end();
		out.start('p', attributes({ 'a b': 'x', c: 'y' }));
	});
	assert.equal(html, '&lt;1&gt;xy<br />z<p c="y"></p>');
});

test('what is open in the end is ended', () => {
	const html = written((out) => {
		out.start('ul', []);
		out.start('li', []);
		out.text('a & b', false);
	});
	assert.equal(html, '<ul><li>a &amp; b</li></ul>');
});
