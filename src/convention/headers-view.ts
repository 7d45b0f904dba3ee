/**
 * Fetch's Headers over a field list: looks, sorts and combines as fetch says, and edits the list itself, so that the
 * lines nobody touched keep their case, order and duplicates.
 */
import { checkName, type Fields, normalized } from '../fields/index.ts';
import { inspectAs } from './inspect.ts';

export class HeadersView implements Headers {
	private readonly fields: Fields;

	constructor(fields: Fields) {
		this.fields = fields;
	}

	get(name: string): string | null {
		const value = this.fields.get(text(name));
		if (value === null) checkName(text(name));
		return value;
	}

	has(name: string): boolean {
		const found = this.fields.has(text(name));
		if (!found) checkName(text(name));
		return found;
	}

	set(name: string, value: string): void {
		this.fields.set(text(name), normal(value));
	}

	append(name: string, value: string): void {
		this.fields.append(text(name), normal(value));
	}

	delete(name: string): void {
		checkName(text(name));
		this.fields.delete(text(name));
	}

	getSetCookie(): string[] {
		return this.fields.all('set-cookie');
	}

	forEach(callback: (value: string, name: string, parent: Headers) => void, receiver?: unknown): void {
		if (typeof callback !== 'function') throw new TypeError('The callback of forEach must be a function');
		for (const [name, value] of this.sorted()) callback.call(receiver, value, name, this);
	}

	entries(): ReturnType<Headers['entries']> {
		return this.sorted().values() as never;
	}

	keys(): ReturnType<Headers['keys']> {
		return this.sorted()
			.map((entry) => entry[0])
			.values() as never;
	}

	values(): ReturnType<Headers['values']> {
		return this.sorted()
			.map((entry) => entry[1])
			.values() as never;
	}

	[Symbol.iterator](): ReturnType<Headers['entries']> {
		return this.entries();
	}

	/** Bun's addition: a plain object; several cookies as an array. */
	toJSON(): Record<string, string | string[]> {
		const json: Record<string, string | string[]> = Object.create(null);
		for (const [name, value] of this.sorted()) json[name] = value;
		const cookies = this.getSetCookie();
		if (cookies.length > 0) json['set-cookie'] = cookies;
		return json;
	}

	/** Bun's addition: how many names there are, every cookie counting as one. */
	get count(): number {
		return this.sorted().length;
	}

	/** Bun's addition, for Set-Cookie alone. */
	getAll(name: string): string[] {
		if (name.toLowerCase() !== 'set-cookie') throw new TypeError('Only "set-cookie" can be asked for with getAll');
		return this.getSetCookie();
	}

	get [Symbol.toStringTag](): string {
		return 'Headers';
	}

	/** Fetch's "sort and combine": lower-case names in code unit order, values joined, each cookie on its own. */
	private sorted(): [string, string][] {
		const combined = new Map<string, string>();
		const cookies: [string, string][] = [];
		for (const [name, value] of this.fields) {
			const lower = name.toLowerCase();
			const before = combined.get(lower);
			if (lower === 'set-cookie') cookies.push([lower, value]);
			else combined.set(lower, before === undefined ? value : `${before}, ${value}`);
		}
		const entries = [...combined].concat(cookies);
		// Stable, so cookies stay in their order.
		return entries.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
	}
}

/** `instanceof Headers`, and nothing of the native class is ever run on a view. */
Object.setPrototypeOf(HeadersView.prototype, Headers.prototype);

/** Fetch converts whatever it is given to a string. */
function text(name: unknown): string {
	return typeof name === 'string' ? name : String(name);
}

/** Fetch's "normalize" also strips line ends at both sides. */
function normal(value: unknown): string {
	return normalized(text(value));
}

inspectAs(HeadersView, (view) => view.toJSON());
