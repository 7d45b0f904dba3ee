/** What becomes of fields at a hop, told with the sections of the RFCs that ask for it. */
import type { FieldNote, RawRequest } from '../convention/index.ts';
import { type FieldList, tokens } from '../fields/index.ts';

const NOMINATED = 'RFC 9110 section 7.6.1';
const IN_USE = 'in use, specified nowhere';

/** Why a field of a request changes at this hop. */
const SOURCES: Readonly<Record<string, string>> = {
	connection: NOMINATED,
	'keep-alive': NOMINATED,
	'proxy-connection': NOMINATED,
	te: 'RFC 9110 section 10.1.4',
	'transfer-encoding': 'RFC 9112 section 6.1',
	upgrade: 'RFC 9110 section 7.8',
	'proxy-authorization': 'RFC 9110 section 11.7.2',
	'max-forwards': 'RFC 9110 section 7.6.2',
	via: 'RFC 9110 section 7.6.3',
	forwarded: 'RFC 7239 section 4',
	'x-forwarded-for': IN_USE,
	'x-forwarded-host': IN_USE,
	'x-forwarded-proto': IN_USE,
	'x-forwarded-prefix': IN_USE,
	'client-cert': 'RFC 9440 section 4.1',
	'client-cert-chain': 'RFC 9440 section 4.1',
};

/** What became of each field of a request, by name; Host is told apart. `connection`: what Connection said. */
export function requestNotes(request: RawRequest, after: FieldList, connection: string | null): FieldNote[] {
	const nominated = tokens(connection ?? '');
	const names = new Map<string, string>();
	for (const [name] of [...request.fields, ...after])
		if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
	names.delete('host');
	return [...names].flatMap(([lower, name]): FieldNote[] => {
		const [old, now] = [request.fields.all(lower), after.all(lower)];
		if (old.join('\n') === now.join('\n')) return [];
		const asked = nominated.includes(lower) ? NOMINATED : (SOURCES[lower] ?? null);
		const source = asked === null ? {} : { source: asked };
		if (now.length === 0) return [{ what: 'removes', name, on: 'request', ...source }];
		return [{ what: old.length === 0 ? 'adds' : 'sets', name, value: now.join(', '), on: 'request', ...source }];
	});
}

/** What becomes of every response; `name` is ours in Via, null when Via is not written. */
export function responseNotes(name: string | null): FieldNote[] {
	const stripped: FieldNote = {
		what: 'removes',
		name: 'Connection, and what it names',
		on: 'response',
		source: NOMINATED,
	};
	if (name === null) return [stripped];
	return [
		stripped,
		{ what: 'adds', name: 'Via', value: `1.1 ${name}`, on: 'response', source: 'RFC 9110 section 7.6.3' },
	];
}
