/**
 * Who may come in, by name: the lines of an htpasswd file or the entries of a record. A name that nobody has is given the
 * hash of somebody else to be held against, always the same for the same name: it costs what theirs costs.
 */
import crypto from 'node:crypto';
import { type PasswordHash, parsePasswordHash } from './password-hash.ts';
import { hasArgon2 } from './verifier.ts';

export class Users {
	private readonly hashes: ReadonlyMap<string, PasswordHash>;
	private readonly all: readonly PasswordHash[];
	private readonly salt: Uint8Array = crypto.randomBytes(16);

	constructor(hashes: ReadonlyMap<string, PasswordHash>) {
		this.hashes = hashes;
		this.all = [...hashes.values()];
	}

	get size(): number {
		return this.all.length;
	}

	/** The hash to hold a password against, and whether it is the user's own; null when there are no users at all. */
	hashFor(name: string): { readonly hash: PasswordHash; readonly own: boolean } | null {
		const [first] = this.all;
		if (first === undefined) return null;
		const digest = crypto.createHmac('sha256', this.salt).update(name).digest();
		const another = this.all[digest.readUInt32BE(0) % this.all.length] ?? first;
		const own = this.hashes.get(name);
		return own === undefined ? { hash: another, own: false } : { hash: own, own: true };
	}
}

/** The lines of an htpasswd file: `name:hash`, empty ones and those that begin with `#` aside. Throws TypeError with the line's number. */
export function usersOfFile(path: string, text: string): Users {
	const hashes = new Map<string, PasswordHash>();
	for (const [index, line] of text.split('\n').entries()) {
		const entry = line.trim();
		if (entry === '' || entry.startsWith('#')) continue;
		const colon = entry.indexOf(':');
		const where = `basicAuth: users: ${path}, line ${index + 1}`;
		if (colon <= 0) throw new TypeError(`${where}: this is not name:hash`);
		add(hashes, where, entry.slice(0, colon), entry.slice(colon + 1));
	}
	return new Users(hashes);
}

/** Throws TypeError with the user's name. */
export function usersOfRecord(record: Readonly<Record<string, string>>): Users {
	const hashes = new Map<string, PasswordHash>();
	for (const [name, hash] of Object.entries(record)) {
		add(hashes, `basicAuth: users: ${JSON.stringify(name)}`, name, hash);
	}
	if (hashes.size === 0) throw new TypeError('basicAuth: users is empty: nobody could ever come in');
	return new Users(hashes);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\0-\x1f\x7f]/;

function add(hashes: Map<string, PasswordHash>, where: string, name: string, text: string): void {
	// RFC 7617 section 2: the first colon ends the name.
	if (name === '' || name.includes(':') || CONTROL.test(name)) {
		throw new TypeError(`${where}: a name holds no colon and no control characters, and is not empty`);
	}
	if (hashes.has(name)) throw new TypeError(`${where}: this user was there before`);
	if (typeof text !== 'string') throw new TypeError(`${where}: the hash is ${typeof text}, not text`);
	let hash: PasswordHash;
	try {
		hash = parsePasswordHash(text);
	} catch (error) {
		throw new TypeError(`${where}: ${(error as Error).message}`, { cause: error });
	}
	if (hash.kind === 'argon2' && !hasArgon2()) throw new TypeError(`${where}: argon2 needs Node 24.7 or newer`);
	hashes.set(name, hash);
}
