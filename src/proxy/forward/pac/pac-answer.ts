/** What FindProxyForURL answers: `PROXY host:port; SOCKS5 host:port; HTTPS host:port; DIRECT`, to be tried in that order. */

/** The URLs of proxies, for `parseParent`, and null for DIRECT. */
export interface PacAnswer {
	readonly steps: readonly (string | null)[];
	/** Entries that were not understood. */
	readonly strange: readonly string[];
}

/** `SOCKS` is SOCKS5 here, as in most programs that are no browsers; SOCKS4 is not spoken. */
const SCHEMES: Readonly<Record<string, string>> = {
	PROXY: 'http',
	HTTP: 'http',
	HTTPS: 'https',
	SOCKS: 'socks5',
	SOCKS5: 'socks5',
};
/** More than these are not tried. */
const MOST = 16;

/** Nothing, and an empty text, are DIRECT. */
export function readPacAnswer(text: string): PacAnswer {
	const entries = text.split(';').map((entry) => entry.trim());
	const steps: (string | null)[] = [];
	const strange: string[] = [];
	for (const entry of entries) {
		if (entry === '') continue;
		if (entry.toUpperCase() === 'DIRECT') steps.push(null);
		else {
			const [word = '', place = '', ...rest] = entry.split(/\s+/);
			const scheme = Object.hasOwn(SCHEMES, word.toUpperCase()) ? SCHEMES[word.toUpperCase()] : undefined;
			if (scheme !== undefined && rest.length === 0 && /^[^@/?#]+$/.test(place)) steps.push(`${scheme}://${place}`);
			else strange.push(entry.slice(0, 80));
		}
		if (steps.length + strange.length === MOST) break;
	}
	if (steps.length === 0 && strange.length === 0) steps.push(null);
	return { steps, strange };
}
