/** Scopes that one part of an app asks for, where the token itself was verified further out. */
import { type App, type Layer, layer } from '../../convention/index.ts';
import { checkNames } from '../../names/index.ts';
import { roleWords } from '../guard.ts';
import { checkObject, type GuardOptions, guardSettings } from '../guard-options.ts';
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
	checkObject('requireScopes', options);
	checkNames('requireScopes: ', options, ['role', 'realm']);
	const settings = guardSettings('requireScopes', options);
	const lacking = () => insufficientScope(roleWords[settings.role], settings.realm, wanted);
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
			explain: () => ({ does: [`It would ask for the scopes ${wanted.join(', ')} (RFC 6750 section 3.1).`] }),
		},
		wrap,
	);
}
