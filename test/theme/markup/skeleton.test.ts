import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guardFor, HtmlWriter } from '../../../src/theme/markup/index.ts';
import { parseHtml, type Tree } from '../../../src/theme/tree/index.ts';
import { malformedHtml, randomFrom } from './malformed-html.ts';
import { bones, SKELETONS, type Skeleton } from './skeletons.ts';

const PIECES = process.env['TURNABOUT_FULL'] === undefined ? 10_000 : 200_000;
const FIRST_SEED = Number(process.env['TURNABOUT_SEED'] ?? 1);

/** Puts some of the tree into the hole: all of it, some elements, or with other attributes, as rules do. */
function fill(skeleton: Skeleton, tree: Tree, random: () => number): string {
	const writer = new HtmlWriter(guardFor(skeleton.around.trim().split(' ')));
	const way = random();
	if (way < 0.4 || tree.count < 2) writer.node(tree, 0);
	else {
		const times = way < 0.7 ? 1 : 2;
		for (let i = 0; i < times; i++) {
			const node = 1 + Math.floor(random() * (tree.count - 1));
			if (!tree.isElement(node) || way < 0.8) writer.node(tree, node);
			else {
				writer.openTag(tree, node, way < 0.9 ? [{ name: 'title', value: '"<>&' }] : undefined);
				for (const child of tree.children(node)) writer.node(tree, child);
				writer.closeTag(tree, node);
			}
		}
	}
	return skeleton.html.replace('@', () => writer.text);
}

test('no malformed piece breaks out of the place it is put into', () => {
	const whole = new Map<string, string>();
	for (const skeleton of SKELETONS) {
		for (const scripting of [true, false]) {
			whole.set(`${skeleton.html}${scripting}`, bones(skeleton.html.replace('@', ''), scripting));
		}
	}
	const broken: string[] = [];
	for (let seed = FIRST_SEED; seed < FIRST_SEED + PIECES; seed++) {
		const random = randomFrom(seed);
		const source = malformedHtml(random);
		const skeleton = SKELETONS[Math.floor(random() * SKELETONS.length)] as Skeleton;
		const dialect = random() < 0.5 ? 'html' : 'libxml2';
		const html = fill(skeleton, parseHtml(source, { dialect, fragment: random() < 0.7 }), random);
		for (const scripting of [true, false]) {
			if (bones(html, scripting) === whole.get(`${skeleton.html}${scripting}`)) continue;
			broken.push(`seed ${seed} (${dialect}, scripting ${scripting}) in ${skeleton.around}:\n${source}\n${html}`);
		}
	}
	assert.equal(broken.length, 0, `${broken.length} of ${PIECES} broke out:\n\n${broken.slice(0, 10).join('\n\n')}`);
});
