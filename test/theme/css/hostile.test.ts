import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCss } from '../../../src/theme/css/index.ts';
import { parseHtml } from '../../../src/theme/tree/index.ts';

const MANY = 60_000;
const DEEP = 400;

const PAGES: Readonly<Record<string, string>> = {
	'a long list': '<li class=x></li>'.repeat(MANY),
	'many names': Array.from({ length: MANY }, (_, n) => `<x${n}></x${n}>`).join(''),
	'many comments': '<!----><b class=x></b><!---->'.repeat(MANY / 2),
	'deep nesting': `${'<div class=x>'.repeat(DEEP)}${'<i class=x></i>'.repeat(MANY)}${'</div>'.repeat(DEEP)}`,
	'a long class': `<b class="${'xx '.repeat(300_000)}x${'y'.repeat(300_000)}"></b>`,
};

const SELECTORS: readonly string[] = [
	'.x + .x + .x',
	'.y ~ .x',
	'.x ~ .x ~ .x ~ .x',
	'.y .x .x .x .x .x',
	'.y > .x .x ~ .x .x',
	':nth-child(2n+1)',
	':nth-last-child(2n+1)',
	':nth-of-type(2)',
	':nth-last-of-type(2)',
	':only-of-type',
	':nth-child(odd of .x)',
	':nth-last-child(odd of .x)',
	':first-child, :last-child',
	'.x:has(~ .y)',
	'.x:has(~ .x ~ .x ~ .y)',
	'.x:has(+ .y)',
	'.x:has(.x .x .y)',
	'.x:not(.y .x, .y ~ .x):not(:has(.y))',
	'[class~="y"]',
];

// What grows with the square of the page would take minutes, and the test would never end.
for (const [name, source] of Object.entries(PAGES)) {
	for (const selector of SELECTORS) {
		test(`${name} is searched for ${selector} in linear time`, () => {
			const tree = parseHtml(source);
			assert.ok(Array.isArray(compileCss(selector).select(tree, null)));
		});
	}
}
