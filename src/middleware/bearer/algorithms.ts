/** The algorithms that tokens may be signed with (RFC 7518 section 3.1, RFC 8037): two tables that are never mixed. `none` is in neither. */

export const ASYMMETRIC: readonly string[] = [
	'RS256',
	'RS384',
	'RS512',
	'PS256',
	'PS384',
	'PS512',
	'ES256',
	'ES384',
	'ES512',
	'EdDSA',
	'Ed25519',
];

/** With the bytes that a secret must have at least (RFC 7518 section 3.2). */
export const SYMMETRIC: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };
