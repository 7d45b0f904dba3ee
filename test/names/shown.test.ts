import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shown } from '../../src/names/index.ts';

test('whatever was given can be shown, in one line, and never all of something long', () => {
	const circle: Record<string, unknown> = {};
	circle['self'] = circle;
	const rows: readonly (readonly [unknown, string])[] = [
		['text\nof two lines', '"text\\nof two lines"'],
		[5, '5'],
		[Number.NaN, 'NaN'],
		[10n, '10n'],
		[undefined, 'undefined'],
		[null, 'null'],
		[Symbol('s'), 'Symbol(s)'],
		[() => 1, 'a function'],
		[circle, 'an object'],
		[{ a: 1 }, '{"a":1}'],
		['x'.repeat(10_000), `"${'x'.repeat(79)}…`],
	];
	for (const [value, text] of rows) assert.equal(shown(value), text);
});
