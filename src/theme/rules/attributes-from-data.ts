/** `attrs` in YAML and code: several changes to the attributes of one element, each a rule of its own. */
import type { MapReader } from './data/index.ts';
import type { AttributeChange, Rule } from './model.ts';
import type { Reading } from './reading.ts';
import { readReference } from './reference-from-data.ts';
import type { Found } from './rule-from-data.ts';
import { readSelection } from './selector-from-data.ts';

/** In the order in which they take place. */
const ACTIONS = ['drop', 'copy', 'merge', 'replace'] as const;

export function readAttributeRules({ reader, condition, place, prefixes }: Found, reading: Reading): Rule[] {
	const theme = readSelection(reader, 'theme', prefixes, reading);
	const content = readSelection(reader, 'content', prefixes, reading);
	const reference = readReference(reader, reading);
	const separator = reader.text('separator')?.value ?? ' ';
	if (!ACTIONS.some((action) => reader.has(action))) {
		reading.error('missing-key', 'attrs needs copy, merge, drop or replace.', place, 'Write copy: [class].');
	}
	return ACTIONS.flatMap((action): Rule[] => {
		const names = readNames(reader, action, reading);
		if (names === null) return [];
		const missing = action === 'drop' ? theme === null && content === null : theme === null || content === null;
		if (missing) {
			const needs = action === 'drop' ? 'theme or content' : 'theme and content';
			reading.error('missing-key', `attrs with ${action} needs ${needs}.`, reader.keyPlace(action));
			return [];
		}
		// Beside other changes, a drop is about the theme, as they are.
		const source = action === 'drop' && theme !== null ? null : content;
		const attributes: AttributeChange = { action, names, separator: action === 'merge' ? separator : ' ' };
		const from = action === 'drop' ? null : reference;
		const rest = { body: null, raw: false, mode: null, edit: null, condition, place, spelled: 'attrs' } as const;
		return [{ kind: 'attributes', theme, content: source, attributes, reference: from, ...rest }];
	});
}

/** A list, or words in one text; `*` for all. */
function readNames(reader: MapReader, action: string, reading: Reading): readonly string[] | '*' | null {
	if (!reader.has(action)) return null;
	const names = reader.texts(action).flatMap(({ value }) => value.split(/\s+/).filter((name) => name !== ''));
	if (names.length > 0) return names.includes('*') ? '*' : names;
	const hint = 'Name some: [class, id]; or "*" for all of them.';
	reading.error('empty-attributes', `${action} names no attributes.`, reader.keyPlace(action), hint);
	return null;
}
