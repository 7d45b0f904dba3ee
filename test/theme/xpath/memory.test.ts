import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { Watch } from '../../../src/theme/tree/index.ts';
import { compileXPath } from '../../../src/theme/xpath/index.ts';
import { contextOf, smallTree } from './small-tree.ts';

test('what is found fastest by an index is watched', () => {
	const watch = new Watch();
	const sources = [
		"//*[@id='a']",
		"//p[@id='b' and @class]",
		"id('c d')",
		"//li[contains(concat(' ', normalize-space(@class), ' '), ' e ')]",
		'/html//table',
		'/html/body/h1',
		"p[descendant::*['f' = @id]]",
	];
	for (const source of sources) compileXPath(source).watch(watch);
	deepEqual([...watch.ids], ['a', 'b', 'c', 'd', 'f']);
	deepEqual([...watch.classes], ['e']);
	deepEqual([...watch.names], ['table']);
});

test('an absolute path is walked once for each tree', () => {
	const memo = new Map();
	const tree = smallTree('<a><b/><b/></a>');
	const xpath = compileXPath('//b');
	const found = xpath.nodes(contextOf(tree, { memo }));
	equal(compileXPath('/descendant::b').nodes(contextOf(tree, { memo })), found);
	equal(memo.size, 1);
	const other = smallTree('<b/>');
	deepEqual(xpath.nodes(contextOf(other, { memo })), { tree: other, nodes: [1] });
});

test('what leans on variables, the node or the world is not kept', () => {
	const memo = new Map();
	const tree = smallTree('<a><b/></a>');
	for (const source of ['//b[$x]', 'a/b', '//b[. = current()]', "//b[document('x')]", '//b[date:date()]']) {
		compileXPath(source).nodes(contextOf(tree, { memo, variables: { x: '1' } }));
	}
	equal(memo.size, 0);
});

test('many steps that each reach everywhere end soon', () => {
	const tree = smallTree('<a>'.repeat(300) + '</a>'.repeat(300));
	equal(compileXPath('//a'.repeat(12)).nodes(contextOf(tree)).nodes.length, 289);
	equal(compileXPath('//a/ancestor::a//a/ancestor::a//a/preceding::node()').nodes(contextOf(tree)).nodes.length, 0);
});
