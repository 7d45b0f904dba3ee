import type { HtmlBuilderOptions } from '../../../src/theme/tree/index.ts';
import { COMMENT, ELEMENT, INSTRUCTION, parseHtml, type Tree } from '../../../src/theme/tree/index.ts';

/** A tree on one line, to compare: `div#a.b[x]("text" !"comment")`, implied elements with a `*`. */
export function treeText(tree: Tree, node = 0): string {
	const parts: string[] = [];
	for (const child of tree.children(node)) {
		const kind = tree.kinds[child];
		if (kind === ELEMENT) {
			const attributes = tree.attributes(child).map(({ name, value }) => `[${name}=${value}]`);
			const implied = tree.openEnds[child] === tree.starts[child] ? '*' : '';
			const inside = treeText(tree, child);
			parts.push(`${tree.names[child]}${implied}${attributes.join('')}${inside === '' ? '' : `(${inside})`}`);
		} else if (kind === COMMENT) parts.push(`!${JSON.stringify(tree.text(child))}`);
		else if (kind === INSTRUCTION) parts.push(`?${tree.names[child]} ${JSON.stringify(tree.text(child))}`);
		else parts.push(JSON.stringify(tree.text(child)));
	}
	return parts.join(' ');
}

/** The markup as a fragment. */
export const fragmentText = (source: string, options: HtmlBuilderOptions = {}): string =>
	treeText(parseHtml(source, { ...options, fragment: true }));

/** Everything that makes a tree, for equality. */
export function everything(tree: Tree): unknown {
	const n = tree.count;
	const numbers = [
		tree.kinds,
		tree.parents,
		tree.afters,
		tree.starts,
		tree.openEnds,
		tree.closeStarts,
		tree.ends,
		tree.hazards,
	];
	const raw = tree.names.map((_, node) => tree.isRaw(node));
	return [
		tree.source,
		tree.doctypeStart,
		tree.doctypeEnd,
		tree.names,
		raw,
		...numbers.map((array) => [...array.slice(0, n)]),
		treeText(tree),
	];
}

/** Markup that is seldom well-formed. */
export const PIECES: readonly string[] = [
	...'html head body title meta p div b i a table tr td tbody li ul dd option select svg button template frameset'
		.split(' ')
		.flatMap((name) => [`<${name}>`, `</${name}>`]),
	...[
		'<script>',
		'</script>',
		'<style>',
		'</style >',
		'<textarea>',
		'</textarea>',
		'<br/>',
		'<svg/>',
		'<circle />',
		'<p/>',
	],
	...[
		'<!-- c -->',
		'<!-->',
		'<!--x--!>',
		'<!--',
		'-->',
		'<!x>',
		'<?pi x?>',
		'</ >',
		'</>',
		'<!doctype html>',
		'<![CDATA[a<b]]>',
	],
	...[
		'<div id=a class="b c">',
		"<a href='x>y'>",
		'<a b c=d c=e>',
		'<i "',
		'<',
		'&amp;',
		'x',
		' ',
		'\r\n',
		'text',
		'<3',
		'</p',
		'<b x',
	],
];
