/** `?theme=debug`: the page as it is, with marks around what rules brought in, and a report of all of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../../../src/engine/memory/index.ts';
import { app, CONTENT, dataIn, developed, RULES, THEME, without } from './debug-page.ts';

const debugged = async (layer: ReturnType<typeof developed>, url: string, content = CONTENT): Promise<string> =>
	(await ask(layer(app({}, content)), url)).text();

test('the page is the themed page, with marks in its body and none in its head', async (t) => {
	const layer = developed(t);
	const page = without(await debugged(layer, '/menu?theme=debug'));
	assert.match(page, /<head><title>Old<\/title><\/head>/);
	assert.match(page, /<main id="main"><!--turnabout:rule 1--><p>there<\/p><!--\/turnabout:rule 1--><\/main>/);
	assert.match(page, /<nav id="nav"><!--turnabout:rule 2--><p class="menu">menu<\/p><!--\/turnabout:rule 2--><\/nav>/);
	const unmarked = page.replaceAll(/<!--\/?turnabout:rule \d+-->/g, '');
	assert.equal(unmarked, without(await debugged(layer, '/menu')));
});

test('every rule is in the report, with what became of it', async (t) => {
	const { report } = dataIn(await debugged(developed(t), '/?theme=debug'));
	assert.deepEqual(
		report?.rules.map(({ name, status, why, themeNodes, contentNodes }) => [
			name,
			status,
			why,
			themeNodes,
			contentNodes,
		]),
		[
			['replace', 'applied', '', 1, 1],
			['fill', 'applied', '', 1, 1],
			['append', 'condition', "Does not hold: if-path '/menu'", 1, 1],
			['replace', 'no-content', 'Nothing in the content is selected.', 1, 0],
		],
	);
	assert.deepEqual(
		report?.choices.map(({ kind, chosen }) => [kind, chosen]),
		[['theme', true]],
	);
	assert.equal(report?.content, CONTENT.length);
	assert.equal(report?.stops.length, 1);
});

test('a rule that never comes to anything says which rule is in its way', async (t) => {
	const layer = developed(t, {
		theme: { html: THEME },
		rules: [
			{ replace: { theme: '#main', content: '#content', when: { content: '#content' } } },
			{ replace: { theme: '#main', content: 'p' } },
			{ drop: { theme: 'nav' } },
			{ fill: { theme: '#nav', content: 'p' } },
		],
	});
	const { report } = dataIn(await debugged(layer, '/?theme=debug'));
	assert.deepEqual(
		report?.rules.map(({ status }) => status),
		['applied', 'shadowed', 'applied', 'shadowed'],
	);
	assert.match(report?.rules[1]?.why ?? '', /^Instead: replace theme '#main' content '#content'/);
});

test('a page that no theme applies to is shown as it is, and told why', async (t) => {
	const layer = developed(t, { ...RULES, skip: [{ path: '/login' }] });
	const page = await debugged(layer, '/login?theme=debug');
	assert.equal(without(page), CONTENT);
	const { report } = dataIn(page);
	assert.deepEqual(
		[report?.theme, report?.choices],
		[
			null,
			[
				{
					kind: 'notheme',
					name: 'notheme',
					where: report?.choices[0]?.where,
					tests: [{ test: "if-path '/login'", holds: true }],
					chosen: true,
				},
			],
		],
	);
});

test('there are no marks where a comment would be text', async (t) => {
	const layer = developed(t, {
		theme: {
			html: '<title>T</title><body><textarea></textarea><script></script><style></style><table><tr></tr></table>',
		},
		rules: ['textarea', 'script', 'style', 'tr'].map((name) => ({ fill: { theme: name, content: '#content' } })),
	});
	const page = without(await debugged(layer, '/?theme=debug', '<div id="content">words</div>'));
	assert.match(page, /<textarea>words<\/textarea>/);
	assert.doesNotMatch(page, /<(script|style)>[^<]*<!--/);
	assert.match(page, /<tr><!--turnabout:rule 3-->/);
});

test('content says nothing to the script that reads the report', async (t) => {
	const evil = `<title></title><div id="content"><!--turnabout:rule 9999--></div><p class="</script><script>alert(1)</script>">`;
	const layer = developed(t, { theme: { html: THEME }, rules: [{ fill: { theme: '#main', content: '#content' } }] });
	const page = await debugged(layer, '/?theme=debug&x=%3C/script%3E', evil);
	assert.equal(page.match(/<script/g)?.length, 2);
	assert.equal(dataIn(page).report?.rules.length, 1);
});

test('XHTML has marks and a report, too', async (t) => {
	const layer = developed(t, RULES, { mode: 'xhtml' });
	const page = await debugged(layer, '/?theme=debug');
	assert.match(page, /<main id="main"><!--turnabout:rule 1--><p>there<\/p><!--\/turnabout:rule 1--><\/main>/);
	assert.equal(dataIn(page).report?.streams, false);
});

test('in production, the switch is nobody\u2019s business', async (t) => {
	const layer = developed(t, RULES, { development: false });
	assert.equal(await debugged(layer, '/?theme=debug'), await debugged(layer, '/'));
	assert.doesNotMatch(await debugged(layer, '/?theme=debug'), /turnabout/);
});
