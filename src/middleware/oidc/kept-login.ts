/** What a session keeps of a login, and how it is renewed. */
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client';
import type { Identity } from '../keys.ts';

export interface KeptLogin {
	/** Claims of the ID token, and of userinfo. */
	readonly claims: Readonly<Record<string, unknown>> & { readonly sub: string };
	readonly access: string;
	readonly refresh: string | null;
	/** The ID token, which the provider wants to see at logout. */
	readonly token: string;
	/** Milliseconds since 1970 when the access token expires; null when nobody has said. */
	readonly expires: number | null;
}

export type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers;

/** Claims that are about the token, not about who was named. */
const OF_THE_TOKEN: ReadonlySet<string> = new Set([
	'at_hash',
	'aud',
	'azp',
	'c_hash',
	'exp',
	'iat',
	'jti',
	'nbf',
	'nonce',
	's_hash',
]);

/** After a login; `more` are claims of userinfo. Null when the provider has named nobody. */
export function keptLogin(tokens: Tokens, more: object | null): KeptLogin | null {
	const claims = tokens.claims();
	if (claims === undefined || tokens.id_token === undefined) return null;
	return {
		claims: { ...about(more ?? {}), ...about(claims), sub: claims.sub },
		access: tokens.access_token,
		refresh: tokens.refresh_token ?? null,
		token: tokens.id_token,
		expires: expiryOf(tokens),
	};
}

/** After a renewal. Null when it speaks of somebody else (OpenID Connect Core section 12.2). */
export function renewedLogin(old: KeptLogin, tokens: Tokens): KeptLogin | null {
	const claims = tokens.claims();
	if (claims !== undefined && claims.sub !== old.claims.sub) return null;
	return {
		claims: claims === undefined ? old.claims : { ...old.claims, ...about(claims), sub: old.claims.sub },
		access: tokens.access_token,
		refresh: tokens.refresh_token ?? old.refresh,
		token: tokens.id_token ?? old.token,
		expires: expiryOf(tokens),
	};
}

export function identityOf({ claims }: KeptLogin, nameClaim: string): Identity {
	const all: Record<string, unknown> = Object.assign(Object.create(null), claims);
	const named = all[nameClaim];
	return {
		name: typeof named === 'string' && named !== '' ? named : claims.sub,
		by: 'oidc',
		claims: Object.freeze(all),
	};
}

function about(claims: object): Record<string, unknown> {
	return Object.fromEntries(Object.entries(claims).filter(([name]) => !OF_THE_TOKEN.has(name)));
}

function expiryOf(tokens: Tokens): number | null {
	const seconds = tokens.expiresIn();
	return seconds === undefined ? null : Date.now() + seconds * 1000;
}
