/** Options refused when the app is made: the option's name first, then what is wrong with it. */
import { choices } from '../../names/index.ts';

export function refusal(name: string, reason: string): TypeError {
	return new TypeError(`${name}: ${reason}`);
}

export function checkText(name: string, value: unknown): string {
	if (typeof value !== 'string' || value === '') throw refusal(name, 'not a text, or an empty one');
	if (value.includes('\0')) throw refusal(name, 'it holds a NUL');
	return value;
}

export function checkTexts(name: string, value: unknown): readonly string[] {
	if (!Array.isArray(value) || value.length === 0) throw refusal(name, 'not a list of texts, or an empty one');
	return value.map((one) => checkText(name, one));
}

/** A group of whole numbers from 0 up, with defaults for those that are not given. Those in `endless` may be Infinity. */
export function checkNumbers<T extends { readonly [K in keyof T]: number }>(
	group: string,
	given: Partial<T> | undefined,
	defaults: T,
	endless: readonly (keyof T)[] = [],
): T {
	if (given === undefined) return defaults;
	if (typeof given !== 'object' || given === null) throw refusal(group, 'not an object');
	const known = Object.keys(defaults);
	const all: Record<string, number> = { ...defaults };
	for (const [name, value] of Object.entries(given) as [string, unknown][]) {
		if (!known.includes(name)) throw refusal(`${group}.${name}`, `there is no such option; ${choices(name, known)}`);
		if (value === undefined) continue;
		const isEndless = value === Number.POSITIVE_INFINITY && endless.includes(name as keyof T);
		if (!isEndless && !(Number.isSafeInteger(value) && (value as number) >= 0))
			throw refusal(`${group}.${name}`, `not a whole number from 0 up: ${JSON.stringify(value)}`);
		all[name] = value as number;
	}
	return all as T;
}
