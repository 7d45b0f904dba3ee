/** Vary: names are added once, and nothing is added to everything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addVary, FieldList } from '../../src/fields/index.ts';

const cases: readonly (readonly [given: readonly string[], names: readonly string[], vary: string | null])[] = [
	[[], ['Origin'], 'Origin'],
	[[], [], null],
	[['Vary', 'Accept'], ['Origin'], 'Accept, Origin'],
	[['Vary', 'ORIGIN'], ['Origin'], 'ORIGIN'],
	[['Vary', 'Accept', 'Vary', 'Cookie'], ['cookie', 'Origin', 'origin'], 'Accept, Cookie, Origin'],
	[['Vary', '*'], ['Origin'], '*'],
];

for (const [given, names, vary] of cases) {
	test(`${given.join(' ') || 'nothing'} and ${names.join(' ') || 'nothing'} is ${vary}`, () => {
		const fields = FieldList.of(given);
		addVary(fields, names);
		assert.equal(fields.get('vary'), vary);
	});
}
