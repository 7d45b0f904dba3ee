/** A list of attributes with some values changed. */
import type { Attribute } from '../tree/index.ts';

/** Null when `change` gives every value back as it was. */
export function mapAttributes(
	attributes: readonly Attribute[],
	change: (name: string, value: string) => string,
): readonly Attribute[] | null {
	let changed: Attribute[] | null = null;
	for (const [at, { name, value }] of attributes.entries()) {
		const mapped = change(name, value);
		if (mapped === value) continue;
		changed ??= attributes.slice();
		changed[at] = { name, value: mapped };
	}
	return changed;
}
