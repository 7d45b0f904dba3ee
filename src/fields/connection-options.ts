/**
 * The Connection field (RFC 9110 section 7.6.1): which fields a sender meant for the next hop alone.
 * An intermediary removes what Connection names before it forwards. What is decided by the table of special fields is
 * left to it: hop-by-hop and framing fields are dropped or rewritten whether they are named or not, and Host stays,
 * because naming it must not change where a request goes. Everything else that is named goes, whatever it means.
 */
import type { FieldList } from './field-list.ts';
import { tokens } from './list.ts';
import { FRAMING, flags, HOP_BY_HOP, tagOf, tags } from './special.ts';

/** The options of a Connection field, in lower case. */
export function connectionOptions(value: string): string[] {
	return tokens(value);
}

/** Whether a Connection field has that option (lower case). */
export function hasConnectionOption(value: string, option: string): boolean {
	if (value.length < option.length) return false;
	return value === option || tokens(value).includes(option);
}

/**
 * Removes the fields that `connection` names; by default the list's own Connection field does. For a trailer section give
 * the Connection field of its header section.
 */
export function deleteNominated(list: FieldList, connection: string | null = list.getTagged(tags.connection)): void {
	if (connection === null || nominatesNothing(connection)) return;
	// A set, so that a name repeated a thousand times costs one pass.
	for (const option of new Set(tokens(connection))) {
		const tag = tagOf(option);
		if (tag !== tags.host && ((flags[tag] as number) & (HOP_BY_HOP | FRAMING)) === 0) list.delete(option);
	}
}

/** Whether it is one of the values that nearly all messages have, and that name nothing to remove. */
export function nominatesNothing(value: string): boolean {
	switch (value) {
		case 'keep-alive':
		case 'close':
		case 'Keep-Alive':
		case 'Close':
		case 'upgrade':
		case 'Upgrade':
		case 'TE':
		case 'te':
		case 'keep-alive, Upgrade':
		case 'keep-alive, upgrade':
			return true;
		default:
			return false;
	}
}
