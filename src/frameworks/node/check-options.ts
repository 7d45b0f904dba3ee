/** Options are looked at when an adapter is made, not when the first request comes: a name that is not known is a mistake. */
import { inspect } from 'node:util';
import { choices } from '../../names/index.ts';

/** Throws TypeError unless `options` is an object with no names but those known. */
export function checkOptions(caller: string, options: object, known: readonly string[]): void {
	if (typeof options !== 'object' || options === null) throw new TypeError(`${caller}: options must be an object`);
	for (const name of Object.keys(options)) {
		if (!known.includes(name)) throw new TypeError(`${caller}: there is no option ${name}; ${choices(name, known)}`);
	}
}

/** A whole number, or its default. Throws RangeError for anything else, and for one below `least`. */
export function wholeOption<Name extends string>(
	caller: string,
	options: { readonly [N in Name]?: number },
	name: Name,
	otherwise: number,
	least: number,
): number {
	const value: unknown = options[name];
	if (value === undefined) return otherwise;
	if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
	throw new RangeError(`${caller}: ${name} must be a whole number from ${least} up, not ${inspect(value)}`);
}

/** Throws TypeError unless `value` is a function. */
export function checkFunction(caller: string, name: string, value: unknown): void {
	if (typeof value !== 'function') throw new TypeError(`${caller}: ${name} must be a function, not ${typeof value}`);
}
