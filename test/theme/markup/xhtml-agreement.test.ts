/** What a writer takes from a source as it stands has to be what it would have written without one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { XhtmlWriter } from '../../../src/theme/markup/index.ts';
import { DOCUMENT, parseHtml, type Tree, TreeMaker } from '../../../src/theme/tree/index.ts';
import { brokenPage } from '../broken-pages.ts';
import { PIECES } from '../tree/tree-text.ts';

const MARKUP: readonly string[] = [
	...['<p title="a">', '<p  title="a">', "<p title='a'>", '<p title=a>', '<p title="a" >', '<p title="a"/>', '<p/ >'],
	...[
		'<br>',
		'<br/>',
		'<br />',
		'<br  />',
		'<br class="a" />',
		'<hr a="1"b="2">',
		'<P>',
		'<p CLASS="a">',
		'</P>',
		'</p >',
	],
	...['<p a="&amp;">', '<p a="&eacute;">', '<p a="b>c">', '<p a="b<c">', '<p a="\t">', '<p a="\n">', '<p a="\r">'],
	...['<p a="1" a="2">', '<p a="1" b="2" a="3">', '<p a="">', '<input checked="">', '<input checked>', "<p a='\"'>"],
	...[
		'<p lang="x">',
		'<p lang="x" xml:lang="y">',
		'<p xml:lang="y">',
		'<a name="x">',
		'<a name="x" id="y">',
		'<i name="x">',
	],
	...[
		'<p a="\u0001">',
		'<p a="\ud800">',
		'<p a="😀">',
		'<p a="\ufffe">',
		'<p @x="1">',
		'<p é="1">',
		'<p a:b:c="1">',
		'<p a-b="é">',
	],
	...[
		'a',
		' ',
		'\n',
		'\t',
		'\r\n',
		'\r',
		'é',
		'😀',
		'\ud83d',
		'\ude00',
		'\u0001',
		'\uffff',
		'&',
		'&lt;',
		'&nbsp;',
		'<',
		'>',
		']]>',
	],
	...[
		'<1>',
		'<a:b>',
		'<a:b:c>',
		'<esi:x>',
		'<?esi:x y>',
		'<?a b?>',
		'<?xml a?>',
		'<!-- a -- b -->',
		'<!--->',
		'<!-- -',
		'-->',
	],
	...[
		'<html xmlns="x" lang="y">',
		'<body a="1">',
		'<body b="2">',
		'<meta http-equiv="Content-Type" content="x">',
		'<meta http-equiv="CONTENT-type"/>',
		'<meta>',
	],
	...[
		`<p ${Array.from({ length: 20 }, (_, i) => `a${i}="${i}"`).join(' ')} a19="x">`,
		'<p title="',
		'<p a="b" c',
		'</p',
	],
];

const PLAIN = { doctypePublic: null, doctypeSystem: null };
const OPTIONS = [{}, PLAIN] as const;

function written(tree: Tree, options: (typeof OPTIONS)[number]): string {
	const writer = new XhtmlWriter(options);
	for (const child of tree.children(DOCUMENT)) writer.copy(tree, child);
	return writer.finish();
}

function assertAgreement(source: string): void {
	for (const dialect of ['libxml2', 'html'] as const) {
		const tree = parseHtml(source, { dialect });
		const maker = new TreeMaker();
		for (const child of tree.children(DOCUMENT)) maker.copy(tree, child);
		const made = maker.finish();
		// Another tree, since the first one keeps the attributes that were asked for.
		const fresh = parseHtml(source, { dialect });
		for (const options of OPTIONS)
			assert.equal(written(fresh, options), written(made, options), JSON.stringify(source));
	}
}

test('what stands in the source is kept only where it is what would be written anew', () => {
	const pieces = fc.array(fc.constantFrom(...MARKUP, ...PIECES), { maxLength: 30 });
	fc.assert(
		fc.property(pieces, (some) => assertAgreement(`<body>${some.join('')}`)),
		{ numRuns: 2000 },
	);
});

test('the same in heads, and where nothing is around', () => {
	const pieces = fc.array(fc.constantFrom(...MARKUP), { maxLength: 12 });
	fc.assert(fc.property(pieces, (some) => assertAgreement(some.join(''))));
	fc.assert(fc.property(pieces, (some) => assertAgreement(`<html><head>${some.join('')}</head><body>`)));
});

test('the same in broken pages', () => {
	fc.assert(
		fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (numbers) =>
			assertAgreement(brokenPage(() => numbers.next().value as number)),
		),
		{ numRuns: 200 },
	);
});

test('a tag with another tag in front of it is kept, and nothing is kept in memory for it', () => {
	const tree = parseHtml('<body><p class="a"><i title=b>c &amp; d</i></p>', { dialect: 'libxml2' });
	const writer = new XhtmlWriter(PLAIN);
	for (const child of tree.children(DOCUMENT)) writer.copy(tree, child);
	assert.equal(writer.finish(), '<html><body><p class="a"><i title="b">c &amp; d</i></p></body></html>');
	assert.ok(tree.names.every((_, node) => !tree.keepsAttributes(node)));
});
