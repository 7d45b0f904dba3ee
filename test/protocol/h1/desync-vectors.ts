/** Reads the desync vectors: lists of requests in the little YAML that they use. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DesyncVector {
	readonly name: string;
	readonly tier: string;
	/** The head of the request as it would be sent, with a Host line. */
	readonly input: string;
}

interface Draft {
	name: string;
	uri: string;
	method: string;
	version: string;
	headers: [name: string, value: string][];
	tier: string;
}

export function readVectors(folder: string): DesyncVector[] {
	return readdirSync(join(folder, 'tests'))
		.filter((file) => file.endsWith('.yaml'))
		.sort()
		.flatMap((file) => readFile(file, readFileSync(join(folder, 'tests', file), 'utf8')));
}

function readFile(file: string, text: string): DesyncVector[] {
	const drafts: Draft[] = [];
	let part = '';
	for (const line of text.split('\n')) {
		const match = /^( *)(?:- )?([a-z_]+):(?: (.*))?$/.exec(line);
		if (match === null || line.startsWith('#')) continue;
		const [, indent = '', key = '', rest = ''] = match;
		const value = scalar(rest);
		if (line.startsWith('- name:'))
			drafts.push({ name: value, uri: '', method: '', version: '', headers: [], tier: '' });
		const draft = drafts.at(-1) as Draft;
		if (indent.length === 2 && rest === '') part = key;
		if (key === 'uri' || key === 'method' || key === 'version') draft[key] = value;
		else if (part === 'headers' && line.startsWith('    - name:')) draft.headers.push([value, '']);
		else if (part === 'headers' && key === 'value') (draft.headers.at(-1) as [string, string])[1] = value;
		else if (part === 'expected' && key === 'tier') draft.tier = value;
	}
	return drafts.map((draft) => ({ name: `${file}: ${draft.name}`, tier: draft.tier, input: inputOf(draft) }));
}

function inputOf({ method, uri, version, headers }: Draft): string {
	const lines = headers.map(([name, value]) => `${name}:${value}\r\n`).join('');
	return bytesOf(`${method} ${uri} ${version}\r\nHost: h\r\n${lines}\r\n`);
}

/** Escapes name bytes; other characters beyond latin1 are sent as UTF-8. */
function bytesOf(text: string): string {
	return Array.from(text)
		.map((character) =>
			(character.codePointAt(0) as number) < 256 ? character : Buffer.from(character).toString('latin1'),
		)
		.join('');
}

function scalar(text: string): string {
	const trimmed = text.trim();
	if (trimmed.startsWith("'")) return trimmed.slice(1, trimmed.lastIndexOf("'")).replaceAll("''", "'");
	if (!trimmed.startsWith('"')) return trimmed.replace(/ #.*$/, '');
	const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0', '"': '"', '\\': '\\' };
	return trimmed
		.slice(1, trimmed.lastIndexOf('"'))
		.replace(
			/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/g,
			(all, hex?: string, unicode?: string, other?: string) => {
				const code = hex ?? unicode;
				return code === undefined ? (escapes[other as string] ?? all) : String.fromCharCode(Number.parseInt(code, 16));
			},
		);
}
