/** How our facades show in node's console: what they hold, not what fetch's getters would have to make first. */

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Instances of the class show as its name and what `parts` picks. */
export function inspectAs<T>(
	constructor: { readonly name: string; readonly prototype: T },
	parts: (object: T) => object,
): void {
	Object.defineProperty(constructor.prototype, INSPECT, {
		value(this: T, _depth: number, options: object, inspect: (value: object, options: object) => string): string {
			return `${constructor.name} ${inspect(parts(this), options)}`;
		},
	});
}
