import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainPage, type RuleReport } from '../../../src/theme/explain/index.ts';
import type { PlanOptions } from '../../../src/theme/plan/index.ts';
import { parseHtml } from '../../../src/theme/tree/index.ts';
import { facts, planOf } from './plan-of.ts';

const PAGE =
	'<html><head><title>Page</title></head><body class="wide"><div id="a"><h1>Hi</h1><p>1</p><p>2</p></div></body></html>';

function rulesOf(rules: string, options: PlanOptions = {}, path = '/'): readonly RuleReport[] {
	return explainPage(planOf(`<theme href="theme.html"/>\n${rules}`, options), PAGE, facts(path)).rules;
}

for (const mode of ['html', 'xhtml'] as const) {
	test(`a rule tells its place, its matches and what it wrote, in ${mode}`, () => {
		const [rule] = rulesOf('<replace css:theme-children="#main" css:content-children="#a"/>', { mode });
		assert.ok(rule);
		assert.equal(rule.outcome, 'applied');
		assert.deepEqual([rule.where.line, rule.where.column], [3, 1]);
		assert.equal(rule.rule, "replace theme-children '#main' content-children '#a'");
		assert.deepEqual([rule.themeNodes, rule.contentNodes, rule.wrote], [1, 3, '<h1>Hi</h1><p>1</p><p>2</p>'.length]);
		assert.ok((rule.time ?? -1) >= 0);
	});
}

test('of a condition the tests are told that failed', () => {
	const [rule] = rulesOf('<drop css:theme="#side" if-path="/news" css:if-content=".wide" css:if-not-content="h1"/>');
	assert.equal(rule?.outcome, 'condition');
	assert.deepEqual(rule?.tests, [
		{ test: "if-content '.wide'", holds: true },
		{ test: "if-not-content 'h1'", holds: false },
		{ test: "if-path '/news'", holds: false },
	]);
	assert.equal(rulesOf('<drop css:theme="#side" if-path="/news"/>', {}, '/news/1')[0]?.outcome, 'applied');
});

test('rules that match nothing are told from those that are', () => {
	const rules = rulesOf(
		'<replace css:theme="#nowhere" css:content="h1"/>\n<after css:theme="#main" css:content="h6"/>\n<drop css:content="h6"/>',
	);
	assert.deepEqual(
		rules.map(({ outcome, themeNodes, contentNodes }) => [outcome, themeNodes, contentNodes]),
		[
			['no-theme-node', 0, 1],
			['no-content', 1, 0],
			['no-content', null, 0],
		],
	);
});

/** The first rule stands in the shadow of the second. */
const shadows = [
	['<replace css:theme="#main p" css:content="h1"/>', '<drop css:theme="#main"/>'],
	['<replace css:theme="#main" css:content="h1"/>', '<drop css:theme="#main" css:if-content="h1"/>'],
	['<replace css:theme="#main" css:content="p"/>', '<replace css:theme="#main" css:content="h1" css:if-content="h1"/>'],
	['<merge attributes="class" css:theme="#main" css:content="body"/>', '<strip css:theme="#main"/>'],
	['<before css:theme-children="#main" css:content="h1"/>', '<replace css:theme="#main" css:content="h1"/>'],
	['<drop css:content="p"/>', '<replace css:content="#a p"><b/></replace>'],
] as const;

for (const [rule, by] of shadows) {
	test(`${rule} stands in the shadow of ${by}`, () => {
		const [first, second] = rulesOf(`${rule}\n${by}`);
		assert.equal(first?.outcome, 'shadowed');
		assert.deepEqual(first?.shadowedBy, { where: second?.where, rule: second?.rule });
		assert.equal(second?.outcome, 'applied');
	});
}

test('before and after a node that is dropped are in no shadow', () => {
	const rules = rulesOf('<before css:theme="#main" css:content="h1"/>\n<drop css:theme="#main"/>');
	assert.deepEqual(
		rules.map(({ outcome }) => outcome),
		['applied', 'applied'],
	);
});

test('the theme is told, and which others were not chosen and why', () => {
	const plan = planOf(
		'<notheme css:if-content="#nowhere"/>\n<theme href="theme.html" if-path="/news"/>\n<theme href="theme.html"/>',
	);
	const report = explainPage(plan, PAGE, facts());
	assert.equal(report.themed, true);
	assert.deepEqual(
		report.choices.map(({ kind, where, tests, chosen }) => [kind, where?.line, tests.length, chosen]),
		[
			['notheme', 2, 1, false],
			['theme', 3, 1, false],
			['theme', 4, 0, true],
		],
	);
	const news = explainPage(plan, PAGE, facts('/news'));
	assert.deepEqual(news.choices.at(-1)?.where?.line, 3);
});

test('where no theme applies, no rule about one does', () => {
	const plan = planOf('<notheme css:if-content="h1"/>\n<theme href="theme.html"/>\n<drop css:theme="#side"/>');
	const report = explainPage(plan, PAGE, facts());
	assert.deepEqual([report.theme, report.themed, report.page], [null, false, PAGE.length]);
	assert.deepEqual(
		report.rules.map(({ outcome }) => outcome),
		['no-theme'],
	);
});

test('the report is plain data', () => {
	const report = explainPage(planOf('<theme href="theme.html"/>\n<drop css:theme="#side"/>'), PAGE, facts());
	assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});

test('a document that could not be fetched is nothing that matched', () => {
	const plan = planOf('<theme href="theme.html"/>\n<replace css:theme="#side" href="/cart"/>');
	const report = explainPage(plan, PAGE, facts());
	assert.deepEqual([report.rules[0]?.outcome, report.rules[0]?.contentNodes], ['no-content', 0]);
	const fetched = new Map([['/cart', parseHtml('<b>cart</b>')]]);
	assert.equal(explainPage(plan, PAGE, facts(), fetched).rules[0]?.outcome, 'applied');
});
