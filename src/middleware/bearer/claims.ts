/** Claims as plain data without prototypes: a claim called `__proto__` or `constructor` is a name like any other. */

export type Claims = Readonly<Record<string, unknown>>;

export function plainClaims(payload: object): Claims {
	const claims: Record<string, unknown> = Object.create(null);
	for (const [name, value] of Object.entries(payload)) claims[name] = plain(value);
	return claims;
}

/** JSON has no cycles, and a token's length bounds its depth. */
function plain(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	return Array.isArray(value) ? value.map(plain) : plainClaims(value);
}
