/** EXSLT's dates and durations, and XSLT's format-number(), as libexslt and libxslt have them. */
import { equal } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileXPath, toString } from '../../../src/theme/xpath/index.ts';
import { contextOf, smallTree } from './small-tree.ts';

const tree = smallTree('<p/>');

const TABLES: Readonly<Record<string, readonly (readonly [expression: string, value: string])[]>> = {
	formats: [
		["format-number(1234.567, '#,##0.00')", '1,234.57'],
		["format-number(0.5, '#')", '1'],
		["format-number(0.5, '0%')", '50%'],
		["format-number(-3, '0;(0)')", '(3)'],
		["format-number(-3, '0')", '-3'],
		["format-number(1234567, '#,##0')", '1,234,567'],
		["format-number(12, '000')", '012'],
		["format-number(1.005, '0.00')", '1.00'],
		["format-number(2.5, '0')", '3'],
		["format-number(3.5, '0')", '4'],
		["format-number(0, '#.##')", '0'],
		["format-number(0, '0.##')", '0'],
		["format-number(1.5, '#.##')", '1.5'],
		["format-number(.5, '#.##')", '0.5'],
		["format-number(.5, '.00')", '.50'],
		["format-number(number('x'), '0')", 'NaN'],
		["format-number(1 div 0, '0')", 'Infinity'],
		["format-number(-1 div 0, '0')", '-Infinity'],
		["format-number(1234, '#,#')", '1,2,3,4'],
		["format-number(1234, '$#,##0.00')", '$1,234.00'],
		["format-number(0.256, '#%')", '26%'],
		["format-number(0.256, '0.0‰')", '256.0‰'],
		["format-number(123456789, '#,####')", '1,2345,6789'],
		["format-number(-0.4, '0')", '-0'],
	],
	dates: [
		["date:year('2001-02-03')", '2001'],
		["date:year('2001-02-03T04:05:06Z')", '2001'],
		["date:date('2001-02-03T04:05:06Z')", '2001-02-03Z'],
		["date:time('2001-02-03T04:05:06Z')", '04:05:06Z'],
		["date:month-in-year('2001-02-03')", '2'],
		["date:month-name('2001-02-03')", 'February'],
		["date:month-abbreviation('2001-02-03')", 'Feb'],
		["date:week-in-year('2001-02-03')", '5'],
		["date:week-in-month('2001-02-03')", '1'],
		["date:day-in-year('2001-03-03')", '62'],
		["date:day-in-month('2001-02-03')", '3'],
		["date:day-of-week-in-month('2001-02-13')", '2'],
		["date:day-in-week('2001-02-03')", '7'],
		["date:day-name('2001-02-03')", 'Saturday'],
		["date:day-abbreviation('2001-02-03')", 'Sat'],
		["date:hour-in-day('2001-02-03T04:05:06')", '4'],
		["date:minute-in-hour('2001-02-03T04:05:06')", '5'],
		["date:second-in-minute('2001-02-03T04:05:06.5')", '6.5'],
		["date:hour-in-day('04:05:06')", '4'],
		["date:leap-year('2000-01-01')", 'true'],
		["date:leap-year('1900-01-01')", 'false'],
		["date:leap-year('x')", 'false'],
		["date:year('x')", 'NaN'],
		["date:year('--02-03')", 'NaN'],
		["date:month-in-year('--02-03')", '2'],
		["date:day-in-month('---03')", '3'],
		["date:month-in-year('2001')", 'NaN'],
		["date:month-name('x')", ''],
		["date:add('2001-01-31', 'P1M')", '2001-02-28'],
		["date:add('2001-01-31', 'P1D')", '2001-02-01'],
		["date:add('2001-01-31T10:00:00Z', 'PT36H')", '2001-02-01T22:00:00Z'],
		["date:add('2001-01-31', '-P1Y2M')", '1999-11-30'],
		["date:add('2001', 'P1Y')", '2002'],
		["date:add('x', 'P1D')", ''],
		["date:add-duration('P1D', 'PT12H')", 'P1DT12H'],
		["date:add-duration('P1Y', 'P2M')", 'P1Y2M'],
		["date:difference('2001-01-01', '2001-03-01')", 'P59D'],
		["date:difference('2001-01-01T00:00:00', '2001-01-01T10:30:00')", 'PT10H30M'],
		["date:difference('2001', '2003')", 'P2Y'],
		["date:difference('2001-03-01', '2001-01-01')", '-P59D'],
		["date:seconds('1970-01-02T00:00:00Z')", '86400'],
		["date:seconds('PT1H')", '3600'],
		["date:seconds('1970-01-02')", '86400'],
		['date:duration(90061)', 'P1DT1H1M1S'],
		['date:duration(-60)', '-PT1M'],
		['date:duration(0)', 'P0D'],
		['date:duration(86400.5)', 'P1DT0.5S'],
		["date:day-name('2024-02-29')", 'Thursday'],
		["date:date('2024-02-30')", ''],
		["date:day-name('2024-02-30')", ''],
		["date:week-in-month('2001-02-28')", '5'],
		["date:week-in-month('2024-09-30')", '6'],
		["date:add('2024-02-29', 'P1Y')", '2025-02-28'],
		["date:add('2001-12', 'P2M')", '2002-02'],
		["date:add('2001-01-31', 'PT36H')", '2001-02-01'],
		["date:add('2001-01-31T10:00:00.5+02:00', 'PT0.25S')", '2001-01-31T10:00:00.75+02:00'],
		["date:add('2001-01-01T00:00:00', '-PT1S')", '2000-12-31T23:59:59'],
		["date:difference('2001-01', '2003-04')", 'P2Y3M'],
		["date:difference('2001-01-01T00:00:00Z', '2001-01-01T00:00:00+02:00')", '-PT2H'],
		["date:difference('2001-01-01', '2001-01-02T10:00:00')", 'P1D'],
		["date:seconds('1970-01-01T01:00:00+01:00')", '0'],
		["date:seconds('P1M')", 'NaN'],
		["date:seconds('x')", 'NaN'],
		["date:seconds('2001')", '978307200'],
		["date:add-duration('P1M', '-P1D')", ''],
		["date:time('2001-02-03T04:05:06.25-05:00')", '04:05:06.25-05:00'],
		["date:date('2001-02')", ''],
		["date:time('2001-02-03')", ''],
		["date:year('2001-02')", '2001'],
		["date:day-in-year('2001')", 'NaN'],
		["date:hour-in-day('2001-02-03')", 'NaN'],
		["date:month-name('--12')", 'December'],
		["date:day-name('x')", ''],
		['date:duration(1.25)', 'PT1.25S'],
		["date:duration('x')", ''],
	],
};

for (const [name, rows] of Object.entries(TABLES)) {
	describe(name, () => {
		for (const [source, expected] of rows) {
			test(source, () => equal(toString(compileXPath(source).evaluate(contextOf(tree))), expected));
		}
	});
}

test('now is a moment like any other', () => {
	const now = (source: string): string => toString(compileXPath(source).evaluate(contextOf(tree)));
	equal(now('date:seconds() - date:seconds(date:date-time()) < 60'), 'true');
	equal(now('date:year() = date:year(date:date-time()) or date:month-in-year() = 1'), 'true');
});
