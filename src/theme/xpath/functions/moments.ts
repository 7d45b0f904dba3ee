/** Dates and times as XML Schema writes them, whole or in parts, and calculations with them (its part 2, appendix E). */
import type { Duration } from './durations.ts';

const DAY = 86_400_000;
/** A year, with its month, with its day; a month or a day of any year; a time of day, alone or behind a date; a zone. */
const ISO =
	/^(?:(-?\d{4,6})(?:-(\d\d)(?:-(\d\d))?)?|--(\d\d)(?:-(\d\d))?|---(\d\d))?(?:(?:^|T)(\d\d):(\d\d):(\d\d(?:\.\d{1,9})?))?(Z|[+-]\d\d:\d\d)?$/;

/** What is not written is NaN. A zone is kept, and applied only where two moments are compared. */
export interface Moment {
	readonly year: number;
	readonly month: number;
	readonly day: number;
	/** Midnight of the day; an invalid date where any part of it is missing. */
	readonly date: Date;
	readonly hour: number;
	readonly minute: number;
	readonly second: number;
	readonly zone: string;
}

export const hasDate = ({ date }: Moment): boolean => !Number.isNaN(date.getTime());
export const hasTime = ({ hour }: Moment): boolean => !Number.isNaN(hour);

function utcDate(year: number, month: number, day: number): Date {
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	return date;
}

/** Null for what is no date or time, the 30th of February included. */
export function momentOf(text: string): Moment | null {
	const found = ISO.exec(text.trim());
	if (found === null || text.trim() === '') return null;
	const part = (...groups: readonly number[]): number =>
		Number(groups.map((group) => found[group]).find((one) => one !== undefined) ?? Number.NaN);
	const [year, month, day] = [part(1), part(2, 4), part(3, 5, 6)];
	const [hour, minute, second] = [part(7), part(8), part(9)];
	const date = utcDate(year, month, day);
	const timed = !Number.isNaN(hour);
	const dated = !Number.isNaN(date.getTime());
	// A time of day follows a whole date, or stands alone.
	if (timed && !dated && [year, month, day].some((one) => !Number.isNaN(one))) return null;
	if (timed && (hour > 23 || minute > 59 || second >= 60)) return null;
	if (month < 1 || month > 12 || day < 1 || day > 31) return null;
	if (dated && date.getUTCDate() !== day) return null;
	return { year, month, day, date, hour, minute, second, zone: found[10] ?? '' };
}

const padded = (value: number, width: number): string =>
	`${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(width, '0')}`;

export const dateText = ({ year, month, day }: Moment): string =>
	`${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;

export function timeText({ hour, minute, second }: Moment): string {
	const [whole = '', fraction] = String(second).split('.');
	return `${padded(hour, 2)}:${padded(minute, 2)}:${whole.padStart(2, '0')}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** As it is written, without what is missing. */
function momentText(moment: Moment): string {
	const { year, month, zone } = moment;
	if (hasDate(moment)) return `${dateText(moment)}${hasTime(moment) ? `T${timeText(moment)}` : ''}${zone}`;
	return `${padded(year, 4)}${Number.isNaN(month) ? '' : `-${padded(month, 2)}`}${zone}`;
}

/** A day that the month does not have is its last. '' for what has no year, or leaves the years that can be written. */
export function addDuration(moment: Moment, { months, seconds }: Duration): string {
	if (Number.isNaN(moment.year)) return '';
	const month = (moment.month || 1) - 1 + months;
	const year = moment.year + Math.floor(month / 12);
	const inYear = ((month % 12) + 12) % 12;
	const last = utcDate(year, inYear + 2, 0).getUTCDate();
	const milliseconds = timeOfDay(moment) * 1000 + seconds * 1000;
	const date = new Date(utcDate(year, inYear + 1, Math.min(moment.day || 1, last)).getTime() + milliseconds);
	const made = date.getUTCFullYear();
	if (Number.isNaN(made) || Math.abs(made) > 99_999) return '';
	const time = hasTime(moment)
		? { hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds() + fractionOf(date) }
		: {};
	const whole = { ...moment, ...time, year: made };
	if (hasDate(moment)) return momentText({ ...whole, date, month: date.getUTCMonth() + 1, day: date.getUTCDate() });
	return momentText({ ...whole, month: Number.isNaN(moment.month) ? Number.NaN : date.getUTCMonth() + 1 });
}

const fractionOf = (date: Date): number => date.getUTCMilliseconds() / 1000;

const timeOfDay = (moment: Moment): number =>
	hasTime(moment) ? moment.hour * 3600 + moment.minute * 60 + moment.second : 0;

/** Seconds since the beginning of 1970; the first of what is missing. NaN without a year. */
export function secondsOf(moment: Moment): number {
	const { year, month, day, zone } = moment;
	const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
	const ahead = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60) * (sign === '-' ? -1 : 1);
	return utcDate(year, month || 1, day || 1).getTime() / 1000 + timeOfDay(moment) - ahead;
}

/** From the first to the second, as exactly as the less exact of both; null where there is no telling. */
export function differenceOf(from: Moment, to: Moment): Duration | null {
	if (Number.isNaN(from.year) || Number.isNaN(to.year)) return null;
	if (!hasDate(from) || !hasDate(to)) {
		const monthly = !Number.isNaN(from.month) && !Number.isNaN(to.month);
		const months = (to.year - from.year) * 12 + (monthly ? to.month - from.month : 0);
		return { months, seconds: 0 };
	}
	const timed = hasTime(from) && hasTime(to);
	const seconds = timed ? secondsOf(to) - secondsOf(from) : ((to.date.getTime() - from.date.getTime()) / DAY) * 86_400;
	return { months: 0, seconds: Math.round(seconds * 1e9) / 1e9 };
}

export const dayInYear = ({ date }: Moment): number =>
	(date.getTime() - utcDate(date.getUTCFullYear(), 1, 1).getTime()) / DAY + 1;

/** ISO 8601: the week that holds a year's first Thursday is its first. */
export function weekInYear(moment: Moment): number {
	const thursday = new Date(moment.date.getTime() + (4 - (moment.date.getUTCDay() || 7)) * DAY);
	return Math.ceil(dayInYear({ ...moment, date: thursday }) / 7);
}

/** Weeks begin on Mondays; the first is that of the month's first day. */
export function weekInMonth({ year, month, date }: Moment): number {
	const first = utcDate(year, month, 1).getUTCDay() || 7;
	return Math.ceil((date.getUTCDate() + first - 1) / 7);
}
