/** Scopes (RFC 6749 section 3.3), and the answer to a token that has too few (RFC 6750 section 3.1). */
import { HttpError } from '../../convention/index.ts';
import type { RoleWords } from '../guard.ts';
import { wrongOption } from '../guard-options.ts';

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Throws TypeError unless it is a list of scopes. */
export function checkScopes(where: string, scopes: unknown): readonly string[] {
	if (Array.isArray(scopes) && scopes.length > 0 && scopes.every((one) => typeof one === 'string' && SCOPE.test(one)))
		return scopes as string[];
	throw wrongOption(where, 'scopes', 'a list of scopes (RFC 6749 section 3.3)', scopes);
}

/** Whether the claims grant all of them: `scope` with spaces (RFC 8693 section 4.2), or a list in `scp` or `scope`. */
export function grants(claims: Readonly<Record<string, unknown>>, scopes: readonly string[]): boolean {
	if (scopes.length === 0) return true;
	const said = claims['scope'] ?? claims['scp'];
	const granted: readonly unknown[] = typeof said === 'string' ? said.split(' ') : Array.isArray(said) ? said : [];
	return scopes.every((scope) => granted.includes(scope));
}

/** `realm` is a quoted string. */
export function insufficientScope(words: RoleWords, realm: string, scopes: readonly string[]): HttpError {
	const challenge = `Bearer realm=${realm}, error="insufficient_scope", scope="${scopes.join(' ')}"`;
	return new HttpError(403, { message: 'This token does not allow that.', fields: [words.challenge, challenge] });
}
