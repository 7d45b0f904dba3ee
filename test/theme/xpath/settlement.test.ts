import { deepEqual } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compilePattern, compileXPath } from '../../../src/theme/xpath/index.ts';

/** Source, settled for the value, settled for whether there is any; ids are unique. */
const ROWS: readonly (readonly [string, unknown, unknown])[] = [
	["'a'", 'start', 'start'],
	["$path = 'x'", 'start', 'start'],
	["starts-with($path, '/x')", 'start', 'start'],
	["document('x.html')//p", 'start', 'start'],
	['/html/head/title', 'head', 'head'],
	['/html/head/title/text()', 'head', 'head'],
	['//head/link[@rel][last()]', 'head', 'head'],
	["/html/head/meta[@name = 'x']/@content", 'head', 'head'],
	['/html/@lang', 'head', 'head'],
	['/html', 'end', 'head'],
	['/html/body/@class', 'body', 'body'],
	['/html/body', 'end', 'body'],
	["not(//body[contains(concat(' ', normalize-space(@class), ' '), ' x ')])", 'body', 'body'],
	['boolean(/html/body[@id and @class > 1])', 'body', 'body'],
	['/html/body[p]', 'end', 'end'],
	["/html/body[. = 'x']", 'end', 'end'],
	["//*[@id='x']", { ids: ['x'] }, { ids: ['x'] }],
	["//div[@id='x']/p[last()]", { ids: ['x'] }, { ids: ['x'] }],
	["//div[@id='x'] | //p[@id='y']/@class", { ids: ['x', 'y'] }, { ids: ['x', 'y'] }],
	["/html/body/div[@id='x']//a", { ids: ['x'] }, { ids: ['x'] }],
	["id('x')/a", { ids: ['x'] }, { ids: ['x'] }],
	["//*[@id='x']/following::p", 'end', 'end'],
	["//*[@id='x'][//p]", 'end', 'end'],
	["//div[last()]/*[@id='x']", 'end', 'end'],
	["//*[@id='x']/a[../b]", 'end', 'end'],
	['//title', 'end', 'end'],
	['/html/head[../body]', 'end', 'end'],
	['string()', 'end', 'end'],
	['.', 'end', 'end'],
	['title', 'end', 'end'],
	['(//head/link)[2]', 'head', 'head'],
	['(//head | //body)[2]', 'end', 'end'],
	["/html/head/title and //*[@id='x']", { ids: ['x'] }, { ids: ['x'] }],
	['//head/title[. = current()]', 'end', 'end'],
];

describe('how much must be read', () => {
	for (const [source, value, existence] of ROWS) {
		test(source, () => {
			const xpath = compileXPath(source);
			deepEqual(xpath.settlement(true), value);
			deepEqual(xpath.settlement(true, 'existence'), existence);
		});
	}
});

test('ids that may come twice settle nothing', () => {
	for (const source of ["//*[@id='x']", "id('x')", "//div[@id='x']/p"])
		deepEqual(compileXPath(source).settlement(false), 'end');
	deepEqual(compileXPath("/html/head/*[@id='x']").settlement(false), 'head');
});

test('a pattern needs what all of its branches need', () => {
	deepEqual(compilePattern("/html/head/title | id('x')").settlement(true), { ids: ['x'] });
	deepEqual(compilePattern('/html/head/title/text()').settlement(false), 'head');
	deepEqual(compilePattern('a').settlement(true), 'end');
});

test('what an expression leans on is known beforehand', () => {
	const seen = (source: string) => {
		const { variables, functions, absolute } = compileXPath(source);
		return { variables: [...variables], functions: [...functions], absolute };
	};
	deepEqual(seen('//a[@x = $y] | id($z)'), { variables: ['y', 'z'], functions: ['id'], absolute: true });
	deepEqual(seen('re:test(., 1)'), { variables: [], functions: ['regexp:test'], absolute: false });
	deepEqual(seen('//a[. = current()]').absolute, false);
	deepEqual(seen('position() = 1').absolute, false);
	deepEqual(seen('//a[position() = 1][name()]').absolute, true);
	deepEqual(seen('name()').absolute, false);
});
