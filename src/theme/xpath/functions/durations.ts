/** Durations as XML Schema writes them: months and seconds, which no calculation turns into each other. */

export interface Duration {
	readonly months: number;
	/** Days among them. */
	readonly seconds: number;
}

const DURATION =
	/^(-)?P(?=\d|T\d)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/;

/** Null for what is none. */
export function durationOf(text: string): Duration | null {
	const found = DURATION.exec(text.trim());
	if (found === null) return null;
	const [, minus, ...parts] = found;
	const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
	const sign = minus === undefined ? 1 : -1;
	const all = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
	return { months: sign * (years * 12 + months), seconds: sign * all };
}

/** '' where months and seconds go different ways. */
export function durationText({ months, seconds }: Duration): string {
	if (months * seconds < 0 || !Number.isFinite(months) || !Number.isFinite(seconds)) return '';
	if (months === 0 && seconds === 0) return 'P0D';
	const [ofMonths, ofSeconds] = [Math.abs(months), Math.abs(seconds)];
	const minutes = Math.floor(ofSeconds / 60);
	const part = (value: number, unit: string): string => (value === 0 ? '' : `${value}${unit}`);
	const rest = Math.round((ofSeconds - minutes * 60) * 1e9) / 1e9;
	const time = part(Math.floor(minutes / 60) % 24, 'H') + part(minutes % 60, 'M') + part(rest, 'S');
	const date = part(Math.floor(ofMonths / 12), 'Y') + part(ofMonths % 12, 'M') + part(Math.floor(minutes / 1440), 'D');
	return `${months < 0 || seconds < 0 ? '-' : ''}P${date}${time === '' ? '' : `T${time}`}`;
}

export const addDurations = (a: Duration, b: Duration): Duration => ({
	months: a.months + b.months,
	seconds: a.seconds + b.seconds,
});
