/** EXSLT's regular expressions: they find what JavaScript's find, and take no longer for patterns that are made to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseHtml } from '../../../src/theme/tree/index.ts';
import { compileXPath, toString } from '../../../src/theme/xpath/index.ts';
import { LinearRegExp } from '../../../src/theme/xpath/regexp/index.ts';
import { parsePattern } from '../../../src/theme/xpath/regexp/parse-pattern.ts';
import { canBeEmpty, type PatternNode } from '../../../src/theme/xpath/regexp/pattern-node.ts';
import { contextOf } from './small-tree.ts';

const free = (): void => {};

/** The match and its groups, as JavaScript gives them. */
function groups(source: string, text: string, flags: string): (string | undefined)[] | null {
	const found = new LinearRegExp(source, flags === 'i').exec(text, 0, free);
	if (found === null) return null;
	return Array.from({ length: found.length / 2 }, (_, i) => {
		const [start, end] = [found[2 * i] ?? -1, found[2 * i + 1] ?? -1];
		return start === -1 || end === -1 ? undefined : text.slice(start, end);
	});
}

function assertAsJavaScript(source: string, text: string, flags = ''): void {
	const expected = new RegExp(source, flags).exec(text);
	assert.deepEqual(
		groups(source, text, flags),
		expected === null ? null : [...expected],
		`/${source}/${flags} ${text}`,
	);
}

const CASES: readonly (readonly [source: string, text: string, flags?: string])[] = [
	['', 'x'],
	['a|ab|abc', 'zabc'],
	['(a|ab)(c|bcd)(d*)', 'abcd'],
	['a*?b', 'aaab'],
	['(a+?)(a*)', 'aaa'],
	['(a)|(b)', 'b'],
	['(?:(a)|(b))*', 'ab'],
	['(a*)*', 'b'],
	['(a*)+', 'aab'],
	['(|a)+', 'aa'],
	['(|a)?', 'a'],
	['(?:a?){3}b', 'aab'],
	['x{2,3}y{2}z{1,}', 'xxxyyzz'],
	['a{,2}', 'a{,2}'],
	['^\\s*(\\d+)\\s*-\\s*(\\d+)\\s*$', ' 12 - 345 '],
	['[^a-c\\]]+', 'abc]xyz'],
	['[\\d.]+\\/', 'v1.2/3'],
	['\\bfoo\\B', 'foo food'],
	['(?<year>\\d{4})', 'in 2024'],
	['STRASSE|é', 'strasse É', 'i'],
	['\\u00e9\\x41\\t', 'éA\t'],
	['.+$', 'a\nb'],
];

for (const [source, text, flags] of CASES) {
	test(`as JavaScript: /${source}/${flags ?? ''} on ${JSON.stringify(text)}`, () =>
		assertAsJavaScript(source, text, flags));
}

const { pattern } = fc.letrec<{ pattern: string; one: string }>((tie) => ({
	one: fc.oneof(
		{ depthSize: 'small' },
		fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '^', '$', '\\b'),
		fc.tuple(tie('pattern'), fc.constantFrom('(', '(?:')).map(([inner, open]) => `${open}${inner})`),
	),
	pattern: fc
		.array(
			fc.tuple(
				tie('one'),
				fc.constantFrom('', '', '', '*', '+', '?', '*?', '{0,2}', '{2}'),
				fc.constantFrom('', '', '|'),
			),
			{
				maxLength: 4,
			},
		)
		.map((parts) =>
			parts.map(([one, times, or]) => `${/^(?:[\^$]|\\b)$/.test(one) ? one : one + times}${or}`).join(''),
		),
}));

const text = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 8 });

/** A repetition of what may be empty. */
function repeatsNothing(node: PatternNode): boolean {
	if (node.type === 'repeat') return canBeEmpty(node.of) || repeatsNothing(node.of);
	if (node.type === 'group') return repeatsNothing(node.of);
	return node.type === 'sequence' || node.type === 'either' ? node.of.some(repeatsNothing) : false;
}

test('whatever the pattern, it matches where JavaScript matches', () => {
	fc.assert(
		fc.property(pattern, text, (source, given) => {
			const expected = new RegExp(source).exec(given);
			const found = new LinearRegExp(source, false).exec(given, 0, free);
			assert.equal(found?.[0], expected?.index);
			if (!repeatsNothing(parsePattern(source).node)) assertAsJavaScript(source, given);
		}),
		{ numRuns: 1000 },
	);
});

const context = contextOf(parseHtml('<p>x</p>', { dialect: 'html' }));
const evaluate = (source: string): string => toString(compileXPath(source).evaluate(context));

const REPLACED: readonly (readonly [source: string, expected: string])[] = [
	["regexp:replace('a-b', '(\\w)-(\\w)', '', '$2+$1 $& $$ $3')", 'b+a a-b $ $3'],
	["regexp:replace('abc', '', 'g', '.')", '.a.b.c.'],
	["regexp:replace('xAxa', 'a', 'gi', \"[$`|$']\")", 'x[x|xa]x[xAx|]'],
];

for (const [source, expected] of REPLACED)
	test(`${source} is ${expected}`, () => assert.equal(evaluate(source), expected));

/** With backtracking, each would outlive everybody here. */
const ENDLESS = ['(a+)+$', '(a|aa)+$', '(.*)(.*)(.*)(.*)(.*)x', '(a*)*b', '(?:a?){30}a{30}b', '\\s*\\s*\\s*\\s*x'];

for (const source of ENDLESS) {
	test(`/${source}/ comes to an end`, () => {
		const text = `${'a'.repeat(200)}${' '.repeat(200)}!`;
		assert.equal(new LinearRegExp(source, false).exec(text, 0, free), null);
	});
}

test('what it costs is told, and grows with the text and no faster', () => {
	const cost = (length: number): number => {
		let all = 0;
		new LinearRegExp('(a+)+$', false).exec(`${'a'.repeat(length)}!`, 0, (looks) => {
			all += looks;
		});
		return all;
	};
	assert.ok(cost(1000) > 1000);
	assert.ok(cost(10_000) < 11 * cost(1000));
});

for (const [source, why] of [
	['(a)\\1', /refers back/],
	['a(?=b)', /looks ahead/],
	['(?<!b)a', /looks ahead or behind/],
	['(?:a{500}){500}', /too large/],
	[`${'('.repeat(60)}${')'.repeat(60)}`, /inside each other/],
] as const) {
	test(`/${source.slice(0, 20)}/ is refused`, () => {
		assert.throws(() => evaluate(`regexp:test('a', '${source}')`), why);
	});
}
