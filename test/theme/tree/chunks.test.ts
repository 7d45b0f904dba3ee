import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HtmlBuilder, type HtmlBuilderOptions, KeyIndex, parseHtml, Watch } from '../../../src/theme/tree/index.ts';
import { everything, PIECES } from './tree-text.ts';

const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 20 }).map((pieces) => pieces.join(''));
const options: fc.Arbitrary<HtmlBuilderOptions> = fc.record({
	dialect: fc.constantFrom('html' as const, 'libxml2' as const),
	fragment: fc.boolean(),
});

function read(chunks: readonly string[], how: HtmlBuilderOptions): unknown {
	const watch = new Watch();
	watch.ids.add('a');
	watch.classes.add('c');
	watch.names.add('p');
	const index = new KeyIndex(watch);
	const builder = new HtmlBuilder({ ...how, index });
	for (const chunk of chunks) builder.write(chunk);
	return [everything(builder.end()), index];
}

describe('reading in pieces', () => {
	it('gives the same tree wherever the source is cut in two', () => {
		fc.assert(
			fc.property(soup, options, (source, how) => {
				const whole = read([source], how);
				for (let at = 0; at <= source.length; at++) {
					assert.deepEqual(read([source.slice(0, at), source.slice(at)], how), whole);
				}
			}),
			{ numRuns: 150 },
		);
	});

	it('gives the same tree one character at a time', () => {
		fc.assert(
			fc.property(soup, options, (source, how) => {
				assert.deepEqual(read(source.split(''), how), read([source], how));
			}),
		);
	});

	it('finds the space behind a title that was cut to be space, which does not end the head', () => {
		const source = '<title>A title, long enough</title> <meta name=a><script>let a;</script> <link>';
		for (let at = 0; at <= source.length; at++) {
			assert.deepEqual(read([source.slice(0, at), source.slice(at)], {}), read([source], {}), String(at));
		}
	});

	it('tells how far it has come', () => {
		const builder = new HtmlBuilder();
		const steps: [string, string][] = [
			['<html><head><title>a</title>', 'start'],
			['</head>', 'head'],
			['<body class="', 'head'],
			['x"><p>', 'body'],
		];
		for (const [chunk, reached] of steps) {
			builder.write(chunk);
			assert.equal(builder.reached, reached, chunk);
		}
		builder.end();
		assert.equal(builder.reached, 'end');
	});

	it('tells which elements have ended', () => {
		const builder = new HtmlBuilder({ fragment: true });
		builder.write('<div><p>a</p>');
		assert.deepEqual([builder.isClosed(1), builder.isClosed(2)], [false, true]);
		builder.end();
		assert.equal(builder.isClosed(1), true);
	});

	it('does not take the end of body for its end, since more may come', () => {
		const builder = new HtmlBuilder();
		builder.write('<body>a</body>');
		assert.equal(builder.isClosed(builder.tree.names.indexOf('body')), false);
		builder.write('b');
		assert.deepEqual(everything(builder.end()), everything(parseHtml('<body>a</body>b')));
	});
});
