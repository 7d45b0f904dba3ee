import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guardFor, HtmlWriter } from '../../../src/theme/markup/index.ts';
import { parseHtml } from '../../../src/theme/tree/index.ts';

function put(around: string, html: string): string {
	const writer = new HtmlWriter(guardFor(around.split(' ')));
	writer.node(parseHtml(html, { fragment: true }), 0);
	return writer.text;
}

const FAITHFUL: readonly (readonly [around: string, html: string])[] = [
	['html body div', "<ul class=a id='b'><LI>one<li>two</ul><p>x &amp; y</p>"],
	['html body div', '<picture><source srcset="a 1x"><img src=b alt></picture><x-y @click="z > 1" :a=b></x-y>'],
	['html body div', '<svg viewBox="0 0 1 1"><linearGradient id="a"/><path d="M0 0" /></svg>'],
	['html body div', '<svg><foreignObject><p>a</p></foreignObject></svg>'],
	['html body table tbody tr td', '<table><tr><td>1<td>2</table>'],
	['html body ul li', '<ul><li>a</li></ul>'],
	['html body div', '<script>if (a < b && c) "</div>";</script><style>a > b {}</style>'],
	['html body div', '<template><tr><td>a</td></tr></template>'],
	['html head', '<meta charset="utf-8"><link rel=x href=y><title>a &lt; b</title><script>1</script>'],
];

for (const [around, html] of FAITHFUL) {
	test(`what nobody touched stays as it is in ${around}: ${html}`, () => assert.equal(put(around, html), html));
}

const MADE_SAFE: readonly (readonly [around: string, html: string, written: string])[] = [
	['html body p', '<p>a</p><div>b</div>', 'ab'],
	['html body ul li', '<li>a</li>', 'a'],
	['html body form', '<form><input></form>', '<input>'],
	['html body a', '<a href=x>y</a>', 'y'],
	['html body table tbody tr td', '<tr><td>x</td></tr>', 'x'],
	['html body div', '</div><b>x', '<b>x</b>'],
	['html body div', '<div/>', '<div/></div>'],
	['html head', '<div>x</div><meta a>', '<meta a>'],
	['html head title', 'a &amp; <b>b</b>', 'a &amp; b'],
	['html body svg', '<g><p>x</p></g>', '<g>x</g>'],
	['html body noscript math', '<noscript>x</noscript>', 'x'],
];

for (const [around, html, written] of MADE_SAFE) {
	test(`in ${around} this does not break out: ${html}`, () => assert.equal(put(around, html), written));
}

test('text of our own does not end a script', () => {
	const writer = new HtmlWriter(guardFor(['html', 'body']));
	writer.startTag('script', []);
	writer.characters('a = "</script>" < 1 && b');
	writer.endTag('script');
	assert.equal(writer.text, '<script>a = "<\\/script>" < 1 && b</script>');
});

test('made elements are written with escaped text and values', () => {
	const writer = new HtmlWriter(guardFor(['html', 'body']));
	writer.startTag('p', [{ name: 'title', value: '"a" & b' }]);
	writer.characters('1 < 2 & 3');
	writer.startTag('br', []);
	writer.endTag('br');
	writer.comment('a-->b-');
	writer.endTag('p');
	assert.equal(writer.text, '<p title="&quot;a&quot; &amp; b">1 &lt; 2 &amp; 3<br><!--a-- >b- --></p>');
});

test('a start tag with other attributes keeps the content and the end tag of the source', () => {
	const tree = parseHtml('<DIV class=a><i>x</i></DIV >', { fragment: true });
	const writer = new HtmlWriter(guardFor(['html', 'body']));
	writer.openTag(tree, 1, [{ name: 'id', value: 'n' }]);
	writer.node(tree, 2);
	writer.closeTag(tree, 1);
	assert.equal(writer.text, '<div id="n"><i>x</i></DIV >');
});

const SPELLED: readonly (readonly [around: string, html: string])[] = [
	['html body div', '<svg viewBox="0 0 1 1"><linearGradient gradientUnits="a"></linearGradient></svg>'],
	['html body div', '<svg><foreignObject requiredExtensions="x"><p viewbox="a"></p></foreignObject></svg>'],
	['html body div', '<math definitionURL="a"><mi definitionURL="b"></mi></math>'],
	['html body svg', '<clipPath clipPathUnits="x"></clipPath><path d="M0"></path>'],
	['html body svg', '<xlink:x xlink:href="a" class="viewBox"></xlink:x>'],
];

for (const [around, html] of SPELLED) {
	test(`names of SVG and MathML are spelled as HTML does, written anew in ${around}: ${html}`, () => {
		const tree = parseHtml(html, { fragment: true });
		const writer = new HtmlWriter(guardFor(around.split(' ')));
		const made = new HtmlWriter(guardFor(around.split(' ')));
		const write = (node: number): void => {
			writer.openTag(tree, node, tree.attributes(node));
			made.startTag(tree.names[node] as string, tree.attributes(node));
			for (const child of tree.children(node)) write(child);
			writer.closeTag(tree, node);
			made.endTag(tree.names[node] as string);
		};
		for (const child of tree.children(0)) write(child);
		assert.deepEqual([writer.text, made.text], [html, html]);
	});
}

test('what is unbalanced in SVG keeps its spelling, too', () => {
	assert.equal(
		put('html body div', '<svg viewBox=a><LinearGradient><g></svg>'),
		'<svg viewBox=a><LinearGradient><g></g></linearGradient></svg>',
	);
});
