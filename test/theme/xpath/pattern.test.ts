import { deepEqual } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compilePattern } from '../../../src/theme/xpath/index.ts';
import { contextOf, shown, smallTree } from './small-tree.ts';

const tree = smallTree(
	'<html><head><title>T</title></head><body><h2>One</h2><div><h2>Two<i/></h2><img src="a@@b"/><img src="c"/></div>' +
		'<p> </p><p>\u00A0</p><p>x</p><p><b/></p></body></html>',
);

const ROWS: readonly (readonly [string, readonly number[], unknown])[] = [
	['h2/text()', [0.5], ['One', 'Two']],
	["img/@src[not(contains(., '@@'))]", [0.5], ['c']],
	['/html/head/title/text()', [0.5], ['T']],
	["p[not(*) and (not(normalize-space()) or text() = '\u00A0')]", [0.5], [' ', '\u00A0']],
	['h2', [0], ['One', 'Two']],
	['h2[1]', [0.5], ['One', 'Two']],
	['@src | title', [0, 0], ['T', 'a@@b', 'c']],
	['*', [-0.5], null],
	['@*', [-0.5], ['a@@b', 'c']],
	['text()', [-0.5], null],
	['node()', [-0.5], null],
	['svg:*', [-0.25], []],
	["processing-instruction('x')", [0], []],
	['processing-instruction()', [-0.5], []],
	['/', [0.5], null],
	['//h2', [0.5], ['One', 'Two']],
	['div//h2', [0.5], ['Two']],
	['comment()', [-0.5], []],
];

describe('patterns match nodes anywhere', () => {
	for (const [source, priorities, wanted] of ROWS) {
		test(source, () => {
			const pattern = compilePattern(source);
			deepEqual(pattern.priorities, priorities);
			if (wanted !== null) deepEqual(shown(pattern.select(contextOf(tree))), wanted);
		});
	}
});

test('each branch is known by its own source', () => {
	deepEqual(
		compilePattern(' h2[a | b] | p ').alternatives.map((one) => one.source),
		['h2[a | b]', 'p'],
	);
});
