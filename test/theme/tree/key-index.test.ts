import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyIndex, parseHtml, Watch } from '../../../src/theme/tree/index.ts';

const source =
	'<div id=a class=" x  y "><p ID="b" class="y"><p class="x x" id=a><span class="">z</span><p id=c id=b></div>';

describe('the index', () => {
	it('has the watched names, ids and classes in document order, each element once', () => {
		const watch = new Watch();
		for (const id of ['a', 'b', 'none']) watch.ids.add(id);
		for (const name of ['x', 'y']) watch.classes.add(name);
		for (const name of ['p', 'body']) watch.names.add(name);
		const index = new KeyIndex(watch);
		const tree = parseHtml(source, { index });
		const node = (nth: number): number => tree.names.indexOf('div') + nth;
		assert.deepEqual(
			[...index.ids],
			[
				['a', [node(0), node(2)]],
				['b', [node(1)]],
				['none', []],
			],
		);
		assert.deepEqual(
			[...index.classes],
			[
				['x', [node(0), node(2)]],
				['y', [node(0), node(1)]],
			],
		);
		assert.deepEqual(index.names.get('p'), [node(1), node(2), node(5)]);
	});

	it('has implied elements by name as well', () => {
		const watch = new Watch();
		for (const name of ['html', 'head', 'body']) watch.names.add(name);
		const index = new KeyIndex(watch);
		const tree = parseHtml('<title>a</title>b', { index });
		for (const name of ['html', 'head', 'body']) assert.deepEqual(index.names.get(name), [tree.names.indexOf(name)]);
	});
});
