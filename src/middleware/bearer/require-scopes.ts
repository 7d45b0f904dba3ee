/** Scopes that one part of an app asks for, where the token itself was verified further out. */
import { type App, type Explanation, type Layer, layer } from '../../convention/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { roleWords } from '../guard.ts';
import { type GuardOptions, guardSettings } from '../guard-options.ts';
import { identity } from '../keys.ts';
import { checkScopes, grants, insufficientScope } from './scopes.ts';

/** How lacking scopes are told: in the role and the realm of the `bearer` further out. */
export type RequireScopesOptions = Pick<GuardOptions, 'role' | 'realm'>;

/**
 * 403 with `insufficient_scope` unless the identity's claims grant all of the scopes. Throws TypeError for what are none, and
 * for options that cannot be meant.
 */
export function requireScopes(
	scopes: readonly string[],
	options: RequireScopesOptions = {},
): Layer<never, typeof identity> {
	const wanted = checkScopes('requireScopes', scopes);
	checkObject('requireScopes', options, "{ realm: 'shop' }");
	checkNames('requireScopes: ', options, ['role', 'realm']);
	const settings = guardSettings('requireScopes', options);
	const words = roleWords[settings.role];
	const lacking = () => insufficientScope(words, settings.realm, wanted);
	const wrap =
		(next: App): App =>
		(request, context, execution) => {
			const known = context.get(identity);
			if (known === undefined || !grants(known.claims, wanted)) throw lacking();
			return next(request, context, execution);
		};
	return layer(
		{
			name: 'requireScopes',
			needs: [{ key: identity, because: 'it asks what a token allows: put bearer() around it' }],
			explain: () => explanation(wanted, words.challenge),
		},
		wrap,
	);
}

function explanation(wanted: readonly string[], challenge: string): Explanation {
	return {
		does: [
			`Looks for the scopes ${wanted.join(', ')} in the claims of the identity.`,
			'Answers 403 Forbidden when one is missing.',
			'Passes the request on as it is.',
		],
		fields: [
			{
				what: 'adds',
				name: challenge,
				on: 'response',
				when: 'with 403 Forbidden',
				source: 'RFC 6750 section 3.1',
			},
		],
	};
}
