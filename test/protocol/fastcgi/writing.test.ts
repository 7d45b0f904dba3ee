/** What goes out: read back by the plainest reader there is, and told byte for byte where that is short enough. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
	ABORT,
	pair,
	pairOf,
	parsePairs,
	preparedName,
	requestRecords,
	STDIN_END,
	streamRecords,
	types,
} from '../../../src/protocol/fastcgi/index.ts';

const bytes = fc.string({
	unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
	maxLength: 300,
});

/** The records of a text. */
function recordsOf(text: string): { type: number; id: number; content: string }[] {
	const buffer = Buffer.from(text, 'latin1');
	const records = [];
	for (let at = 0; at < buffer.length; ) {
		assert.equal(buffer[at], 1);
		const length = buffer.readUInt16BE(at + 4);
		records.push({
			type: buffer[at + 1] as number,
			id: buffer.readUInt16BE(at + 2),
			content: text.slice(at + 8, at + 8 + length),
		});
		at += 8 + length + (buffer[at + 6] as number);
	}
	return records;
}

test('pairs come back as they went in, with lengths of one byte and of four', () => {
	const long = fc.nat(70_000).map((length) => 'v'.repeat(length));
	fc.assert(
		fc.property(fc.array(fc.tuple(bytes, fc.oneof(bytes, long))), (pairs) => {
			assert.deepEqual(parsePairs(pairs.map(([name, value]) => pair(name, value)).join('')), pairs);
			for (const [name, value] of pairs) assert.equal(pairOf(preparedName(name), value), pair(name, value));
		}),
	);
});

test('127 takes one byte, 128 takes four', () => {
	assert.equal(pair('a', 'b'.repeat(127)), `\x01\x7fa${'b'.repeat(127)}`);
	assert.equal(pair('a', 'b'.repeat(128)), `\x01\x80\0\0\x80a${'b'.repeat(128)}`);
	assert.equal(pair('a'.repeat(300), ''), `\x80\0\x01\x2c\0${'a'.repeat(300)}`);
});

test('pairs cut anywhere are malformed, but between two of them', () => {
	const [first, second] = [pair('name', 'value'), pair('long', 'v'.repeat(200))];
	const text = first + second;
	for (let at = 1; at < text.length; at++) {
		assert.deepEqual(parsePairs(text.slice(0, at)), at === first.length ? [['name', 'value']] : null);
	}
	fc.assert(fc.property(bytes, (noise) => void parsePairs(noise)));
});

test('a request: its beginning, its variables, their end', () => {
	assert.equal(
		requestRecords(pair('A', 'b'), true),
		'\x01\x01\0\x01\0\x08\0\0' +
			'\0\x01\x01\0\0\0\0\0' +
			'\x01\x04\0\x01\0\x04\0\0' +
			'\x01\x01Ab' +
			'\x01\x04\0\x01\0\0\0\0',
	);
	assert.equal(requestRecords('', false)[10], '\0', 'no KEEP_CONN');
	assert.equal(STDIN_END, '\x01\x05\0\x01\0\0\0\0');
	assert.equal(ABORT, '\x01\x02\0\x01\0\0\0\0');
});

test('a stream of any length: records that hold it, none of them empty', () => {
	for (const length of [0, 1, 65_535, 65_536, 131_070, 200_000]) {
		const text = 'x'.repeat(length);
		const records = recordsOf(streamRecords(types.STDIN, text));
		assert.equal(records.map(({ content }) => content).join(''), text);
		assert.equal(records.length, Math.ceil(length / 65_535));
		for (const { type, id, content } of records) assert.ok(type === types.STDIN && id === 1 && content.length > 0);
	}
});
