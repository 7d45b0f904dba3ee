/** What a page's content security policy says about scripts inside it (CSP Level 3, sections 6.7.3 and 8.2). */

/** How a script of ours can stand in a page: `inline`, with a nonce where one is asked for, or in a file of its own. */
export type ScriptLeave = { readonly kind: 'inline'; readonly nonce: string | null } | { readonly kind: 'file' };

/** `policies`: the values of all Content-Security-Policy fields, joined by commas; null when there are none. */
export function scriptLeave(policies: string | null): ScriptLeave {
	let nonce: string | null = null;
	for (const policy of policies?.split(',') ?? []) {
		const sources = sourcesOf(policy);
		if (sources === null) continue;
		const given = nonceIn(sources);
		if (given !== null) nonce ??= given;
		else if (!allowsInline(sources)) return { kind: 'file' };
	}
	return { kind: 'inline', nonce };
}

/** The sources that scripts in elements may come from; null when the policy does not say. */
function sourcesOf(policy: string): readonly string[] | null {
	const directives = new Map<string, readonly string[]>();
	for (const directive of policy.split(';')) {
		const [name, ...sources] = directive.trim().split(/\s+/);
		const key = name?.toLowerCase() ?? '';
		if (key !== '' && !directives.has(key)) directives.set(key, sources);
	}
	return directives.get('script-src-elem') ?? directives.get('script-src') ?? directives.get('default-src') ?? null;
}

function nonceIn(sources: readonly string[]): string | null {
	for (const source of sources) {
		const found = /^'nonce-([A-Za-z0-9+/_-]+={0,2})'$/i.exec(source);
		if (found !== null) return found[1] ?? null;
	}
	return null;
}

/** `'unsafe-inline'` is void beside a hash or `'strict-dynamic'`. */
function allowsInline(sources: readonly string[]): boolean {
	const lower = sources.map((source) => source.toLowerCase());
	const isVoid = lower.some((source) => /^'(?:sha(?:256|384|512)-|strict-dynamic')/.test(source));
	return lower.includes("'unsafe-inline'") && !isVoid;
}
