import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FieldList, FRAMING, flags, HOP_BY_HOP, SECRET, STRIDE, tagOf, tags } from '../../src/fields/index.ts';

type Line = readonly [string, string];

/** A section as a parser would scan it, with the white space that the wire may have around values. */
function scanned(lines: readonly { line: Line; before: string; after: string }[]): FieldList {
	let text = '';
	const marks: number[] = [];
	for (const { line, before, after } of lines) {
		const [name, value] = line;
		const start = text.length;
		// White space alone: a parser puts the empty value where it likes; here, behind the first space.
		const lead = value === '' && before.length > 0 ? before.slice(0, 1) : before;
		const from = start + name.length + 1 + lead.length;
		marks.push(start, start + name.length, from, from + value.length, tagOf(name));
		text += `${name}:${before}${value}${after}\r\n`;
	}
	return FieldList.scanned(`${text}\r\n`, marks);
}

/** The list as plainly as it can be written. */
class Model {
	lines: [string, string][];
	constructor(lines: readonly Line[]) {
		this.lines = lines.map(([name, value]) => [name, value]);
	}
	all(name: string): string[] {
		return this.lines.filter((line) => line[0].toLowerCase() === name.toLowerCase()).map((line) => line[1]);
	}
	set(name: string, value: string): void {
		const first = this.lines.find((line) => line[0].toLowerCase() === name.toLowerCase());
		if (first === undefined) this.lines.push([name, value]);
		else {
			first[1] = value;
			this.lines = this.lines.filter((line) => line === first || line[0].toLowerCase() !== name.toLowerCase());
		}
	}
	keep(keep: (name: string) => boolean): void {
		this.lines = this.lines.filter((line) => keep(line[0]));
	}
	serialize(skip: number): string {
		return this.lines
			.filter((line) => ((flags[tagOf(line[0])] as number) & skip) === 0)
			.map(([name, value]) => `${name}: ${value}\r\n`)
			.join('');
	}
}

const recased = (name: string) =>
	fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }).map((upper) =>
		name
			.split('')
			.map((letter, index) => (upper[index] ? letter.toUpperCase() : letter))
			.join(''),
	);
const known = ['host', 'connection', 'te', 'cookie', 'x-a', 'x-b', 'via', 'set-cookie', 'content-length', 'b'];
const name = fc.constantFrom(...known).chain(recased);
const value = fc
	.string({ unit: fc.constantFrom('a', 'B', ':', ' ', '\t', ',', '\xe9', '"'), maxLength: 6 })
	.map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''));
const line = fc.tuple(name, value);
const space = fc.constantFrom('', ' ', ' ', ' ', '\t', '  ');
const wire = fc.array(fc.record({ line, before: space, after: space }), { maxLength: 8 });

const masks = fc.constantFrom(0, HOP_BY_HOP, FRAMING, HOP_BY_HOP | FRAMING | SECRET, SECRET);
type Edit = (list: FieldList, model: Model) => void;
const edit: fc.Arbitrary<Edit> = fc.oneof(
	fc.tuple(name, value).map(
		([name, value]): Edit =>
			(list, model) => {
				list.set(name, value);
				model.set(name, value);
			},
	),
	fc.tuple(name, value).map(
		([name, value]): Edit =>
			(list, model) => {
				list.append(name, ` ${value}\t`);
				model.lines.push([name, value]);
			},
	),
	name.map(
		(name): Edit =>
			(list, model) => {
				list.delete(name);
				model.keep((other) => other.toLowerCase() !== name.toLowerCase());
			},
	),
	masks.map(
		(mask): Edit =>
			(list, model) => {
				list.deleteFlagged(mask);
				model.keep((other) => ((flags[tagOf(other)] as number) & mask) === 0);
			},
	),
	fc.constantFrom('host', 'te', 'via', 'set-cookie').map(
		(special): Edit =>
			(list, model) => {
				list.deleteTagged(tags[special as 'host']);
				model.keep((other) => other.toLowerCase() !== special);
			},
	),
);

function check(list: FieldList, model: Model, skip: number): void {
	assert.deepEqual(list.raw, model.lines.flat());
	assert.deepEqual([...list], model.lines);
	assert.equal(list.size, model.lines.length);
	assert.equal(list.serialize(skip), model.serialize(skip));
	for (const name of [...known, 'absent']) {
		const all = model.all(name);
		assert.deepEqual(list.all(name.toUpperCase()), all);
		assert.equal(list.has(name), all.length > 0);
		assert.equal(list.get(name), all.length > 0 ? all.join(', ') : null);
		const tag = tagOf(name);
		if (tag > 0) assert.equal(list.getTagged(tag), list.get(name));
	}
}

test('a list, scanned or not, behaves as a plain array of lines under any edits', { timeout: 30_000 }, () => {
	fc.assert(
		fc.property(wire, fc.array(edit, { maxLength: 6 }), masks, fc.boolean(), (lines, edits, skip, fromWire) => {
			const given = lines.map(({ line }) => line);
			const list = fromWire ? scanned(lines) : FieldList.of(given);
			const model = new Model(given);
			check(list, model, skip);
			for (const one of edits) {
				one(list, model);
				check(list, model, skip);
			}
		}),
		{ numRuns: 500 },
	);
});

test('a copy and its original do not see each other', { timeout: 30_000 }, () => {
	fc.assert(
		fc.property(wire, fc.array(edit, { minLength: 1, maxLength: 4 }), fc.boolean(), (lines, edits, copyFirst) => {
			const original = scanned(lines);
			const before = original.raw;
			const copy = copyFirst ? original.copy() : FieldList.of(original);
			for (const one of edits) one(copy, new Model([]));
			assert.deepEqual(original.raw, before);
			const other = original.copy();
			for (const one of edits) one(original, new Model([]));
			assert.deepEqual(other.raw, before);
		}),
		{ numRuns: 200 },
	);
});

test('what is written reads back as the same lines', { timeout: 30_000 }, () => {
	fc.assert(
		fc.property(wire, (lines) => {
			const text = scanned(lines).serialize(0);
			const back = text
				.split('\r\n')
				.slice(0, -1)
				.map((line) => line.split(/: (.*)/s).slice(0, 2));
			assert.deepEqual(
				back,
				lines.map(({ line }) => [...line]),
			);
		}),
	);
});

test('untouched neighbours on the wire are written as they came', () => {
	const list = scanned([
		{ line: ['Host', 'a'], before: ' ', after: '' },
		{ line: ['X-Odd', 'b'], before: '', after: ' ' },
		{ line: ['x-c', ''], before: ' ', after: '' },
		{ line: ['x-d', ''], before: '', after: '' },
	]);
	assert.equal(list.serialize(0), 'Host: a\r\nX-Odd: b\r\nx-c: \r\nx-d: \r\n');
	list.delete('x-odd');
	assert.equal(list.serialize(0), 'Host: a\r\nx-c: \r\nx-d: \r\n');
});

test('every form that is accepted makes the same list', () => {
	const flat = ['A', '1', 'b', '2', 'A', '3'];
	const same = [
		FieldList.of(flat),
		FieldList.of([
			['A', '1'],
			['b', '2'],
			['A', '3'],
		]),
		FieldList.of(new Map([['A', '1']]).entries()),
		FieldList.of(FieldList.of(flat)),
	];
	assert.deepEqual(same[0]?.raw, flat);
	assert.deepEqual(same[1]?.raw, flat);
	assert.deepEqual(same[2]?.raw, ['A', '1']);
	assert.deepEqual(same[3]?.raw, flat);
	assert.deepEqual(FieldList.of({ A: ['1', '3'], b: 2, c: undefined }).raw, ['A', '1', 'A', '3', 'b', '2']);
	assert.deepEqual(FieldList.of(new Headers({ b: '2', a: '1' })).raw, ['a', '1', 'b', '2']);
	assert.deepEqual(
		[FieldList.of(), FieldList.of(null), FieldList.of([])].map((list) => list.size),
		[0, 0, 0],
	);
	assert.equal(FieldList.from(same[0] as FieldList), same[0]);
});

test('nothing that could end a line early gets in', () => {
	const list = FieldList.empty();
	for (const bad of ['', 'a b', 'a:', 'a\r', 'é', 'a\n']) {
		assert.throws(() => list.append(bad, 'x'), TypeError);
		assert.throws(() => list.set(bad, 'x'), TypeError);
	}
	for (const bad of ['a\r\nb', 'a\0', '\x7f', '€', 'a\nb', '\x0b']) {
		assert.throws(() => list.append('a', bad), TypeError);
		assert.throws(() => list.set('a', bad), TypeError);
		assert.throws(() => FieldList.of({ a: bad }), TypeError);
	}
	assert.equal(list.size, 0);
});

test('a value full of white space is trimmed in linear time', () => {
	const list = FieldList.empty();
	list.append('a', ` a${' '.repeat(200_000)}b `);
	assert.equal(list.get('a')?.length, 200_002);
});

test('a set of a new name leaves scanned lines packed and in order', () => {
	const list = FieldList.scanned('A: 1\r\nB: 2\r\n\r\n', [0, 1, 3, 4, 0, 6, 7, 9, 10, 0]);
	assert.equal(STRIDE, 5);
	list.set('C', '3');
	list.set('c', '4');
	assert.deepEqual(list.raw, ['A', '1', 'B', '2', 'C', '4']);
	list.delete('a');
	list.set('B', '5');
	assert.deepEqual(list.raw, ['B', '5', 'C', '4']);
});
