import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatNumbers } from '../../../src/theme/xslt/number-format.ts';

const NONE = { separator: '', size: 0 };

const ROMAN: ReadonlyMap<string, number> = new Map([
	['i', 1],
	['v', 5],
	['x', 10],
	['l', 50],
	['c', 100],
	['d', 500],
	['m', 1000],
]);

/** What letters are worth, read from the right. */
function worthOf(text: string): number {
	const worths = Array.from(text, (letter) => ROMAN.get(letter) ?? Number.NaN);
	return worths.reduce((sum, one, i) => sum + (one < (worths[i + 1] ?? 0) ? -one : one), 0);
}

test('Roman numbers say what they were made of, and what is too large is in digits', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 4999 }), (number) => {
			const text = formatNumbers([number], 'i', NONE);
			assert.equal(worthOf(text), number);
			assert.doesNotMatch(text, /(?:i{4}|x{4}|c{4}|v{2}|l{2}|d{2})/);
		}),
	);
	assert.equal(formatNumbers([5000], 'I', NONE), '5000');
});

test('letters count like digits without a zero', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 1_000_000 }), (number) => {
			const text = formatNumbers([number], 'a', NONE);
			const back = Array.from(text).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 96, 0);
			assert.equal(back, number);
		}),
	);
});

test('groups taken out again leave the digits, padded to the width of the token', () => {
	fc.assert(
		fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), (number, width, size) => {
			const text = formatNumbers([number], '1'.padStart(width, '0'), { separator: ' ', size });
			assert.equal(text.replaceAll(' ', ''), String(number).padStart(width, '0'));
			assert.ok(text.split(' ').every((group, i) => (i === 0 ? group.length <= size : group.length === size)));
		}),
	);
});

test('what cannot be counted is written as it is', () => {
	for (const [number, expected] of [
		[0, '0'],
		[-3, '-3'],
		[Number.NaN, 'NaN'],
		[Number.POSITIVE_INFINITY, 'Infinity'],
	] as const) {
		for (const format of ['1', 'a', 'I']) assert.equal(formatNumbers([number], format, NONE), expected);
	}
});

test('digits of other scripts follow their one', () => {
	assert.equal(formatNumbers([1203], '\u0661', NONE), '\u0661\u0662\u0660\u0663');
	assert.equal(formatNumbers([7], '\u0966\u0967', NONE), '\u0966\u096d');
});

test('separators stand between, the last of them for all that follow', () => {
	assert.equal(formatNumbers([1, 2, 3, 4], '1.1-a', NONE), '1.2-c-d');
	assert.equal(formatNumbers([1, 2, 3], '[1]', NONE), '[1.2.3]');
	assert.equal(formatNumbers([], '[1]', NONE), '');
});
