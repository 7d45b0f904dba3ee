import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatHttpDate, parseHttpDate } from '../../src/fields/index.ts';

const EXAMPLE = Date.UTC(1994, 10, 6, 8, 49, 37);
const NOW = Date.UTC(2026, 5, 15);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

test('the three formats of the RFC are read', () => {
	assert.equal(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT'), EXAMPLE);
	assert.equal(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', NOW), EXAMPLE);
	assert.equal(parseHttpDate('Sun Nov  6 08:49:37 1994'), EXAMPLE);
	assert.equal(parseHttpDate('Sun Nov 06 08:49:37 1994'), EXAMPLE);
});

test('IMF-fixdate is written and read back, for every year that it can hold', () => {
	const first = new Date(0);
	first.setUTCFullYear(0, 0, 1);
	fc.assert(
		fc.property(fc.integer({ min: first.getTime() / 1000, max: LAST / 1000 }), (seconds) => {
			const date = new Date(seconds * 1000);
			const text = formatHttpDate(date);
			assert.match(text, /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/);
			assert.equal(text.slice(0, 3), days[date.getUTCDay()]?.slice(0, 3));
			assert.equal(parseHttpDate(text), seconds * 1000);
		}),
	);
	assert.throws(() => formatHttpDate(LAST + 1000), RangeError);
	assert.throws(() => formatHttpDate(Number.NaN), RangeError);
});

test('the obsolete formats agree with Date', () => {
	fc.assert(
		fc.property(fc.integer({ min: Date.UTC(1977) / 1000, max: Date.UTC(2076) / 1000 }), (seconds) => {
			const date = new Date(seconds * 1000);
			const day = days[date.getUTCDay()] as string;
			const month = months[date.getUTCMonth()] as string;
			const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
			const year = date.getUTCFullYear();
			const rfc850 = `${day}, ${two(date.getUTCDate())}-${month}-${two(year % 100)} ${clock} GMT`;
			const asctime = `${day.slice(0, 3)} ${month} ${String(date.getUTCDate()).padStart(2)} ${clock} ${year}`;
			assert.equal(parseHttpDate(rfc850, NOW), date.getTime(), rfc850);
			assert.equal(parseHttpDate(asctime), date.getTime(), asctime);
		}),
	);
});

test('a two-digit year more than 50 years ahead is of the century before', () => {
	const year = (text: string): number => new Date(parseHttpDate(text, NOW) ?? Number.NaN).getUTCFullYear();
	assert.equal(year('Monday, 15-Jun-76 00:00:00 GMT'), 2076);
	assert.equal(year('Monday, 15-Jun-76 00:00:01 GMT'), 1976);
	assert.equal(year('Monday, 15-Jun-77 00:00:00 GMT'), 1977);
	assert.equal(year('Monday, 15-Jun-00 00:00:00 GMT'), 2000);
});

test('what is not a date is refused', () => {
	for (const bad of [
		'',
		'0',
		'-1',
		'Sun, 06 Nov 1994 08:49:37',
		'Sun, 6 Nov 1994 08:49:37 GMT',
		'sun, 06 Nov 1994 08:49:37 GMT',
		'Sun, 06 nov 1994 08:49:37 GMT',
		'Xyz, 06 Nov 1994 08:49:37 GMT',
		'Sun, 31 Nov 1994 08:49:37 GMT',
		'Sun, 29 Feb 1995 08:49:37 GMT',
		'Sun, 00 Nov 1994 08:49:37 GMT',
		'Sun, 06 Nov 1994 24:00:00 GMT',
		'Sun, 06 Nov 1994 08:60:37 GMT',
		'Sun, 06 Nov 1994 08:49:61 GMT',
		'Sun, 06 Nov 1994 08:49:37 UTC',
		'Sun, 06 Nov 1994 08:49:37 GMT ',
		'Sun, 06-Nov-94 08:49:37 GMT',
		'Sunday, 06-Nov-1994 08:49:37 GMT',
		'Sun Nov  6 08:49:37 94',
		'1994-11-06T08:49:37Z',
	]) {
		assert.equal(parseHttpDate(bad, NOW), null, bad);
	}
});

test('a leap day and a leap second are read', () => {
	assert.equal(parseHttpDate('Thu, 29 Feb 1996 00:00:00 GMT'), Date.UTC(1996, 1, 29));
	assert.equal(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT'), Date.UTC(2017, 0, 1));
});
