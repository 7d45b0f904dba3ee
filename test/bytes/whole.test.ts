import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesSource, latin1Bytes, latin1Source, WholeSource } from '../../src/bytes/index.ts';
import { FieldList } from '../../src/fields/index.ts';
import { bytes, drained, StrictSink } from './lending.ts';

test('text goes out as UTF-8, latin1 as its code units', async () => {
	assert.deepEqual((await drained(bytesSource('hé€'))).taken, [...new TextEncoder().encode('hé€')]);
	assert.deepEqual((await drained(latin1Source('h\xe9\0\xff'))).taken, [0x68, 0xe9, 0, 0xff]);
	assert.deepEqual([...latin1Bytes('\0\x7f\x80\xff')], [0, 0x7f, 0x80, 0xff]);
	assert.throws(() => latin1Source('€'), RangeError);
});

test('the length is that of the bytes', () => {
	assert.equal(bytesSource('hé').length, 3);
	assert.equal(bytesSource('ascii').length, 5);
	assert.equal(latin1Source('hé').length, 2);
	assert.equal(bytesSource(bytes('abc')).length, 3);
});

test('a paused sink gets the end only when it resumes', () => {
	const trailers = FieldList.of(['A', 'b']);
	const source = bytesSource('abc', trailers);
	const sink = new StrictSink([true]);
	source.start(sink);
	assert.equal(sink.ends, 0);
	sink.release(source);
	assert.equal(sink.ends, 1);
	assert.equal(sink.trailers, trailers);
	source.resume();
	assert.equal(sink.ends, 1);
});

test('resume without a pause does nothing, even from within write', () => {
	const source = bytesSource('abc');
	const calls: string[] = [];
	source.resume();
	source.start({
		write() {
			source.resume();
			calls.push('write');
			return true;
		},
		end: () => void calls.push('end'),
		fail: () => void calls.push('fail'),
	});
	assert.deepEqual(calls, ['write', 'end']);
});

test('an empty payload ends without a write', async () => {
	let writes = 0;
	let ends = 0;
	bytesSource('').start({ write: () => ++writes > 0, end: () => void ends++, fail: () => assert.fail() });
	assert.deepEqual([writes, ends], [0, 1]);
});

test('take gives everything once, as it is held', () => {
	const chunk = bytes('abc');
	assert.equal(bytesSource(chunk).take(), chunk);
	assert.equal(bytesSource('abc').take(), 'abc');
	const source = new WholeSource('abc');
	source.take();
	assert.throws(() => source.take(), TypeError);
	assert.throws(() => source.start(new StrictSink()), TypeError);
});

test('a source starts once, and not after cancel', () => {
	const twice = bytesSource('abc');
	twice.start(new StrictSink());
	assert.throws(() => twice.start(new StrictSink()), TypeError);
	const gone = bytesSource('abc');
	gone.cancel();
	gone.cancel();
	assert.throws(() => gone.start(new StrictSink()), TypeError);
});

test('cancel from within write and while paused keeps the end away', () => {
	const source = bytesSource('abc');
	source.start({
		write() {
			source.cancel();
			return true;
		},
		end: () => assert.fail('ended'),
		fail: () => assert.fail('failed'),
	});
	const paused = bytesSource('abc');
	const sink = new StrictSink([true]);
	paused.start(sink);
	paused.cancel();
	sink.release(paused);
	assert.equal(sink.ends, 0);
});
