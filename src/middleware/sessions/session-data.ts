/** What a session holds, and its text: `[began, used, name, value, name, value …]` as JSON. */

export interface SessionData {
	/** Milliseconds since 1970 when it began. */
	readonly began: number;
	/** When it was last used, to within a tenth of the idle time. */
	readonly used: number;
	readonly values: ReadonlyMap<string, unknown>;
}

/** Values that are set, and undefined for those that are deleted. */
export type Changes = ReadonlyMap<string, unknown>;

export function formatData({ began, used, values }: SessionData): string {
	return JSON.stringify([began, used, ...[...values].flat()]);
}

/** Null for what is no text of ours. */
export function parseData(text: string): SessionData | null {
	let list: unknown;
	try {
		list = JSON.parse(text, frozen);
	} catch {
		return null;
	}
	if (!Array.isArray(list) || list.length % 2 !== 0) return null;
	const [began, used, ...pairs] = list as unknown[];
	if (typeof began !== 'number' || typeof used !== 'number') return null;
	const values = new Map<string, unknown>();
	for (let i = 0; i < pairs.length; i += 2) {
		const name = pairs[i];
		if (typeof name !== 'string') return null;
		values.set(name, pairs[i + 1]);
	}
	return { began, used, values };
}

/** The value as JSON has it now, so that later changes of it are not half kept. Throws TypeError for what JSON cannot hold. */
export function snapshot(name: string, value: unknown): unknown {
	const text = JSON.stringify(value) as string | undefined;
	if (text === undefined) throw new TypeError(`Session value ${JSON.stringify(name)} is nothing that JSON can hold`);
	return JSON.parse(text, frozen);
}

export function changed(values: ReadonlyMap<string, unknown>, changes: Changes): Map<string, unknown> {
	const result = new Map(values);
	for (const [name, value] of changes) {
		if (value === undefined) result.delete(name);
		else result.set(name, value);
	}
	return result;
}

/** Objects cannot be changed in passing; and `__proto__`, harmless here, would not be for whoever copies the object on. */
function frozen(this: unknown, name: string, value: unknown): unknown {
	if (name === '__proto__' && !Array.isArray(this)) return undefined;
	return typeof value === 'object' && value !== null ? Object.freeze(value) : value;
}
