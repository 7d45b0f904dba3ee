/** Times as they are written in options. */

const UNITS: ReadonlyMap<string, number> = new Map([
	['s', 1000],
	['sec', 1000],
	['min', 60_000],
	['h', 3_600_000],
	['hour', 3_600_000],
	['d', 86_400_000],
	['day', 86_400_000],
]);

/** Milliseconds of a unit, in the plural, too; undefined for what is none. */
export function unitMilliseconds(unit: string): number | undefined {
	return UNITS.get(unit) ?? UNITS.get(unit.replace(/s$/, ''));
}

/** Not too early, and not a second late for what is rounding. */
export function wholeSeconds(milliseconds: number): number {
	return Math.max(0, Math.ceil((milliseconds - 1e-3) / 1000));
}
