/** Content-Type by the name of a file. */
import { lookup } from 'mrmime';

/** What is text says so in UTF-8: without, browsers guess, and guess by the content (an open door for scripts). */
const IS_TEXT =
	/^(?:text\/|application\/(?:javascript|json|xml|manifest\+json|[\w.-]+\+(?:json|xml))$|image\/svg\+xml$)/;

/** What nobody knows is bytes, and is not for browsers to guess at. */
export const UNKNOWN_TYPE = 'application/octet-stream';

export function mediaType(name: string, own: Readonly<Record<string, string>>): string {
	const dot = name.lastIndexOf('.');
	// `.profile` is a name, not an extension.
	const extension = dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
	const type = own[extension] ?? (extension === '' ? undefined : lookup(extension)) ?? UNKNOWN_TYPE;
	return IS_TEXT.test(type) ? `${type}; charset=utf-8` : type;
}
