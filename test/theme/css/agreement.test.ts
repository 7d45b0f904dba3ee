import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileCss, cssToXPath } from '../../../src/theme/css/index.ts';
import { HtmlBuilder, KeyIndex, parseHtml, type Settlement, type Tree, Watch } from '../../../src/theme/tree/index.ts';
import { compileXPath, type XPathContext } from '../../../src/theme/xpath/index.ts';
import { page, selector } from './random.ts';

const RUNS = { numRuns: 1500 };

function context(tree: Tree): XPathContext {
	return {
		tree,
		node: 0,
		position: 1,
		size: 1,
		current: { tree, node: 0 },
		variable: () => undefined,
		document: () => null,
		index: () => null,
		memo: null,
	};
}

test('an index and a scan find the same', () => {
	fc.assert(
		fc.property(page, selector, (source, text) => {
			const css = compileCss(text);
			const watch = new Watch();
			css.watch(watch);
			const index = new KeyIndex(watch);
			const tree = parseHtml(source, { index });
			const scanned = css.select(tree, null);
			assert.deepEqual(css.select(tree, index), scanned);
			const asked = Array.from({ length: tree.count }, (_, node) => node).filter((node) => css.matches(tree, node));
			assert.deepEqual(asked, scanned);
			assert.deepEqual(
				asked.toReversed().filter((node) => compileCss(text).matches(tree, node)),
				scanned.toReversed(),
			);
			for (const root of scanned.slice(0, 3)) {
				const below = scanned.filter((node) => node > root && node < tree.after(root));
				assert.deepEqual(css.select(tree, index, root), below);
			}
		}),
		RUNS,
	);
});

test('a selector and its XPath find the same', () => {
	fc.assert(
		fc.property(page, selector, fc.constantFrom('//', 'descendant-or-self::'), (source, text, prefix) => {
			const tree = parseHtml(source);
			const xpath = compileXPath(cssToXPath(text, prefix));
			assert.deepEqual(xpath.nodes(context(tree)).nodes, compileCss(text).select(tree, null), xpath.source);
		}),
		RUNS,
	);
});

/** Whether as much as the settlement asks for has been read. */
function isSettled(tree: Tree, settlement: Settlement): boolean {
	if (settlement === 'head' || settlement === 'body') return tree.names.includes('body');
	if (typeof settlement === 'string') return false;
	return settlement.ids.every((id) => {
		const [found] = compileCss(`#${id}`).select(tree, null);
		return found !== undefined && (tree.afters[found] ?? 0) !== 0;
	});
}

/** No id twice. */
const unique = (source: string): string => {
	const seen = new Set<string>();
	return source.replace(/ id=(\w)/g, (attribute, id: string) => (seen.size === seen.add(id).size ? '' : attribute));
};

const settling = fc.oneof(
	selector,
	fc
		.tuple(fc.constantFrom('#k ', '#k > ', 'head > ', 'head ', 'p + #k:not(.x) '), selector)
		.map((parts) => parts.join('')),
	selector.map((text) => `body:not(${text})`),
	selector.map((text) => `${text} > #m`),
);

test('what is settled does not change when more is read', () => {
	fc.assert(
		fc.property(page.map(unique), settling, fc.array(fc.nat(120), { maxLength: 12 }), (source, text, cuts) => {
			const css = compileCss(text);
			const settlement = css.settlement(true);
			const builder = new HtmlBuilder();
			const early: number[][] = [];
			let at = 0;
			for (const cut of cuts) {
				builder.write(source.slice(at, at + cut));
				at += cut;
				if (isSettled(builder.tree, settlement)) early.push(css.select(builder.tree, null));
			}
			builder.write(source.slice(at));
			const all = css.select(builder.end(), null);
			for (const found of early) assert.deepEqual(found, all);
		}),
		RUNS,
	);
});

test('asking early changes no later answer', () => {
	fc.assert(
		fc.property(page, selector, fc.nat(300), (source, text, cut) => {
			const css = compileCss(text);
			const builder = new HtmlBuilder();
			builder.write(source.slice(0, cut));
			css.select(builder.tree, null);
			builder.write(source.slice(cut));
			assert.deepEqual(css.select(builder.end(), null), compileCss(text).select(parseHtml(source), null));
		}),
		RUNS,
	);
});
