import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type XhtmlOptions, XhtmlWriter } from '../../../src/theme/markup/index.ts';
import { DOCUMENT, parseHtml } from '../../../src/theme/tree/index.ts';

function write(html: string, options: XhtmlOptions = {}): string {
	const tree = parseHtml(html, { dialect: 'libxml2' });
	const writer = new XhtmlWriter(options);
	for (const child of tree.children(DOCUMENT)) writer.copy(tree, child);
	return writer.finish();
}
const body = (html: string): string =>
	/<body>(.*)<\/body>/s.exec(write(`<html><body>${html}</body></html>`))?.[1] ?? '';

test('the doctype is that of XHTML 1.0 Transitional unless another is asked for', () => {
	assert.match(write('<p>a</p>', {}), /^<!DOCTYPE html PUBLIC "-\/\/W3C\/\/DTD XHTML 1\.0 Transitional\/\/EN" "http:/);
	assert.match(
		write('<p>a</p>', { doctypePublic: null, doctypeSystem: 'about:x' }),
		/^<!DOCTYPE html SYSTEM "about:x">/,
	);
	assert.match(write('<p>a</p>', { declaration: true }), /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!DOCTYPE/);
});

test('html gets its namespace and head its content type, where they have none', () => {
	const meta = '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />';
	const html = write('<html lang="en"><head><title>a</title></head></html>');
	assert.equal(
		html.split('\n')[1],
		`<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en"><head>${meta}<title>a</title></head></html>`,
	);
	assert.equal(write(`<head>${meta}</head>`).split('<meta').length, 2);
});

const WRITTEN: readonly (readonly [html: string, written: string])[] = [
	['<br><p></p>', '<br /><p></p>'],
	['<p><a name=x>b</a></p>', '<p><a name="x" id="x">b</a></p>'],
	['<p><input checked></p>', '<p><input checked="checked" /></p>'],
	['<p title="a&amp;&quot;&lt;\n">1 &lt; 2</p>', '<p title="a&amp;&quot;&lt;&#10;">1 &lt; 2</p>'],
	["<p title='\"'>\u000ea&#13;\u001f</p>", '<p title="&quot;">a&#13;</p>'],
	['<p title="\n"><i title="a\u000eb">\u0010</i></p>', '<p title="&#10;"><i title="ab"></i></p>'],
	['<script>a < b</script>', '<script>a < b</script>'],
	['<p><!-- a -- b --></p>', '<p><!-- a - - b --></p>'],
	['<p @x="1" a="2">b</p>', '<p a="2">b</p>'],
];

for (const [html, written] of WRITTEN) {
	test(`libxml2 writes ${JSON.stringify(html)} so`, () => assert.equal(body(html), written));
}
