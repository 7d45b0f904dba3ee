/**
 * The table of special fields: every name that some rule of ours decides by.
 * A rule elsewhere asks for a tag or a flag; it never compares names again. To add a field, add a row.
 * What is not in the table is end-to-end data that nobody here needs to understand.
 */

/** Hop-by-hop: consumed or replaced by every intermediary (RFC 9110 section 7.6.1). */
export const HOP_BY_HOP = 1;
/** Framing and connection management, written by the codec alone; in a list handed to an engine or client it is advice (RFC 9112 section 6). */
export const FRAMING = 2;
/** Meant for the next inbound proxy only (RFC 9110 section 11.7). */
export const PROXY_CREDENTIALS = 4;
/** Says where a request came from (RFC 7239, and the X-Forwarded fields in use before it). */
export const FORWARDED = 8;
/** Must not be sent in a trailer section (RFC 9110 section 6.5.1). */
export const NOT_IN_TRAILERS = 16;
/** Holds credentials or session secrets: redacted in logs, dropped from TRACE (RFC 9110 sections 17 and 9.3.8). */
export const SECRET = 32;
/** Describes a client's TLS certificate; copies from outside are always removed (RFC 9440). */
export const CLIENT_CERTIFICATE = 64;

/** The words of the table; `header`: in the header section only. */
const words: Readonly<Record<string, number>> = {
	hop: HOP_BY_HOP,
	framing: FRAMING,
	proxy: PROXY_CREDENTIALS,
	forwarded: FORWARDED,
	header: NOT_IN_TRAILERS,
	secret: SECRET,
	certificate: CLIENT_CERTIFICATE,
};

const table = {
	connection: 'hop framing header',
	'content-length': 'framing header',
	'transfer-encoding': 'hop framing header',
	'keep-alive': 'hop framing header',
	'proxy-connection': 'hop framing header',
	te: 'hop header',
	upgrade: 'hop framing header',
	'http2-settings': 'hop header',
	host: 'header',
	expect: 'header',
	trailer: 'header',
	'max-forwards': 'header',
	'cache-control': 'header',
	pragma: 'header',
	range: 'header',
	'content-encoding': 'header',
	'content-type': 'header',
	'content-range': 'header',
	age: 'header',
	expires: 'header',
	location: 'header',
	'retry-after': 'header',
	vary: 'header',
	authorization: 'header secret',
	'www-authenticate': 'header',
	'proxy-authorization': 'proxy header secret',
	'proxy-authenticate': 'proxy header',
	'proxy-authentication-info': 'proxy',
	cookie: 'header secret',
	'set-cookie': 'header secret',
	forwarded: 'forwarded',
	'x-forwarded-for': 'forwarded',
	'x-forwarded-host': 'forwarded',
	'x-forwarded-proto': 'forwarded',
	'x-forwarded-port': 'forwarded',
	'x-forwarded-prefix': 'forwarded',
	'x-real-ip': 'forwarded',
	'client-cert': 'certificate',
	'client-cert-chain': 'certificate',
	via: '',
	'cdn-loop': '',
	'proxy-status': '',
	date: '',
	server: '',
} as const;

/** A field name of the table, in lower case. */
export type SpecialName = keyof typeof table;

const names = Object.keys(table) as SpecialName[];

/** The tag of a name that is not in the table. */
export const UNKNOWN = 0;

/** The small number by which the parser marks each special field. */
export const tags = Object.fromEntries(names.map((name, index) => [name, index + 1])) as Readonly<
	Record<SpecialName, number>
>;

/** Flags by tag; `flags[UNKNOWN]` is 0. */
export const flags: readonly number[] = [
	0,
	...names.map((name) => table[name].split(' ').reduce((sum, word) => sum | (words[word] ?? 0), 0)),
];

interface TagSet {
	/** Tags up to 31, a bit each. */
	readonly low: number;
	/** Tags from 32 on. */
	readonly high: number;
}

const tagSets: (TagSet | undefined)[] = [];

/** The tags whose flags meet `mask`, as bits. */
export function tagSet(mask: number): TagSet {
	let set = tagSets[mask];
	if (set === undefined) {
		let low = 0;
		let high = 0;
		for (const [tag, flag] of flags.entries()) {
			if ((flag & mask) === 0) continue;
			if (tag < 32) low |= 1 << tag;
			else high |= 1 << (tag - 32);
		}
		set = { low, high };
		tagSets[mask] = set;
	}
	return set;
}

const LONGEST = Math.max(...names.map((name) => name.length));

/** All names end to end, in lower case, and where each begins, by tag: bytes are compared with bytes. */
const letters = Uint8Array.from(names.join(''), (letter) => letter.charCodeAt(0) | 0x20);
const offsets = new Uint16Array(names.length + 1);
/** Candidates by length and first letter: nearly every unknown name is told by these two alone. */
const slot = (length: number, first: number): number => length * 32 + (first & 31);
const firstTag = new Uint8Array((LONGEST + 1) * 32);
/** By tag: the next candidate of the same slot; 0 ends the chain. */
const nextTag = new Uint8Array(names.length + 1);
let offset = 0;
for (const name of names) {
	const tag = tags[name];
	const at = slot(name.length, name.charCodeAt(0));
	offsets[tag] = offset;
	nextTag[tag] = firstTag[at] ?? UNKNOWN;
	firstTag[at] = tag;
	offset += name.length;
}

/** The tag of the field name in `bytes[start, end)`, which must be a token, any case. */
export function tagOfBytes(bytes: Uint8Array, start: number, end: number): number {
	const length = end - start;
	if (length > LONGEST) return UNKNOWN;
	let tag = firstTag[slot(length, bytes[start] as number)] as number;
	while (tag !== UNKNOWN) {
		const from = offsets[tag] as number;
		let i = 0;
		// Among the characters of a token, `| 0x20` makes no two names of the table alike.
		while (i < length && ((bytes[start + i] as number) | 0x20) === letters[from + i]) i++;
		if (i === length) return tag;
		tag = nextTag[tag] as number;
	}
	return UNKNOWN;
}

/** The tag of a field name, any case. */
export function tagOf(name: string): number {
	if (name.length > LONGEST) return UNKNOWN;
	let tag = firstTag[slot(name.length, name.charCodeAt(0))] as number;
	while (tag !== UNKNOWN) {
		const candidate = names[tag - 1] as string;
		if (candidate === name || candidate === name.toLowerCase()) return tag;
		tag = nextTag[tag] as number;
	}
	return UNKNOWN;
}
