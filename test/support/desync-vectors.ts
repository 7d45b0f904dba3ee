/**
 * Reads the HTTP desync vectors: lists of requests in a small part of YAML. Only that part is understood here; a line
 * that is not makes the reading fail, so that no vector is lost silently.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface DesyncVector {
	/** File and name, for test titles. */
	readonly title: string;
	readonly method: string;
	readonly uri: string;
	/** With `HTTP/`, or empty for HTTP/0.9. */
	readonly version: string;
	/** Byte strings (latin1). */
	readonly fields: readonly (readonly [name: string, value: string])[];
	readonly tier: 'Compliant' | 'Acceptable' | 'Ambiguous' | 'Severe';
	/** Why it is in that tier. */
	readonly reason: string;
}

const folder = new URL('../../../shared/vectors/desync/tests/', import.meta.url);

/** Whether the vectors are on this machine, beside the repository. */
export const desyncVectorsPresent: boolean = existsSync(folder);

const ESCAPES: Readonly<Record<string, string>> = {
	n: '\n',
	r: '\r',
	t: '\t',
	0: '\0',
	'"': '"',
	'\\': '\\',
	'/': '/',
};

/** A scalar as a byte string: what it holds beyond ASCII is UTF-8 on the wire, but `\xHH` is that one byte. */
function scalar(text: string): string {
	if (text.startsWith('"')) {
		const inner = text.slice(1, text.lastIndexOf('"'));
		return Buffer.from(inner, 'utf8')
			.toString('latin1')
			.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g, (_all, code: string) => {
				if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
				if (code.length === 5)
					return Buffer.from(String.fromCharCode(Number.parseInt(code.slice(1), 16))).toString('latin1');
				const plain = ESCAPES[code];
				if (plain === undefined) throw new Error(`Unknown escape in ${text}`);
				return plain;
			});
	}
	const inner = text.startsWith("'") ? text.slice(1, text.lastIndexOf("'")).replaceAll("''", "'") : text;
	return Buffer.from(inner, 'utf8').toString('latin1');
}

interface Draft {
	readonly top: Map<string, string>;
	readonly fields: (readonly [string, string])[];
	readonly expected: Map<string, string>;
	section: string;
	fieldName: string;
}

function take(draft: Draft, indent: number, key: string, value: string): void {
	if (indent <= 2) {
		draft.section = value === '' ? key : '';
		draft.top.set(key, scalar(value));
	} else if (draft.section === 'expected') {
		draft.expected.set(key, value);
	} else if (draft.section === 'headers' && key === 'name') {
		draft.fieldName = scalar(value);
	} else if (draft.section === 'headers' && key === 'value') {
		draft.fields.push([draft.fieldName, scalar(value)]);
	}
}

function vectorOf(file: string, block: string): DesyncVector {
	const draft: Draft = { top: new Map(), fields: [], expected: new Map(), section: '', fieldName: '' };
	for (const line of `  ${block}`.split('\n')) {
		if (
			/^\s*(#|$)/.test(line) ||
			/^\s*- "/.test(line) ||
			(/^\s*- [A-Za-z0-9\\']/.test(line) && !/^\s*- \w+:/.test(line))
		)
			continue;
		const parts = /^(\s*)(?:- )?(\w+):(?: (.*?))?\s*$/.exec(line);
		if (parts === null) throw new Error(`${file}: what is this line? ${line}`);
		take(draft, (parts[1] as string).length, parts[2] as string, parts[3] ?? '');
	}
	const { top, fields, expected } = draft;
	return {
		title: `${file}: ${top.get('name')}`,
		method: top.get('method') ?? 'GET',
		uri: top.get('uri') ?? '',
		version: top.get('version') ?? '',
		fields,
		tier: expected.get('tier') as DesyncVector['tier'],
		reason: expected.get('reason') ?? '',
	};
}

/** All vectors; empty where they are absent. */
export function desyncVectors(): DesyncVector[] {
	if (!desyncVectorsPresent) return [];
	return readdirSync(folder)
		.filter((name) => name.endsWith('.yaml'))
		.flatMap((file) => {
			const [, ...blocks] = `\n${readFileSync(new URL(file, folder), 'utf8')}`.split(/\n- (?=name:)/);
			return blocks.map((block) => vectorOf(file, block));
		});
}

/** The head on the wire. Most vectors have no Host: it is added, so that nothing is refused for the lack of it. */
export function headOf(vector: DesyncVector): string {
	const fields = vector.fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
	const host = vector.fields.some(([name]) => name.toLowerCase() === 'host') ? '' : 'Host: a.example\r\n';
	const line =
		vector.version === '' ? `${vector.method} ${vector.uri}` : `${vector.method} ${vector.uri} ${vector.version}`;
	return `${line}\r\n${host}${fields}\r\n`;
}
