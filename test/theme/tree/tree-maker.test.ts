import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NONE, parseHtml, TreeMaker } from '../../../src/theme/tree/index.ts';
import { treeText } from './tree-text.ts';

describe('a tree that is made', () => {
	it('has what was put into it', () => {
		const maker = new TreeMaker();
		maker.startElement('div', [{ name: 'id', value: 'a' }]);
		maker.text('b < c');
		maker.startElement('br');
		maker.endElement();
		maker.comment('d');
		maker.instruction('e', 'f');
		maker.endElement();
		const tree = maker.finish();
		assert.equal(treeText(tree), 'div*[id=a]("b < c" br* !"d" ?e "f")');
		assert.deepEqual([tree.hazards[1], tree.starts[1], tree.ends[2]], [0, NONE, NONE]);
	});

	it('takes attributes until the element has content', () => {
		const maker = new TreeMaker();
		assert.equal(maker.attribute('a', '0'), false);
		maker.startElement('p', [{ name: 'a', value: '1' }]);
		assert.equal(maker.attribute('b', '2'), true);
		assert.equal(maker.attribute('a', '3'), true);
		maker.text('c');
		assert.equal(maker.attribute('d', '4'), false);
		assert.equal(treeText(maker.finish()), 'p*[a=3][b=2]("c")');
	});

	it('joins texts of one kind', () => {
		const maker = new TreeMaker();
		for (const text of ['a', '', 'b']) maker.text(text);
		maker.text('c', true);
		maker.text('d', true);
		maker.text('e');
		const tree = maker.finish();
		assert.equal(treeText(tree), '"ab" "cd" "e"');
		assert.deepEqual(
			[1, 2, 3].map((node) => tree.isRaw(node)),
			[false, true, false],
		);
	});

	it('copies nodes deeply, and of documents the children', () => {
		const source = parseHtml('<p a=1>b&amp;<i>c</i></p><script>d&amp;</script>e', { fragment: true });
		const maker = new TreeMaker();
		maker.startElement('div');
		maker.text('x');
		maker.copy(source, source.count - 1);
		maker.copy(source, 0);
		maker.text('f');
		maker.copy(source, 1);
		const tree = maker.finish();
		assert.equal(treeText(tree), 'div*("xe" p*[a=1]("b&" i*("c")) script*("d&amp;") "ef" p*[a=1]("b&" i*("c")))');
		assert.equal(tree.after(1), tree.count);
		assert.equal(tree.isRaw(tree.names.indexOf('script') + 1), true);
	});

	it('does not take the end of nothing', () => {
		assert.throws(() => new TreeMaker().endElement(), /No element is open/);
	});
});
