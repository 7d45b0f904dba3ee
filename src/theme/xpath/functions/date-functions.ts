/** EXSLT's functions on dates that pages use: now, and the parts of an ISO date and time. All in UTC. */
import { booleanCode, type Code, numberCode, stringCode } from '../code.ts';
import type { Frame } from '../frame.ts';
import { define, type FunctionDefinition } from './definition.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const DAY = 86_400_000;

/** A date, a date and time, a year, a year and month, or a time of day; what it lacks is the first. */
const ISO = /^(?:(-?\d{4,6})(?:-(\d\d)(?:-(\d\d))?)?)?(?:(?:^|T)(\d\d):(\d\d):(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:\d\d)?$/;

interface Moment {
	/** Midnight of the day, as Date has it. */
	readonly date: Date;
	readonly hour: number;
	readonly minute: number;
	readonly second: number;
	/** As it was written. */
	readonly day: string;
	readonly time: string;
	readonly zone: string;
}

/** The parts as they are written: a zone is kept and never applied. */
function momentOf(text: string): Moment | null {
	const found = ISO.exec(text.trim());
	if (found === null || text.trim() === '') return null;
	const [, year = '', month = '01', day = '01', hour = '0', minute = '0', second = '0', zone = ''] = found;
	const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
	const whole = text.trim();
	const time = whole.includes(':') ? whole.replace(/^.*T/, '') : '';
	const numbers = { hour: Number(hour), minute: Number(minute), second: Number(second) };
	return { date, ...numbers, day: year === '' ? '' : `${year}-${month}-${day}`, time, zone };
}

const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

function momentAt(frame: Frame, args: readonly Code[]): Moment | null {
	return momentOf(args[0]?.string(frame) ?? now());
}

const TRAITS = { variable: true };

const text = (read: (moment: Moment) => string): FunctionDefinition =>
	define(
		'string',
		[0, 1],
		(args) =>
			stringCode((frame) => {
				const moment = momentAt(frame, args);
				return moment === null ? '' : read(moment);
			}),
		TRAITS,
	);

const number = (read: (moment: Moment) => number): FunctionDefinition =>
	define(
		'number',
		[0, 1],
		(args) =>
			numberCode((frame) => {
				const moment = momentAt(frame, args);
				return moment === null ? Number.NaN : read(moment);
			}),
		TRAITS,
	);

const dayInYear = (date: Date): number => (date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY + 1;

/** ISO 8601: the week that holds a year's first Thursday is its first. */
function weekInYear(date: Date): number {
	const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY);
	return Math.ceil(dayInYear(thursday) / 7);
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const dateFunctions: Readonly<Record<string, FunctionDefinition>> = {
	'date:date-time': define('string', [0, 0], () => stringCode(now), TRAITS),
	'date:date': text(({ day, zone }) => day + (day === '' ? '' : zone)),
	'date:time': text(({ time }) => time),
	'date:year': number(({ date }) => date.getUTCFullYear()),
	'date:leap-year': define(
		'boolean',
		[0, 1],
		(args) => booleanCode((frame) => isLeap(momentAt(frame, args)?.date.getUTCFullYear() ?? Number.NaN)),
		TRAITS,
	),
	'date:month-in-year': number(({ date }) => date.getUTCMonth() + 1),
	'date:month-name': text(({ date }) => MONTHS[date.getUTCMonth()] ?? ''),
	'date:month-abbreviation': text(({ date }) => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3)),
	'date:week-in-year': number(({ date }) => weekInYear(date)),
	'date:day-in-year': number(({ date }) => dayInYear(date)),
	'date:day-in-month': number(({ date }) => date.getUTCDate()),
	'date:day-of-week-in-month': number(({ date }) => Math.ceil(date.getUTCDate() / 7)),
	'date:day-in-week': number(({ date }) => date.getUTCDay() + 1),
	'date:day-name': text(({ date }) => DAYS[date.getUTCDay()] ?? ''),
	'date:day-abbreviation': text(({ date }) => (DAYS[date.getUTCDay()] ?? '').slice(0, 3)),
	'date:hour-in-day': number(({ hour }) => hour),
	'date:minute-in-hour': number(({ minute }) => minute),
	'date:second-in-minute': number(({ second }) => second),
};
