/**
 * The alternative names of a certificate, out of node's one line of text. A name may hold a comma, or all of what looks
 * like another name: node then writes it as a JSON string, and it must be read as one (CVE-2021-44532).
 */

export interface SubjectNames {
	readonly dns: readonly string[];
	readonly uris: readonly string[];
	readonly emails: readonly string[];
}

const KINDS: readonly (readonly [prefix: string, kind: keyof SubjectNames])[] = [
	['DNS:', 'dns'],
	['URI:', 'uris'],
	['email:', 'emails'],
];

/** Names of other kinds are left out, and so is what cannot be read. */
export function subjectNames(text: string | undefined): SubjectNames {
	const names: Record<keyof SubjectNames, string[]> = { dns: [], uris: [], emails: [] };
	for (const part of partsOf(text ?? '')) {
		for (const [prefix, kind] of KINDS) {
			if (!part.startsWith(prefix)) continue;
			const name = unquoted(part.slice(prefix.length));
			if (name !== null && name !== '') names[kind].push(name);
		}
	}
	return names;
}

/** Split at `, ` outside of JSON strings. */
function partsOf(text: string): string[] {
	const parts: string[] = [];
	let start = 0;
	let quoted = false;
	for (let i = 0; i < text.length; i++) {
		const char = text[i];
		if (quoted && char === '\\') i++;
		else if (char === '"') quoted = !quoted;
		else if (char === ',' && !quoted && text[i + 1] === ' ') {
			parts.push(text.slice(start, i));
			start = i + 2;
		}
	}
	parts.push(text.slice(start));
	return parts;
}

function unquoted(name: string): string | null {
	if (!name.startsWith('"')) return name.includes('"') ? null : name;
	try {
		return String(JSON.parse(name));
	} catch {
		return null;
	}
}
