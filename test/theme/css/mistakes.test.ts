import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CssSyntaxError, compileCss, cssToXPath } from '../../../src/theme/css/index.ts';

/** Source, what of it is meant, a word of the message, the hint. */
const CASES: readonly (readonly [string, string, RegExp, string | null])[] = [
	['', '', /empty/, null],
	['  ', '  ', /empty/, null],
	['a,', '', /empty/, null],
	['a,,b', '', /empty/, null],
	['li:fist-child', ':fist-child', /:fist-child/, "Did you mean 'first-child'?"],
	['li:first', ':first', /:first'/, "Did you mean 'first-child'?"],
	['li:nth(2)', ':nth', /:nth'/, "Did you mean 'nth-child'?"],
	['a, p:htlm', ':htlm', /:htlm/, null],
	['a:hover', ':hover', /no meaning/, 'A page that is read is in nobody’s browser.'],
	['p::before', '::before', /::before/, null],
	['p:after', ':after', /::after/, null],
	['div >', 'div >', /combinator/, null],
	['> div', '> div', /combinator/, null],
	['div > > p', 'div > > p', /traversals/, null],
	['a || b', '||', /\|\|/, null],
	['a < b', '<', /</, null],
	['a, . x', '. x', /'x' is not a name/, null],
	['.a..b', '..b', /'.b' is not a name/, null],
	['[@href]', '@href', /'@href' is not a name/, null],
	['[x]div', 'div', /'div' does not/, null],
	['div)', ')', /\)/, null],
	['p:nth-child(x)', ':nth-child', /counted/, "Write a number, 'odd', 'even' or '2n+1'."],
	['p:nth-child', ':nth-child', /parentheses/, null],
	['p:empty(x)', ':empty', /nothing in parentheses/, null],
	['p:not', ':not', /parentheses/, null],
	['p:not()', 'p:not()', /empty/, null],
	['p:not(a', 'p:not(a', /parenthes/i, null],
	['p:not(:fist-child)', ':fist-child', /fist/, "Did you mean 'first-child'?"],
	['p[a="x]', 'p[a="x]', /./, null],
	['p[', '', /./, null],
	['p:nth-of-type(2 of .a)', ':nth-of-type', /'of'/, null],
	['//div', '//div', /begin with '\/'/, 'This looks like XPath.'],
];

for (const [source, meant, message, hint] of CASES) {
	test(`${JSON.stringify(source)} is refused, and what is wrong with it said`, () => {
		for (const read of [compileCss, (text: string) => cssToXPath(text, '//')]) {
			assert.throws(
				() => read(source),
				(error) => {
					assert.ok(error instanceof CssSyntaxError);
					assert.match(error.message, message);
					assert.equal(source.slice(error.offset, error.offset + error.length), meant);
					assert.equal(error.hint, hint);
					return true;
				},
			);
		}
	});
}

test('what XPath cannot count is refused in XPath alone', () => {
	assert.throws(() => cssToXPath('a, .x:nth-of-type(2)', '//'), { name: 'CssSyntaxError', offset: 2 });
	compileCss('a, .x:nth-of-type(2)');
});
