import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ELEMENT, parseHtml, type Tree } from '../../../src/theme/tree/index.ts';
import { PIECES } from './tree-text.ts';

const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''));
const dialects = fc.constantFrom('html' as const, 'libxml2' as const);

/** All places in the source that belong to some node, in order. */
function places(tree: Tree): [start: number, end: number][] {
	const found: [number, number][] = [];
	for (let node = 1; node < tree.count; node++) {
		const at = (numbers: Int32Array): number => numbers[node] as number;
		if (tree.kinds[node] !== ELEMENT) found.push([at(tree.starts), at(tree.ends)]);
		else found.push([at(tree.starts), at(tree.openEnds)], [at(tree.closeStarts), at(tree.ends)]);
	}
	return found.filter(([start, end]) => end > start).toSorted((a, b) => a[0] - b[0]);
}

describe('any markup at all', () => {
	it('becomes a tree whose nodes do not overlap in the source', () => {
		fc.assert(
			fc.property(soup, dialects, fc.boolean(), (source, dialect, fragment) => {
				let at = 0;
				for (const [start, end] of places(parseHtml(source, { dialect, fragment }))) {
					assert.ok(start >= at && end <= source.length, `[${start}, ${end}) of ${JSON.stringify(source)}`);
					at = end;
				}
			}),
			{ numRuns: 1000 },
		);
	});

	it('loses nothing but tags without a place, doctypes and space outside', () => {
		fc.assert(
			fc.property(soup, fc.boolean(), (source, fragment) => {
				let at = 0;
				for (const [start, end] of [...places(parseHtml(source, { fragment })), [source.length, source.length]]) {
					const lost = source.slice(at, start as number).trim();
					assert.ok(
						lost === '' || (lost.startsWith('<') && (lost.endsWith('>') || start === source.length)),
						JSON.stringify(lost),
					);
					at = end as number;
				}
			}),
			{ numRuns: 1000 },
		);
	});

	it('has numbers that fit together', () => {
		fc.assert(
			fc.property(soup, dialects, fc.boolean(), (source, dialect, fragment) => {
				const tree = parseHtml(source, { dialect, fragment });
				for (let node = 1; node < tree.count; node++) {
					const parent = tree.parents[node] as number;
					assert.ok(parent < node && tree.after(node) <= tree.after(parent) && tree.after(node) > node, source);
					assert.equal((tree.hazards[parent] as number) | (tree.hazards[node] as number), tree.hazards[parent], source);
				}
			}),
			{ numRuns: 1000 },
		);
	});
});
