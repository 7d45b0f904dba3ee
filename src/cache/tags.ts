/** What a stored response can be named by besides its URL: Surrogate-Key, and the groups of RFC 9875. */
import { type FieldList, structured } from '../fields/index.ts';

/** Both together, each once. */
export function tagsOf(fields: FieldList): string[] {
	const keys = fields.has('surrogate-key') ? (fields.get('surrogate-key') as string).split(/[ ,]+/) : [];
	return [...new Set([...keys.filter((key) => key !== ''), ...groupsIn(fields, 'cache-groups')])];
}

/** A list of strings (RFC 9875 section 2); one that cannot be read is not there. */
export function groupsIn(fields: FieldList, name: 'cache-groups' | 'cache-group-invalidation'): string[] {
	const value = fields.get(name);
	if (value === null) return [];
	try {
		return structured.parseList(value).flatMap((member) => {
			return !structured.isInnerList(member) && typeof member.value === 'string' ? [member.value] : [];
		});
	} catch {
		return [];
	}
}
