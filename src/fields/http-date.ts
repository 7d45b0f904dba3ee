/** Dates in fields (RFC 9110 section 5.6.7): one format is written, three are read, and nothing else is a date. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';
const MONTH = `(${MONTHS.join('|')})`;
const TIME = '(\\d\\d):(\\d\\d):(\\d\\d)';

const IMF_FIXDATE = new RegExp(`^${DAY}, (\\d\\d) ${MONTH} (\\d{4}) ${TIME} GMT$`);
const RFC850 = new RegExp(`^${LONG_DAY}, (\\d\\d)-${MONTH}-(\\d\\d) ${TIME} GMT$`);
const ASCTIME = new RegExp(`^${DAY} ${MONTH} ([ \\d]\\d) ${TIME} (\\d{4})$`);

/**
 * Milliseconds since 1970, or null when it is not a date. The name of the day must be one, but is not checked against the
 * date. A two-digit year that would lie more than 50 years after `now` (milliseconds) is of the century before.
 */
export function parseHttpDate(text: string, now: number = Date.now()): number | null {
	let match = IMF_FIXDATE.exec(text);
	if (match !== null) return time(match[3], match[2], match[1], match, 4);
	match = ASCTIME.exec(text);
	if (match !== null) return time(match[6], match[1], match[2], match, 3);
	match = RFC850.exec(text);
	if (match === null) return null;
	const century = Math.floor(new Date(now).getUTCFullYear() / 100) * 100;
	const year = century + Number(match[3]);
	const date = time(year, match[2], match[1], match, 4);
	const limit = new Date(now);
	limit.setUTCFullYear(limit.getUTCFullYear() + 50);
	if (date === null || date <= limit.getTime()) return date;
	return time(year - 100, match[2], match[1], match, 4);
}

/** The date as IMF-fixdate. Throws RangeError for years before 0 or after 9999. */
export function formatHttpDate(time: number | Date): string {
	const date = new Date(time);
	const year = date.getUTCFullYear();
	if (!(year >= 0 && year <= 9999)) throw new RangeError('Not a date that HTTP can write');
	return date.toUTCString();
}

function time(
	year: string | number | undefined,
	month: string | undefined,
	day: string | undefined,
	clock: RegExpExecArray,
	at: number,
): number | null {
	const [hours, minutes, seconds] = [Number(clock[at]), Number(clock[at + 1]), Number(clock[at + 2])];
	// 60 is a leap second.
	if (hours > 23 || minutes > 59 || seconds > 60) return null;
	// Date.UTC would read the years 0 to 99 as 1900 to 1999.
	const date = new Date(0);
	date.setUTCFullYear(Number(year), MONTHS.indexOf(month as (typeof MONTHS)[number]), Number(day));
	if (date.getUTCDate() !== Number(day)) return null;
	return date.setUTCHours(hours, minutes, seconds);
}
