import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cssToXPath } from '../../../src/theme/css/index.ts';

const CASES: readonly (readonly [string, string, string])[] = [
	['div', '//', '//div'],
	['*', 'descendant-or-self::', 'descendant-or-self::*'],
	['DIV > p a', '//', '//div/p//a'],
	['#x', '//', "//*[@id = 'x']"],
	[
		'body.x',
		'descendant-or-self::',
		"descendant-or-self::body[@class and contains(concat(' ', normalize-space(@class), ' '), ' x ')]",
	],
	[
		'.listing > span, .listing > a',
		'',
		"*[@class and contains(concat(' ', normalize-space(@class), ' '), ' listing ')]/span | *[@class and contains(concat(' ', normalize-space(@class), ' '), ' listing ')]/a",
	],
	['a + b', '//', '//b[preceding-sibling::*[1][self::a]]'],
	['x > a ~ b c', '//', '//x/b[preceding-sibling::a]//c'],
	['td:first-child > *', 'descendant-or-self::', 'descendant-or-self::td[not(preceding-sibling::*)]/*'],
	['li:nth-child(3)', '//', '//li[count(preceding-sibling::*) = 2]'],
	[
		'li:nth-child(2n+3)',
		'//',
		'//li[count(preceding-sibling::*) >= 2 and (count(preceding-sibling::*) - 2) mod 2 = 0]',
	],
	['li:last-of-type', '//', '//li[not(following-sibling::li)]'],
	[
		'p:not(.a b)',
		'//',
		"//p[not(self::b[ancestor::*[@class and contains(concat(' ', normalize-space(@class), ' '), ' a ')]])]",
	],
	['p:has(> a, + b c)', '//', '//p[child::a or following-sibling::*[1]/self::b/descendant::c]'],
	['[title="it\'s"]', '//', '//*[@title and @title = "it\'s"]'],
	['p:contains("a\\"b\'c")', '//', "//p[contains(., concat('a\"b', \"'\", 'c'))]"],
	['svg|rect', '//', '//svg:rect'],
	[':root', '//', '//*[not(parent::*)]'],
];

for (const [source, prefix, expected] of CASES) {
	test(`${source} is ${expected}`, () => assert.equal(cssToXPath(source, prefix), expected));
}
