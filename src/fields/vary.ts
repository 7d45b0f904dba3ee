/** Vary (RFC 9110 section 12.5.5): what an answer depends on. */
import type { Fields } from './field-list.ts';
import { listOf } from './list.ts';

/** Adds names to Vary that are not there yet; `*` says it all. */
export function addVary(fields: Fields, names: readonly string[]): void {
	const there = listOf(fields.get('vary') ?? '');
	if (there.includes('*')) return;
	const known = new Set(there.map((name) => name.toLowerCase()));
	const added = names.filter((name) => !known.has(name.toLowerCase()) && known.add(name.toLowerCase()));
	if (added.length > 0) fields.set('Vary', [...there, ...added].join(', '));
}
