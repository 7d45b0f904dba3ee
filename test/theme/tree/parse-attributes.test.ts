import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeAttribute, decodeText } from '../../../src/theme/tree/index.ts';
import { parseAttributes } from '../../../src/theme/tree/parse-attributes.ts';

const read = (tag: string): [string, string][] =>
	parseAttributes(`..${tag}..`, 2, 2 + tag.length).map(({ name, value }) => [name, value]);

describe('the attributes of a start tag', () => {
	const cases: readonly (readonly [tag: string, attributes: [string, string][]])[] = [
		['<a>', []],
		['<a/>', []],
		['<a b>', [['b', '']]],
		[
			'<a b=c d="e f" g=\'h"i\'>',
			[
				['b', 'c'],
				['d', 'e f'],
				['g', 'h"i'],
			],
		],
		[
			'<a B=1 b=2 c=3>',
			[
				['b', '1'],
				['c', '3'],
			],
		],
		[
			'<a b = "c"\n\td\n=\ne>',
			[
				['b', 'c'],
				['d', 'e'],
			],
		],
		['<a href=b/c/>', [['href', 'b/c/']]],
		['<a b=>', [['b', '']]],
		['<a b="">', [['b', '']]],
		[
			'<a b="c"d="e">',
			[
				['b', 'c'],
				['d', 'e'],
			],
		],
		[
			'<a/b/c=d/>',
			[
				['b', ''],
				['c', 'd/'],
			],
		],
		['<a b="x>y">', [['b', 'x>y']]],
		['<a =b=c>', [['=b', 'c']]],
		['<a b="c&amp;d&copy=e&lt;">', [['b', 'c&d&copy=e<']]],
		[
			'<a xlink:href="#b" @click="c">',
			[
				['xlink:href', '#b'],
				['@click', 'c'],
			],
		],
		['<a b="c', []],
		[
			'<a b c',
			[
				['b', ''],
				['c', ''],
			],
		],
	];
	for (const [tag, attributes] of cases) it(`are read from ${tag}`, () => assert.deepEqual(read(tag), attributes));

	it('are read once each when there are many', () => {
		const names = Array.from({ length: 1000 }, (_, n) => `a${n % 500}=${n}`);
		assert.equal(read(`<a ${names.join(' ')}>`).length, 500);
	});
});

describe('decoding', () => {
	it('knows references with and without a semicolon', () => {
		assert.equal(decodeText('&lt;&#65;&#x42;&eacute;&amp &copy=1 &nope; &'), '<ABé& ©=1 &nope; &');
		assert.equal(decodeAttribute('?a=1&copy=2&lt;'), '?a=1&copy=2<');
	});

	it('makes line feeds of other ends of lines, except of those that were references', () => {
		assert.equal(decodeText('a\r\nb\rc\n&#13;'), 'a\nb\nc\n\r');
	});
});
