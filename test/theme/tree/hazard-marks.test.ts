import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hazardOf, UNBALANCED } from '../../../src/theme/tree/hazards.ts';
import { parseHtml } from '../../../src/theme/tree/index.ts';

/** The names of the elements that are marked. */
function unbalanced(source: string): string[] {
	const tree = parseHtml(source, { fragment: true });
	const nodes = [...tree.names.keys()].filter((node) => ((tree.hazards[node] as number) & UNBALANCED) !== 0);
	return nodes.map((node) => tree.names[node] || '#');
}

describe('the mark of what is not balanced', () => {
	const cases: readonly (readonly [source: string, marked: string[]])[] = [
		['<div><p>a</p><ul><li>b</ul><table><tr><td>c</table><br></div>', []],
		['<p>a<div>b</div><dl><dt>c<dd>d</dl><select><option>e</select>', []],
		['<div><p>a</b></p></div><i></i>', ['#', 'div', 'p']],
		['<div><span>a</div><i></i>', ['#', 'div', 'span']],
		['<div><span>a', ['#', 'div', 'span']],
		['<div><!-- a', ['#', 'div']],
		['<b></b><div><a href="', ['#', 'div']],
		['<div><script>a', ['#', 'div', 'script']],
		['<div><body></div>', ['#', 'div']],
		['<div></p></div>', ['#', 'div']],
		['<svg><path/></svg>', []],
		['<svg><g><p>', ['#', 'svg', 'g']],
		['<p><svg><text><![CDATA[a]]></text></svg></p>', ['#', 'p', 'svg', 'text', '#']],
	];
	for (const [source, marked] of cases) {
		it(`is on [${marked.join(' ')}] in ${source}`, () => assert.deepEqual(unbalanced(source), marked));
	}

	it('comes with end tags of body that were not the last word', () => {
		const tree = parseHtml('<html><body>a</body></html>b');
		assert.equal((tree.hazards[tree.names.indexOf('body')] as number) & UNBALANCED, UNBALANCED);
	});
});

describe('hazards', () => {
	it('are those of all elements in a subtree', () => {
		const tree = parseHtml('<div><p><a>b</a></p></div><form></form>', { fragment: true });
		assert.equal(tree.hazards[1], hazardOf('div') | hazardOf('p') | hazardOf('a'));
		assert.equal(tree.hazards[0], (tree.hazards[1] as number) | hazardOf('form'));
	});
});
