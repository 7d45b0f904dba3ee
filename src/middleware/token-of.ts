/**
 * A token in the field of credentials: behind its scheme, or as the user name of Basic credentials, for tools that know no
 * more than `http://user:password@proxy`.
 */
import type { RawRequest } from '../convention/index.ts';
import { credentialsOf, type RoleWords } from './guard.ts';

/** Null when there is none; empty for Basic credentials that hold none. `scheme` in lower case. Throws HttpError 400 for several. */
export function tokenOf(request: RawRequest, words: RoleWords, scheme: string, asUserName: boolean): string | null {
	const token = credentialsOf(request, words, scheme);
	if (token !== null || !asUserName) return token;
	const pair = credentialsOf(request, words, 'basic');
	return pair === null ? null : userNameOf(pair);
}

/** Characters of base64: no token is that long. */
const LONGEST = 65_536;

/** The password is nobody's business: tools ask for one, and people put an `x` there, or nothing. */
function userNameOf(text: string): string {
	if (text.length > LONGEST) return '';
	const bytes = Buffer.from(text, 'base64');
	// Node passes over what is no base64. Written again it must be the same: one text for one token.
	if (bytes.toString('base64') !== text) return '';
	const pair = bytes.toString('latin1');
	const colon = pair.indexOf(':');
	return colon === -1 ? '' : pair.slice(0, colon);
}
