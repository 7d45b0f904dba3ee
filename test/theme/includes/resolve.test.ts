/** Resolving includes: what they become, what stands in for them, and how far it goes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	findReferences,
	type IncludeWarning,
	type ResolveOptions,
	resolveIncludes,
} from '../../../src/theme/includes/index.ts';
import { library } from './asking.ts';

const documents = {
	'/a': '<b>A</b>',
	'/b': '<i>B</i>',
	'/empty': ' \n',
	'/q?x=1&y=2': 'QUERY',
	'/nested': '[<esi:include src="/a"/>]',
	'/loop': '(<esi:include src="/loop"/><!--#include virtual="/loop"-->)',
};

const both = { esi: true, ssi: true };
const resolved = async (html: string, options: Partial<ResolveOptions> = {}): Promise<string> =>
	resolveIncludes(html, library(documents).fetch, { ...both, ...options });

const table: readonly (readonly [what: string, html: string, expected: string])[] = [
	['SSI', '1<!--#include virtual="/a" -->2', '1<b>A</b>2'],
	[
		'SSI as Diazo and nginx write it',
		'<!--#include  virtual="/a" wait="yes"--><!--# include virtual=/b -->',
		'<b>A</b><i>B</i>',
	],
	['SSI by file is refused', '1<!--#include file="/a" -->2', '12'],
	['SSI into a variable', '1<!--#include virtual="/a" set="v" -->2', '12'],
	[
		'SSI that fails with a stub',
		'<!--# block name="s" -->stub <!--#include virtual="/b"--><!--# endblock -->1<!--#include virtual="/no" stub="s"-->2',
		'1stub <i>B</i>2',
	],
	[
		'SSI that is empty with a stub',
		'<!--# block name="s" -->stub<!--# endblock --><!--#include virtual="/empty" stub="s"-->',
		'stub',
	],
	[
		'SSI that comes with a stub',
		'<!--#include virtual="/a" stub="s"--><!--# block name="s" -->stub<!--# endblock -->',
		'<b>A</b>',
	],
	[
		'a stub that is its own stub',
		'<!--# block name="s" -->x<!--#include virtual="/no" stub="s"--><!--# endblock --><!--#include virtual="/no" stub="s"-->',
		'x',
	],
	['other SSI commands stay comments', '<!--#echo var="x" -->', '<!--#echo var="x" -->'],
	['ESI', '1<esi:include src="/a"/>2', '1<b>A</b>2'],
	['ESI as HTML writers leave it', "1<esi:include src='/a'></esi:include>2", '1<b>A</b>2'],
	['references in src', '<esi:include src="/q?x=1&amp;y=2" />', 'QUERY'],
	['alt', '<esi:include src="/no" alt="/b"/>', '<i>B</i>'],
	['onerror="continue"', '1<esi:include src="/no" alt="/no2" onerror="continue"/>2', '12'],
	['remove', '1<esi:remove>x<a href="/y">z</a><esi:include src="/a"/></esi:remove>2', '12'],
	['comment', '1<esi:comment text="a > b" />2', '12'],
	['<!--esi', '1<!--esi <p><esi:include src="/a"/></p>-->2', '1 <p><b>A</b></p>2'],
	['<!--esi around remove', '<!--esi <esi:remove>--> x <!--esi </esi:remove>-->2', ' 2'],
	[
		'try that works',
		'<esi:try> <esi:attempt>1<esi:include src="/a"/></esi:attempt> <esi:except>no</esi:except> </esi:try>',
		'1<b>A</b>',
	],
	[
		'try that fails',
		'<esi:try><esi:attempt>1<esi:include src="/no"/></esi:attempt><esi:except>2<esi:include src="/b"/></esi:except></esi:try>',
		'2<i>B</i>',
	],
	[
		'try, of which a part may fail',
		'<esi:try><esi:attempt>1<esi:include src="/no" onerror="continue"/></esi:attempt><esi:except>2</esi:except></esi:try>',
		'1',
	],
	[
		'try in a try',
		'<esi:try><esi:attempt><esi:try><esi:attempt><esi:include src="/no"/></esi:attempt><esi:except>in</esi:except></esi:try></esi:attempt><esi:except>out</esi:except></esi:try>',
		'in',
	],
	[
		'choose and vars are left out',
		'1<esi:choose><esi:when test="$(X)">a</esi:when><esi:otherwise>b<esi:include src="/a"/></esi:otherwise></esi:choose><esi:vars>$(Y)</esi:vars>2',
		'12',
	],
	[
		'in a comment nothing counts',
		'<!-- <esi:include src="/a"/> --><esi:include src="/b"/>',
		'<!-- <esi:include src="/a"/> --><i>B</i>',
	],
	[
		'comments without content',
		'<!--><esi:include src="/a"/><!---><esi:include src="/b"/>-->',
		'<!--><b>A</b><!---><i>B</i>-->',
	],
	['in scripts and attribute values it does', '<a href="<!--#include virtual="/empty"-->x">', '<a href=" \nx">'],
	['nested', '<esi:include src="/nested"/>', '[<b>A</b>]'],
	['what is not closed', '1<esi:remove>2<esi:include src="/a"/>', '12<b>A</b>'],
	[
		'what is not a tag',
		'<esi:include src="/a" <p>x</p><!--#include virtual="/a"',
		'<esi:include src="/a" <p>x</p><!--#include virtual="/a"',
	],
	['ends of nothing', '1</esi:try></esi:remove><!--# endblock -->2', '12'],
	['a block closed inside an element closes with it', '<esi:remove><!--# block name="x" -->a</esi:remove>b', 'b'],
];

for (const [what, html, expected] of table) {
	test(`resolved: ${what}`, async () => assert.equal(await resolved(html), expected));
}

test('a page without includes is the same string, at once', () => {
	const html = '<p>1<!-- 2 --></p>';
	const { fetch, asked } = library(documents);
	assert.equal(resolveIncludes(html, fetch, both), html);
	assert.equal(resolveIncludes('<esi:remove>x</esi:remove>y', fetch, both), 'y');
	assert.equal(resolveIncludes('<esi:include src="/a"/>', fetch, { esi: false, ssi: true }), '<esi:include src="/a"/>');
	assert.equal(
		resolveIncludes('<!--#include virtual="/a"-->', fetch, { esi: true, ssi: false }),
		'<!--#include virtual="/a"-->',
	);
	assert.deepEqual(asked, []);
});

test('what stands in for an include that failed', async () => {
	for (const html of ['<esi:include src="/no"/>', '<!--#include virtual="/no" -->']) {
		assert.equal(await resolved(`1${html}2`), '12');
		assert.equal(await resolved(`1${html}2`, { onError: 'keep' }), `1${html}2`);
		assert.equal(await resolved(`1${html}2`, { onError: { html: '<hr>' } }), '1<hr>2');
		await assert.rejects(resolved(html, { onError: 'fail' }), { name: 'HttpError', status: 502 });
	}
});

test('a loop ends at maxDepth, and leaves no include in the page', async () => {
	for (const onError of ['remove', 'keep'] as const) {
		assert.equal(await resolved('<esi:include src="/loop"/>', { onError, maxDepth: 3 }), '((()())(()()))');
		assert.equal(await resolved('<esi:include src="/loop"/>', { onError, maxDepth: 1 }), '()');
	}
});

test('no fragment brings an include into the page by any disguise', async () => {
	const disguises = [
		'<e<esi:comment/>si:include src="/a"/>',
		'<!<!--#include virtual="/no"-->--#include virtual="/a"-->',
		'<!-- <esi:include src="/a"/> -->',
		'<esi:include src="/a" <',
		'<!--#include virtual="/a"',
		'<!--#exec cmd="ls" -->',
		'<!--<esi:comment/>esi x -->',
		'<!--esi x',
	];
	for (const disguise of disguises) {
		const { fetch } = library({ '/x': disguise });
		const html = await resolveIncludes('1<esi:include src="/x"/>2', fetch, { ...both, onError: 'keep' });
		assert.doesNotMatch(html, /<esi:|<!--#|<!--esi/, disguise);
	}
});

test('maxIncludes and maxLength hold for the page in all', async () => {
	const many = '<esi:include src="/loop"/>'.repeat(10);
	const { fetch, asked } = library(documents);
	await resolveIncludes(many, fetch, { ...both, maxIncludes: 12, maxDepth: 10 });
	assert.equal(asked.length, 12);
	const why: string[] = [];
	const missed = (_href: string, { reason }: { reason: string }): number => why.push(reason);
	assert.equal(await resolved('<esi:include src="/a"/><esi:include src="/b"/>', { maxLength: 10, missed }), '<b>A</b>');
	assert.deepEqual(why, ['too-many']);
});

test('filter_xpath is decoded, taken off the href and applied', async () => {
	const { fetch, asked } = library({ '/a': '<p>x</p>', '/b?c=1': '<p>y</p>' });
	const select = (html: string, xpath: string): string => `${xpath} of ${html}`;
	const html =
		'<!--#include  virtual="/a?;filter_xpath=//*%5B@id%20%3D%20%22m%22%5D"--> <esi:include src="/b?c=1;filter_xpath=//p"/>';
	assert.equal(await resolveIncludes(html, fetch, { ...both, select }), '//*[@id = "m"] of <p>x</p> //p of <p>y</p>');
	assert.deepEqual(asked, ['/a', '/b?c=1']);
	assert.deepEqual(findReferences(html, both), [
		{ href: '/a', filter: '//*[@id = "m"]' },
		{ href: '/b?c=1', filter: '//p' },
	]);
	assert.equal(await resolved('1<!--#include virtual="/a?;filter_xpath=//p"-->2'), '12', 'nobody applies it');
	const broken = (): string => {
		throw new Error('no XPath');
	};
	assert.equal(await resolved('1<!--#include virtual="/a?;filter_xpath=//p"-->2', { select: broken }), '12');
	assert.equal(await resolved('1<!--#include virtual="/a?;filter_xpath=%zz"-->2', { select }), '12');
});

test('oddities are told with their place', async () => {
	const warnings: IncludeWarning[] = [];
	await resolved('1<esi:choose></esi:choose><!--#include file="x"--><esi:include/><esi:remove>', {
		warn: (one) => warnings.push(one),
	});
	assert.deepEqual(
		warnings.map(({ code, offset }) => [code, offset]),
		[
			['unsupported', 1],
			['file', 26],
			['attribute', 50],
			['unclosed', 64],
		],
	);
});

test('references are found in order, without what is removed or only stands in', () => {
	const html =
		'<esi:remove><esi:include src="/0"/></esi:remove><esi:try><esi:attempt><esi:include src="/1"/></esi:attempt>' +
		'<esi:except><esi:include src="/2"/></esi:except></esi:try><!--#include virtual="/3"--><!--#include file="4"-->';
	assert.deepEqual(
		findReferences(html, both).map(({ href }) => href),
		['/1', '/3'],
	);
	assert.deepEqual(findReferences('<p>', both), []);
});

test('all includes of a page are asked for before any has come', async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const asked: string[] = [];
	const page = resolveIncludes(
		'<esi:include src="/1"/><!--#include virtual="/2" wait="yes"--><esi:try><esi:attempt><esi:include src="/3"/></esi:attempt></esi:try>',
		async (href) => {
			asked.push(href);
			await promise;
			return { ok: true, text: href, type: 'text/html', status: 200 };
		},
		both,
	);
	await new Promise((done) => setImmediate(done));
	assert.deepEqual(asked, ['/1', '/2', '/3']);
	resolve();
	assert.equal(await page, '/1/2/3');
});

test('a fetcher that rejects has failed', async () => {
	const fetch = (): Promise<never> => Promise.reject(new Error('no'));
	assert.equal(await resolveIncludes('1<esi:include src="/a"/>2', fetch, both), '12');
});

test('hostile pages take linear time: each piece is looked at a bounded number of times', () => {
	const floods = [
		'<esi:',
		'<esi:a "',
		'<!--#',
		'<!--esi ',
		'<!--',
		'<esi:try>',
		'</esi:try>',
		'<esi:remove>',
		'<esi:x a=',
		"<esi:x '",
		'<!--#include -->',
		'<!--# block name="x" -->',
	];
	for (const flood of floods) {
		const { fetch } = library({});
		const large = flood.repeat(100_000);
		// Were it quadratic, this would run for minutes.
		const work = resolveIncludes(large, fetch, { ...both, maxIncludes: 1 });
		if (typeof work !== 'string') work.catch(() => {});
	}
});
