/** EXSLT's functions on dates and durations, as libexslt has them. Now is in UTC. */
import { booleanCode, type Code, numberCode, stringCode } from '../code.ts';
import type { Frame } from '../frame.ts';
import { stringValue } from '../value.ts';
import { argument, define, type FunctionDefinition, numberAt, stringFunction, textAt } from './definition.ts';
import { addDurations, type Duration, durationOf, durationText } from './durations.ts';
import {
	addDuration,
	dateText,
	dayInYear,
	differenceOf,
	hasDate,
	hasTime,
	type Moment,
	momentOf,
	secondsOf,
	timeText,
	weekInMonth,
	weekInYear,
} from './moments.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

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

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const monthName = ({ month }: Moment): string => MONTHS[month - 1] ?? '';
const dayName = ({ date }: Moment): string => DAYS[date.getUTCDay()] ?? '';

function add(frame: Frame, args: readonly Code[]): string {
	const moment = momentOf(textAt(frame, args, 0));
	const duration = durationOf(textAt(frame, args, 1));
	return moment === null || duration === null ? '' : addDuration(moment, duration);
}

function difference(frame: Frame, args: readonly Code[]): string {
	const [from, to] = [momentOf(textAt(frame, args, 0)), momentOf(textAt(frame, args, 1))];
	const between = from === null || to === null ? null : differenceOf(from, to);
	return between === null ? '' : durationText(between);
}

/** '' when one is no duration, or there is none. */
function sum(texts: readonly string[]): string {
	let total: Duration | null = null;
	for (const one of texts) {
		const duration = durationOf(one);
		if (duration === null) return '';
		total = total === null ? duration : addDurations(total, duration);
	}
	return total === null ? '' : durationText(total);
}

function sumOfNodes(frame: Frame, args: readonly Code[]): string {
	const { tree, nodes } = argument(args, 0).nodes(frame);
	return sum(nodes.map((node) => stringValue(tree, node)));
}

/** Of a date the seconds since 1970, of a duration its own. */
function seconds(frame: Frame, args: readonly Code[]): number {
	const given = args[0]?.string(frame) ?? now();
	const moment = momentOf(given);
	if (moment !== null) return secondsOf(moment);
	const duration = durationOf(given);
	return duration === null || duration.months !== 0 ? Number.NaN : duration.seconds;
}

const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

export const dateFunctions: Readonly<Record<string, FunctionDefinition>> = {
	'date:date-time': define('string', [0, 0], () => stringCode(now), TRAITS),
	'date:date': text((moment) => (hasDate(moment) ? dateText(moment) + moment.zone : '')),
	'date:time': text((moment) => (hasTime(moment) ? timeText(moment) + moment.zone : '')),
	'date:year': number(({ year }) => year),
	'date:leap-year': define(
		'boolean',
		[0, 1],
		(args) => booleanCode((frame) => isLeap(momentAt(frame, args)?.year ?? Number.NaN)),
		TRAITS,
	),
	'date:month-in-year': number(({ month }) => month),
	'date:month-name': text(monthName),
	'date:month-abbreviation': text((moment) => monthName(moment).slice(0, 3)),
	'date:week-in-year': number(weekInYear),
	'date:week-in-month': number(weekInMonth),
	'date:day-in-year': number(dayInYear),
	'date:day-in-month': number(({ day }) => day),
	'date:day-of-week-in-month': number(({ date }) => Math.ceil(date.getUTCDate() / 7)),
	'date:day-in-week': number(({ date }) => date.getUTCDay() + 1),
	'date:day-name': text(dayName),
	'date:day-abbreviation': text((moment) => dayName(moment).slice(0, 3)),
	'date:hour-in-day': number(({ hour }) => hour),
	'date:minute-in-hour': number(({ minute }) => minute),
	'date:second-in-minute': number(({ second }) => second),
	'date:seconds': define('number', [0, 1], (args) => numberCode((frame) => seconds(frame, args)), TRAITS),
	'date:add': stringFunction([2, 2], add),
	'date:difference': stringFunction([2, 2], difference),
	'date:add-duration': stringFunction([2, 2], (frame, args) => sum([textAt(frame, args, 0), textAt(frame, args, 1)])),
	'date:sum': stringFunction([1, 1], sumOfNodes, { nodeSets: [0] }),
	'date:duration': stringFunction(
		[0, 1],
		(frame, args) => durationText({ months: 0, seconds: numberAt(frame, args, 0, nowInSeconds()) }),
		TRAITS,
	),
};
