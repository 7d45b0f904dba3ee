/** Hours and days at which a rule holds. */
import { checkNames, shown } from '../../names/index.ts';

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

export interface RuleTime {
	/** Default: every day. A time over midnight belongs to the day it begins on. */
	readonly days?: readonly Weekday[];
	/** `08:00`; the minute itself belongs to it. Default: `00:00`. */
	readonly from?: string;
	/** `18:00`; the minute itself does not belong to it. Before `from`, it is that of the next day. Default: `24:00`. */
	readonly to?: string;
	/** An IANA name, such as `Europe/Vienna`. Default: `UTC`. */
	readonly zone?: string;
}

const DAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** Tells whether a point of time, in milliseconds since 1970, belongs to it. Throws TypeError, beginning with `where`. */
export function timeTest(where: string, time: RuleTime): (now: number) => boolean {
	checkNames(`${where}.`, time, ['days', 'from', 'to', 'zone']);
	const { days = DAYS, zone = 'UTC' } = time;
	if (!Array.isArray(days) || !days.every((day) => DAYS.includes(day)))
		throw new TypeError(`${where}.days must be a list of ${DAYS.join(', ')}, not ${shown(days)}`);
	const from = minutes(`${where}.from`, time.from ?? '00:00');
	const to = minutes(`${where}.to`, time.to ?? '24:00');
	if (from === to) throw new TypeError(`${where}: from and to are the same; leave both out for whole days`);
	const clock = clockOf(where, zone);
	return (now) => {
		const { day, minute } = readClock(clock, now);
		if (from < to) return minute >= from && minute < to && days.includes(DAYS[day] as Weekday);
		const began = minute >= from ? day : (day + 6) % 7;
		return (minute >= from || minute < to) && days.includes(DAYS[began] as Weekday);
	};
}

function minutes(where: string, text: unknown): number {
	if (typeof text !== 'string' || !CLOCK.test(text))
		throw new TypeError(`${where} must be a time of the day, such as '08:00', not ${shown(text)}`);
	return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

function clockOf(where: string, zone: string): Intl.DateTimeFormat {
	try {
		const parts = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
		return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone: zone });
	} catch (error) {
		throw new TypeError(`${where}.zone must be a time zone, such as 'Europe/Vienna', not ${shown(zone)}`, {
			cause: error,
		});
	}
}

function readClock(clock: Intl.DateTimeFormat, now: number): { readonly day: number; readonly minute: number } {
	let [day, minute] = [0, 0];
	for (const { type, value } of clock.formatToParts(now)) {
		if (type === 'weekday') day = DAYS.indexOf(value.toLowerCase() as Weekday);
		else if (type === 'hour') minute += Number(value) * 60;
		else if (type === 'minute') minute += Number(value);
	}
	return { day, minute };
}
