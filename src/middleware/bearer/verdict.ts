/** What a client is told of a token that was refused: `error_description` of RFC 6750 section 3, in our words, never in the token's. */

const BY_CODE: Readonly<Record<string, string>> = {
	ERR_JWT_EXPIRED: 'it has expired',
	ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature is wrong',
	ERR_JOSE_ALG_NOT_ALLOWED: 'its algorithm is not allowed here',
	ERR_JWKS_NO_MATCHING_KEY: 'its key is not known here',
	ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'it does not say which key it was signed with',
};

const BY_CLAIM: Readonly<Record<string, string>> = {
	aud: 'it is for another audience',
	iss: 'it was issued by somebody else',
	nbf: 'it is not valid yet',
	typ: 'it is of another type',
	exp: 'it does not say when it expires',
};

/** Null for what is not the token's fault. */
export function reasonOf(error: unknown): string | null {
	const { code, claim } = error as { readonly code?: unknown; readonly claim?: unknown };
	if (typeof code !== 'string' || !/^ERR_J(?:OSE|W[KST]|WKS)_/.test(code)) return null;
	if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') {
		return BY_CLAIM[String(claim)] ?? 'it lacks a claim that is needed';
	}
	return BY_CODE[code] ?? 'it is malformed';
}
