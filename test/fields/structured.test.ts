import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { structured } from '../../src/fields/index.ts';

const {
	Decimal,
	DisplayString,
	innerList,
	isInnerList,
	item,
	parseDictionary,
	parseItem,
	parseList,
	serializeBareItem,
	serializeDictionary,
	serializeItem,
	serializeList,
	StructuredFieldError,
	Timestamp,
	Token,
} = structured;

type Json = string | number | boolean | { __type: string; value: string | number } | Json[];
interface Vector {
	readonly name: string;
	readonly raw?: string[];
	readonly header_type: 'item' | 'list' | 'dictionary';
	readonly expected?: Json;
	readonly must_fail?: boolean;
	readonly can_fail?: boolean;
	readonly canonical?: string[];
}

const folder = new URL('../../../shared/vectors/structured-fields/', import.meta.url);
const skip = existsSync(folder)
	? false
	: 'the vectors are not beside the checkout (../shared/vectors/structured-fields)';

function vectors(path: URL): Vector[] {
	return readdirSync(path)
		.filter((file) => file.endsWith('.json'))
		.flatMap((file) => JSON.parse(readFileSync(new URL(file, path), 'utf8')) as Vector[]);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function toBase32(bytes: Uint8Array): string {
	let bits = '';
	for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
	let out = '';
	for (let i = 0; i < bits.length; i += 5) out += BASE32[Number.parseInt(bits.slice(i, i + 5).padEnd(5, '0'), 2)];
	return out.padEnd(Math.ceil(out.length / 8) * 8, '=');
}

function fromBase32(text: string): Uint8Array {
	let bits = '';
	for (const digit of text.replace(/=+$/, '')) bits += BASE32.indexOf(digit).toString(2).padStart(5, '0');
	return Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, i) =>
		Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2),
	);
}

function bareToJson(value: structured.BareItem): Json {
	if (value instanceof Token) return { __type: 'token', value: value.value };
	if (value instanceof DisplayString) return { __type: 'displaystring', value: value.value };
	if (value instanceof Timestamp) return { __type: 'date', value: value.seconds };
	if (value instanceof Decimal) return value.value;
	if (value instanceof Uint8Array) return { __type: 'binary', value: toBase32(value) };
	return value;
}

const toJson = (member: structured.Member): Json => [
	isInnerList(member) ? member.items.map(toJson) : bareToJson(member.value),
	[...member.parameters].map(([key, value]) => [key, bareToJson(value)]),
];

function bareFromJson(json: Json): structured.BareItem {
	if (typeof json !== 'object') return json;
	const { __type, value } = json as { __type: string; value: never };
	if (__type === 'token') return new Token(value);
	if (__type === 'displaystring') return new DisplayString(value);
	if (__type === 'date') return new Timestamp(value);
	return fromBase32(value);
}

function fromJson(json: Json): structured.Member {
	const [value, parameters] = json as [Json, [string, Json][]];
	const map = new Map(parameters.map(([key, value]) => [key, bareFromJson(value)]));
	return Array.isArray(value)
		? innerList(
				value.map((one) => fromJson(one) as structured.Item),
				map,
			)
		: item(bareFromJson(value), map);
}

function parsedJson(vector: Vector): Json {
	const text = (vector.raw as string[]).join(', ');
	if (vector.header_type === 'item') return toJson(parseItem(text));
	if (vector.header_type === 'list') return parseList(text).map(toJson);
	return [...parseDictionary(text)].map(([key, member]) => [key, toJson(member)]);
}

function serialized(vector: Vector): string {
	const json = vector.expected as Json;
	if (vector.header_type === 'item') return serializeItem(fromJson(json) as structured.Item);
	if (vector.header_type === 'list') return serializeList((json as Json[]).map(fromJson));
	return serializeDictionary(new Map((json as [string, Json][]).map(([key, member]) => [key, fromJson(member)])));
}

test('the vectors are parsed as they must be', { skip }, () => {
	const all = vectors(folder);
	assert.ok(all.length > 1000, String(all.length));
	for (const vector of all) {
		if (vector.must_fail === true) assert.throws(() => parsedJson(vector), StructuredFieldError, vector.name);
		else assert.deepEqual(parsedJson(vector), vector.expected, vector.name);
	}
});

/** Parsed and written again, since JSON cannot say whether a number was 1 or 1.0. */
function rewritten({ raw, header_type: type }: Vector): string {
	const text = (raw as string[]).join(', ');
	if (type === 'item') return serializeItem(parseItem(text));
	return type === 'list' ? serializeList(parseList(text)) : serializeDictionary(parseDictionary(text));
}

test('the vectors are written in canonical form', { skip }, () => {
	for (const vector of vectors(folder)) {
		if (vector.must_fail === true) continue;
		assert.equal(rewritten(vector), (vector.canonical ?? vector.raw ?? []).join(', '), vector.name);
	}
});

test('the vectors for writing are kept', { skip }, () => {
	for (const vector of vectors(new URL('serialisation-tests/', folder))) {
		if (vector.must_fail === true) assert.throws(() => serialized(vector), StructuredFieldError, vector.name);
		else assert.equal(serialized(vector), vector.canonical?.join(', '), vector.name);
	}
});

const lower = 'abcxyz';
const key = fc
	.tuple(
		fc.constantFrom(...lower.split(''), '*'),
		fc.string({ unit: fc.constantFrom(...lower.split(''), ...'019_-.*'.split('')), maxLength: 5 }),
	)
	.map(([first, rest]) => first + rest);
const bare: fc.Arbitrary<structured.BareItem> = fc.oneof(
	fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
	fc.integer({ min: -999_999_999, max: 999_999_999 }).map((thousandths) => new Decimal(thousandths / 1000 || 0)),
	fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) }),
	fc
		.tuple(
			fc.constantFrom(...'aZ*'.split('')),
			fc.string({ unit: fc.constantFrom(..."aZ9!#$%&'*+-.^_`|~:/".split('')), maxLength: 6 }),
		)
		.map(([first, rest]) => new Token(first + rest)),
	fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
	fc.boolean(),
	fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }).map((seconds) => new Timestamp(seconds)),
	fc
		.string({ unit: 'grapheme' })
		.filter((text) => text.isWellFormed())
		.map((text) => new DisplayString(text)),
);
const parameters = fc.array(fc.tuple(key, bare), { maxLength: 3 }).map((pairs) => new Map(pairs));
const anItem = fc.record({ value: bare, parameters }, { noNullPrototype: true });
const member: fc.Arbitrary<structured.Member> = fc.oneof(
	anItem,
	fc.record({ items: fc.array(anItem, { maxLength: 3 }), parameters }, { noNullPrototype: true }),
);

test('what is written reads back, with every type kept', { timeout: 20_000 }, () => {
	fc.assert(fc.property(anItem, (one) => assert.deepEqual(parseItem(serializeItem(one)), one)));
	fc.assert(fc.property(fc.array(member), (list) => assert.deepEqual(parseList(serializeList(list)), list)));
	fc.assert(
		fc.property(fc.array(fc.tuple(key, member)), (pairs) => {
			const dictionary = new Map(pairs);
			assert.deepEqual(parseDictionary(serializeDictionary(dictionary)), dictionary);
		}),
	);
});

test('any text is either read or refused with an offset inside it', { timeout: 20_000 }, () => {
	const soup = fc.string({ unit: fc.constantFrom(...'a1A*-.,;:="\\?@%()= \t/é'.split('')), maxLength: 16 });
	fc.assert(
		fc.property(soup, fc.constantFrom(parseItem, parseList, parseDictionary), (text, parse) => {
			try {
				parse(text);
			} catch (error) {
				assert.ok(error instanceof StructuredFieldError);
				assert.ok(error.offset >= 0 && error.offset <= text.length);
			}
		}),
		{ numRuns: 2000 },
	);
});

test('errors say what is wrong and where', () => {
	assert.throws(() => parseItem('"abc'), /A string is not closed at offset 4/);
	assert.throws(() => parseList('a, b,'), /Nothing follows a comma at offset 5/);
	assert.throws(() => parseDictionary('a=1, B=2'), /A key must start with a lower-case letter or "\*" at offset 5/);
	assert.throws(() => parseItem('1 2'), /Something follows the value at offset 2/);
	assert.throws(() => parseList('(a b'), /An inner list is not closed at offset 0|A space or "\)" is missing/);
});

test('of a key that comes twice the last value counts, in the first place', () => {
	assert.equal(serializeDictionary(parseDictionary('a=1, b=2, a=3')), 'a=3, b=2');
	assert.equal(serializeItem(parseItem('x;a=1;b;a=3')), 'x;a=3;b');
});

test('a decimal stays one, and a number with a fraction becomes one', () => {
	assert.equal(serializeItem(parseItem('1.0')), '1.0');
	assert.equal(serializeItem(parseItem('-0.0')), '0.0');
	assert.equal(serializeBareItem(1.5), '1.5');
	assert.equal(serializeBareItem(-0.0004), '0.0');
	assert.equal(serializeBareItem(1e-7), '0.0');
	assert.deepEqual([0.0015, 0.0025, -0.0025, 9.9995].map(serializeBareItem), ['0.002', '0.002', '-0.002', '10.0']);
	assert.equal(serializeBareItem(new Decimal(999_999_999_999.999)), '999999999999.999');
	assert.throws(() => serializeBareItem(new Decimal(1e21)), StructuredFieldError);
});

test('what cannot be written throws', () => {
	const bad = [
		Number.NaN,
		Number.POSITIVE_INFINITY,
		1e15,
		'é',
		'\n',
		new Token('1a'),
		new Token(''),
		new Timestamp(0.5),
	];
	for (const value of [...bad, new Decimal(1e12), new DisplayString('\ud800'), null as never, {} as never]) {
		assert.throws(() => serializeBareItem(value), StructuredFieldError);
	}
	assert.throws(() => serializeItem(item(1, { A: 1 })), StructuredFieldError);
	assert.throws(() => serializeDictionary(new Map([['', item(1)]])), StructuredFieldError);
});

test('byte sequences of any size are written', () => {
	const bytes = new Uint8Array(300_000).fill(7);
	assert.deepEqual(parseItem(serializeItem(item(bytes))).value, bytes);
});
