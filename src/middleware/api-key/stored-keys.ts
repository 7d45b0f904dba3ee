/** The keys that are known, by id, each with the digest of the whole. */
import crypto from 'node:crypto';
import { checkKeyName, hashOf, idOf } from './generate.ts';

export interface StoredApiKey {
	/** Whose key it is: the identity's name. */
	readonly name: string;
	/** The part of the key by which it is found. */
	readonly id: string;
	/** SHA-256 of the whole key, in hex. */
	readonly hash: string;
	/** What the identity shall say beside. */
	readonly claims?: Readonly<Record<string, unknown>>;
}

interface Entry {
	readonly name: string;
	readonly digest: Buffer;
	readonly claims: Readonly<Record<string, unknown>>;
}

export class StoredKeys {
	private readonly entries: ReadonlyMap<string, Entry>;
	/** What a key is held against that nobody has: the same work, and never the same digest. */
	private readonly nobody: Buffer = crypto.randomBytes(32);

	constructor(entries: ReadonlyMap<string, Entry>) {
		this.entries = entries;
	}

	get size(): number {
		return this.entries.size;
	}

	find(key: string): Entry | null {
		const entry = this.entries.get(idOf(key) ?? '');
		const same = crypto.timingSafeEqual(hashOf(key), entry?.digest ?? this.nobody);
		return same && entry !== undefined ? entry : null;
	}
}

/** Throws TypeError with the place of what is wrong. */
export function keysOfList(list: readonly StoredApiKey[]): StoredKeys {
	const entries = new Map<string, Entry>();
	for (const [index, one] of list.entries()) add(entries, `apiKey: keys[${index}]`, one);
	return new StoredKeys(entries);
}

/** Lines of `name:id:hash`, or `name:id:hash:{"claim":…}`; empty ones and those that begin with `#` aside. Throws TypeError with the line's number. */
export function keysOfFile(path: string, text: string): StoredKeys {
	const entries = new Map<string, Entry>();
	for (const [index, line] of text.split('\n').entries()) {
		const entry = line.trim();
		if (entry === '' || entry.startsWith('#')) continue;
		const where = `apiKey: keys: ${path}, line ${index + 1}`;
		const [name = '', id = '', hash = '', ...rest] = entry.split(':');
		const claims = rest.length === 0 ? {} : { claims: claimsOf(where, rest.join(':')) };
		add(entries, where, { name, id, hash, ...claims });
	}
	return new StoredKeys(entries);
}

function claimsOf(where: string, json: string): Readonly<Record<string, unknown>> {
	let claims: unknown = null;
	try {
		claims = JSON.parse(json);
	} catch {
		// Said below.
	}
	if (typeof claims !== 'object' || claims === null || Array.isArray(claims))
		throw new TypeError(`${where}: behind the hash come claims as a JSON object, or nothing`);
	return claims as Readonly<Record<string, unknown>>;
}

function add(entries: Map<string, Entry>, where: string, one: StoredApiKey): void {
	if (typeof one !== 'object' || one === null) throw new TypeError(`${where}: this is no stored key`);
	const { name, id, hash, claims = {} } = one;
	try {
		checkKeyName(name);
	} catch (cause) {
		throw new TypeError(`${where}: ${(cause as Error).message}`, { cause });
	}
	if (typeof id !== 'string' || !/^[A-Za-z0-9-]{4,64}$/.test(id))
		throw new TypeError(`${where}: the id is 4 to 64 letters, digits and hyphens`);
	if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/i.test(hash))
		throw new TypeError(`${where}: the hash is SHA-256 in hex, as generateApiKey makes it; never the key itself`);
	if (entries.has(id)) throw new TypeError(`${where}: this id was there before`);
	const own = Object.assign(Object.create(null), claims) as Record<string, unknown>;
	entries.set(id, { name, digest: Buffer.from(hash, 'hex'), claims: own });
}
