import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NodeSet } from '../../../src/theme/tree/index.ts';
import { attributeRef, elementOf } from '../../../src/theme/tree/index.ts';
import { AXES } from '../../../src/theme/xpath/ast.ts';
import { compilePattern, compileXPath } from '../../../src/theme/xpath/index.ts';
import { reference } from './reference.ts';
import { contextOf, smallTree, watched } from './small-tree.ts';

const name = fc.constantFrom('a', 'b', 'c');
const markup = fc
	.letrec((tie) => ({
		node: fc.oneof(
			{ depthSize: 'medium', withCrossShrink: true },
			fc.constantFrom('x', 'y ', '<!--a-->', '<?a b?>', '<c id="i"/>'),
			fc
				.tuple(
					name,
					fc.constantFrom('', ' id="i"', ' id="j"', ' class="x"', ' class="y  x z" id="k"', ' class="xx"'),
					fc.array(tie('node'), { maxLength: 4 }),
				)
				.map(([tag, attributes, children]) => `<${tag}${attributes}>${children.join('')}</${tag}>`),
		),
	}))
	.node.map(String);
const document = fc.array(markup, { minLength: 1, maxLength: 5 }).map((parts) => smallTree(`<a>${parts.join('')}</a>`));

const axis = fc.constantFrom(...AXES.filter((one) => one !== 'namespace'), 'child', 'child', 'descendant', 'attribute');
const nodeTest = fc.oneof(name, fc.constantFrom('*', 'node()', 'text()', 'comment()', 'id', 'class', 'node()'));
const expression = fc.letrec<{ path: string; relative: string; step: string; predicate: string }>((tie) => ({
	predicate: fc.oneof(
		{ depthSize: 'small' },
		fc.constantFrom(
			'1',
			'2',
			'last()',
			'position() > 1',
			'@id',
			"@id = 'i'",
			"'j' = @id",
			"@class='x'",
			"contains(concat(' ', normalize-space(@class), ' '), ' x ')",
		),
		fc.constantFrom(
			"contains(concat(' ', @class, ' '), ' x ')",
			'@id and b',
			"self::a or text() = 'x'",
			'not(*)',
			'count(a) > 0',
			'position() = last()',
			'.',
			'//c',
		),
		tie('path'),
		tie('path').map((path) => `count(${path}) mod 2 = 1`),
		fc.tuple(tie('path'), fc.constantFrom('=', '!=', '<'), tie('path')).map((parts) => parts.join(' ')),
	),
	step: fc.oneof(
		fc
			.tuple(axis, nodeTest, fc.array(tie('predicate'), { maxLength: 2, depthIdentifier: 'p' }))
			.map(([axis, test, predicates]) => `${axis}::${test}${predicates.map((one) => `[${one}]`).join('')}`),
		fc.constantFrom('.', '..', 'a', '*', '@id', '@*', 'node()'),
	),
	relative: fc
		.array(fc.tuple(fc.constantFrom('/', '//'), tie('step')), { minLength: 1, maxLength: 3 })
		.map((steps) => steps.map(([slash, step], i) => (i === 0 ? step : slash + step)).join('')),
	path: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		tie('relative'),
		tie('relative').map((path) => `/${path}`),
		tie('relative').map((path) => `//${path}`),
		fc.tuple(tie('relative'), tie('predicate')).map(([path, predicate]) => `(//${path})[${predicate}]`),
		fc.tuple(tie('relative'), tie('relative')).map((paths) => paths.join('|')),
	),
})).path;

test('what is found is what the standard says, with and without an index and a memory', () => {
	const memo = new Map();
	fc.assert(
		fc.property(document, expression, fc.nat(), fc.boolean(), (tree, source, seed, attribute) => {
			const element = seed % tree.count;
			const node = attribute && tree.attributes(element).length > 0 ? attributeRef(element, 0) : element;
			const answer = reference(source, tree, node) as NodeSet | null;
			fc.pre(answer !== null);
			const wanted = answer.nodes;
			const xpath = compileXPath(source);
			const index = watched(tree, xpath);
			for (const more of [{ node }, { node, index: () => index }, { node, memo }]) {
				const context = contextOf(tree, more);
				deepEqual(xpath.boolean(context), wanted.length > 0);
				deepEqual(xpath.nodes(context).nodes, wanted);
				deepEqual(compileXPath(`string(${source})`).string(context), xpath.string(context));
			}
			if (xpath.absolute) deepEqual(xpath.nodes(contextOf(tree)).nodes, wanted);
		}),
		{ numRuns: 600 },
	);
});

test('a pattern matches the nodes that it would find from one of their ancestors or themselves', () => {
	const branch = fc.constantFrom(
		'a',
		'a[1]',
		'b/a',
		'b//c[2]',
		'text()',
		'@*',
		'@id',
		'a/@class',
		'/',
		'/a',
		'//b[@id]',
		'*[b]',
		'comment()',
		'a[last()]/text()',
		'node()',
		"id('i')/b",
		"id('i')",
	);
	fc.assert(
		fc.property(document, fc.uniqueArray(branch, { minLength: 1, maxLength: 3 }), (tree, branches) => {
			const pattern = compilePattern(branches.join(' | '));
			const found = pattern.select(contextOf(tree, { node: tree.count - 1 })).nodes;
			const refs = Array.from({ length: tree.count }, (_, n) => [
				n,
				...tree.attributes(n).map((_, i) => attributeRef(n, i)),
			]).flat();
			const matching = refs.filter((ref) => {
				const from = [ref];
				for (
					let n = ref >= tree.count ? elementOf(ref) : (tree.parents[ref] ?? -1);
					n !== -1;
					n = tree.parents[n] ?? -1
				)
					from.push(n);
				return branches.some((one) =>
					from.some((node) => compileXPath(one).nodes(contextOf(tree, { node })).nodes.includes(ref)),
				);
			});
			deepEqual(found, matching);
			deepEqual(pattern.select(contextOf(tree, { index: () => watched(tree, pattern) })).nodes, matching);
			for (const node of refs) deepEqual(pattern.matches(contextOf(tree, { node })), matching.includes(node));
		}),
		{ numRuns: 300 },
	);
});
