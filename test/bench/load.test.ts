import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOf, type Load, parseWrk } from '../../bench/load.ts';

/** Units of one letter are padded with a space. */
const printed = `Running 3s test @ http://127.0.0.1:46173/1k
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.39ms  511.73us  11.61ms   84.64%
    Req/Sec    46.48k     2.36k   50.24k    70.00%
  Latency Distribution
     50%  635.50us
     75%    1.57ms
     90%    1.89ms
     99%    1.02s ${''}
  138901 requests in 3.00s, 165.59MB read
Requests/sec:  46259.41
Transfer/sec:     55.15MB
`;

test('a clean run of wrk gives requests, bytes and latencies in milliseconds', () => {
	const load = parseWrk(printed);
	assert.equal(load.requests, 138_901);
	assert.equal(load.bytes, 165.59 * 2 ** 20);
	assert.equal(load.p50, 0.6355);
	assert.equal(load.p99, 1020);
	assert.equal(load.refused, 0);
	assert.equal(load.socketErrors, 0);
	assert.equal(faultOf(load, 1024), null);
});

test('socket errors of every kind are counted, and make the run no figure', () => {
	const text = printed.replace(
		'Requests/sec',
		'  Socket errors: connect 1, read 20, write 300, timeout 4000\nRequests/sec',
	);
	const load = parseWrk(text);
	assert.equal(load.socketErrors, 4321);
	assert.equal(faultOf(load, 1024), '4321 socket errors');
});

test('answers above 399 are counted, and make the run no figure', () => {
	const load = parseWrk(printed.replace('Requests/sec', '  Non-2xx or 3xx responses: 17\nRequests/sec'));
	assert.equal(load.refused, 17);
	assert.equal(faultOf(load, 1024), '17 answers above 399');
});

test('bytes are read in every unit', () => {
	const read = (size: string): number => parseWrk(printed.replace('165.59MB', size)).bytes;
	assert.deepEqual([read('12B'), read('1.50KB'), read('2.00GB')], [12, 1536, 2 ** 31]);
});

test('fewer bytes than the bodies must have make the run no figure', () => {
	const load: Load = { requests: 10, bytes: 10_000, p50: 1, p99: 1, refused: 0, socketErrors: 0 };
	assert.equal(faultOf(load, 1000), null);
	assert.equal(faultOf(load, 1024), 'bodies cut short');
	assert.equal(faultOf({ ...load, requests: 0, bytes: 0 }, 13), 'no answer at all');
});

test('what is not the output of wrk is refused with its own words', () => {
	assert.throws(() => parseWrk('unable to connect to 127.0.0.1:1 Connection refused\n'), /Connection refused/);
	assert.throws(() => parseWrk(''), /nothing/);
	assert.throws(() => parseWrk(printed.replace(/^ +99%.*\n/m, '')), /no 99% latency/);
});
