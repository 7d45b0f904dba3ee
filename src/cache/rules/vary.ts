/** Which of several responses for one URL a request may have (RFC 9111 section 4.1). */
import { type FieldList, listOf, weightedList } from '../../fields/index.ts';

/** What a stored response was asked with: name and value, normalised, for each field that its Vary names. */
export type Selecting = readonly (readonly [name: string, value: string | null])[];

/** The names in Vary, in lower case and in order, each once. */
export function varyNames(fields: FieldList): string[] {
	if (!fields.has('vary')) return [];
	const names = listOf(fields.get('vary') as string).map((name) => name.toLowerCase());
	return [...new Set(names)].toSorted();
}

export function selectingOf(names: readonly string[], asked: FieldList): Selecting {
	return names.map((name) => [name, kept(selectingValue(name, asked))] as const);
}

/** Whether a request selects what was asked with these. */
export function selects(selecting: Selecting, asked: FieldList): boolean {
	return selecting.every(([name, value]) => selectingValue(name, asked) === value);
}

/** Section 4.1 allows what changes no meaning: joining lines, white space around commas, and what the field's own grammar says. */
function selectingValue(name: string, asked: FieldList): string | null {
	const value = asked.get(name);
	if (value === null) return null;
	if (name === 'accept-language' || name === 'accept-encoding') return byWeight(value);
	return listOf(value).join(',');
}

/** In any order and any case, by what is liked best. */
function byWeight(value: string): string {
	const all = weightedList(value).map(({ name, weight }) => ({ name, weight }));
	all.sort((one, other) => other.weight - one.weight || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
	return all.map(({ name, weight }) => `${name};q=${weight}`).join(',');
}

/** A text of its own: a part of a request's head would keep all of it. */
function kept(value: string | null): string | null {
	return value === null ? null : Buffer.from(value, 'latin1').toString('latin1');
}
