/**
 * How objects of ours are recognised: by a registered symbol, so that two copies of this package in one process agree.
 * `instanceof` of a branded class asks for the brand; subclasses made elsewhere keep the usual meaning.
 */

export const REQUEST: unique symbol = Symbol.for('turnabout.request') as never;
export const RESPONSE: unique symbol = Symbol.for('turnabout.response') as never;

/** Whether `value` carries the brand. */
export function branded(value: unknown, brand: symbol): boolean {
	return typeof value === 'object' && value !== null && brand in value;
}

/** Gives a class its brand, and an `instanceof` that asks for it. */
export function brand(constructor: abstract new (...args: never[]) => object, symbol: symbol): void {
	Object.defineProperty(constructor.prototype, symbol, { value: true });
	Object.defineProperty(constructor, Symbol.hasInstance, {
		value(this: unknown, value: unknown): boolean {
			if (this === constructor) return branded(value, symbol);
			return Function.prototype[Symbol.hasInstance].call(this as never, value);
		},
	});
}
