/** Options that are amounts: limits and time-outs. What is wrong with one is said when the engine is made. */
import { checkNames } from '../names/index.ts';

/**
 * Every amount of `defaults`, with those given in their places. Throws TypeError for a name that is not among them, and
 * RangeError for what is no number from 0 up; `option` says where it stood.
 */
export function amountsOf<T extends object>(option: string, defaults: T, given: Partial<T> | undefined): T {
	checkNames(`${option}.`, given ?? {}, Object.keys(defaults));
	for (const [name, amount] of Object.entries(given ?? {})) {
		if (amount !== undefined && !(typeof amount === 'number' && amount >= 0)) {
			throw new RangeError(`${option}.${name}: not a number from 0 up`);
		}
	}
	const all = { ...defaults } as Record<string, unknown>;
	for (const [name, amount] of Object.entries(given ?? {})) if (amount !== undefined) all[name] = amount;
	return all as T;
}
