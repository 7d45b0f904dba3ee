import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainStreaming, settlementText } from '../../../src/theme/explain/index.ts';
import type { PlanOptions } from '../../../src/theme/plan/index.ts';
import { planOf } from './plan-of.ts';

/** One rule, how it is carried out, what it waits for, and the beginning of what would help. */
const rows: readonly (readonly [
	rule: string,
	options: PlanOptions,
	work: string,
	waits: string,
	advice: RegExp | null,
])[] = [
	['<drop css:theme="#side" if-path="/news"/>', {}, 'fast', 'nothing', null],
	['<replace css:theme="title" css:content="head title"/>', {}, 'fast', 'head', null],
	['<replace css:theme="title" css:content="title"/>', {}, 'fast', 'everything', /write 'head title'/],
	['<merge attributes="class" css:theme="body" css:content="body"/>', {}, 'fast', 'the start tag of body', null],
	['<replace css:theme="#main" css:content="#a"/>', {}, 'fast', 'everything', /uniqueIds.*the end of #a/],
	['<replace css:theme="#main" css:content="#a"/>', { uniqueIds: true }, 'fast', 'the end of #a', null],
	['<replace css:theme="#main" css:content="body"/>', {}, 'fast', 'everything', /All of body/],
	['<drop css:theme="#side" css:if-content=".wide"/>', {}, 'fast', 'everything', /write 'body\.wide'/],
	['<drop css:theme="#side" css:if-content="body.wide"/>', {}, 'fast', 'the start tag of body', null],
	['<replace css:theme="#main" css:content=".a"/>', {}, 'fast', 'everything', /Begin the selector with the id/],
	['<replace css:theme="#main" content="//p[last()]"/>', {}, 'tree', 'everything', /Begin the path with/],
	['<before css:theme="#main"><b><xsl:value-of select="//h1"/></b></before>', {}, 'xslt', 'everything', /Instructions/],
	['<drop css:content=".byline"/>', {}, 'fast', 'nothing', null],
	['<drop css:content="p:last-child"/>', {}, 'fast', 'everything', /what follows the element/],
	['<drop content="//p"/>', {}, 'tree', 'everything', /Patterns in XPath/],
];

for (const [rule, options, work, waits, advice] of rows) {
	const how = options.uniqueIds === true ? ' with unique ids' : '';
	test(`${rule}${how} is ${work} and waits for ${waits}`, () => {
		const [found] = explainStreaming(planOf(`<theme href="theme.html"/>\n${rule}`, options)).rules;
		assert.ok(found);
		assert.equal(found.work, work);
		assert.equal(settlementText(found.waits), waits);
		assert.equal(found.where.line, 3);
		if (advice === null) assert.equal(found.blocker?.advice ?? null, null);
		else assert.match(found.blocker?.advice ?? '', advice);
	});
}

test('along a theme, each place is told where more must have been read than before', () => {
	const plan = planOf(
		`<notheme css:if-content="body.bare"/>
<theme href="theme.html"/>
<replace css:theme="title" css:content="head title"/>
<replace css:theme-children="#main" css:content="#a"/>
<drop css:theme="#side" css:if-content=".wide"/>
<after css:theme="#side" css:content=".late"/>`,
		{ uniqueIds: true },
	);
	const [theme] = explainStreaming(plan).themes;
	assert.equal(settlementText(theme?.first ?? 'end'), 'the start tag of body');
	assert.deepEqual(
		theme?.stops.map(({ where, what, waits }) => [where.line, what, settlementText(waits)]),
		[
			[2, "if-content 'body.bare'", 'the start tag of body'],
			[5, "content '#a'", 'the end of #a'],
			[6, "if-content '.wide'", 'everything'],
		],
	);
});

test('content that may be changed at its very end holds up all content', () => {
	const rules =
		'<theme href="theme.html"/>\n<replace css:theme="title" css:content="head title"/>\n<drop content="//p"/>';
	const [theme] = explainStreaming(planOf(rules)).themes;
	assert.deepEqual(
		theme?.stops.map(({ where, waits }) => [where.line, waits]),
		[
			[3, 'head'],
			[4, 'end'],
		],
	);
});

test('a theme that asks nothing of the content leaves at once', () => {
	const report = explainStreaming(planOf('<theme href="theme.html"/>'));
	assert.deepEqual([report.streams, report.themes[0]?.first, report.themes[0]?.stops], [true, 'start', []]);
	assert.equal(explainStreaming(planOf('<theme href="theme.html"/>', { mode: 'xhtml' })).streams, false);
});
