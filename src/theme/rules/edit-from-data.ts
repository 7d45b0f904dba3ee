/** `edit`: a function that changes what is selected in the content. */
import type { ContentEdit, Rule } from './model.ts';
import type { Reading } from './reading.ts';
import type { Found } from './rule-from-data.ts';
import { readSelection } from './selector-from-data.ts';

export function readEdit({ reader, condition, place, prefixes }: Found, reading: Reading): Rule[] {
	const content = readSelection(reader, 'content', prefixes, reading);
	const edit = readFunction(reader.get('fn'), reading);
	if (content === null && !reader.has('content')) reading.error('missing-key', 'edit needs content.', place);
	if (edit === null && !reader.has('fn')) reading.error('missing-key', 'edit needs fn.', place);
	if (content === null || edit === null) return [];
	const nothing = { theme: null, attributes: null, reference: null, body: null, raw: false, mode: null } as const;
	return [{ kind: 'replace', ...nothing, content, edit, condition, place, spelled: 'edit' }];
}

/** In YAML, a name that somebody else knows the function of: reading rules runs no code. */
function readFunction(data: ReturnType<Found['reader']['get']>, reading: Reading): ContentEdit | null {
	if (data === null || data.kind !== 'value') return null;
	if (typeof data.value === 'function') return data.value;
	const found = typeof data.value === 'string' ? reading.edits(data.value, data.place.file) : null;
	if (found !== null) return found;
	const hint = 'Functions stand in rules in TypeScript, or are given by name to whoever loads the rules.';
	reading.error('unknown-function', `There is no function '${String(data.value)}'.`, data.place, hint);
	return null;
}
