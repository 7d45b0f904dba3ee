/**
 * Keys: `PREFIX_ID_SECRET`. The id finds the key among those that are stored, the secret has 256 bits of chance, which is
 * why one round of SHA-256 is enough to keep it by: there is nothing to guess.
 */
import crypto from 'node:crypto';
import type { StoredApiKey } from './stored-keys.ts';

export interface GeneratedApiKey {
	/** For the client, who alone shall have it. */
	readonly key: string;
	/** What we keep. */
	readonly stored: StoredApiKey;
	/** The same as a line of a file of keys. */
	readonly line: string;
}

/** A new key for somebody. `prefix` tells people and scanners of secrets whose key it is. Throws TypeError for a name or prefix that no file could hold. */
export function generateApiKey(name: string, prefix = 'key'): GeneratedApiKey {
	checkKeyName(name);
	if (!/^[A-Za-z][A-Za-z0-9]{0,31}$/.test(prefix))
		throw new TypeError('apiKey: a prefix is up to 32 letters and digits, beginning with a letter');
	const id = crypto.randomBytes(9).toString('hex');
	const key = `${prefix}_${id}_${crypto.randomBytes(32).toString('base64url')}`;
	const hash = hashOf(key).toString('hex');
	return { key, stored: { name, id, hash }, line: `${name}:${id}:${hash}` };
}

/** Of the whole key. */
export function hashOf(key: string): Buffer {
	return crypto.hash('sha256', key, 'buffer');
}

/** The part by which a key is found; null for what has not the form of one. */
export function idOf(key: string): string | null {
	const [prefix = '', id = '', ...secret] = key.split('_', 4);
	return prefix !== '' && id !== '' && secret.length > 0 ? id : null;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_IN_NAMES = /[:\0-\x1f\x7f]/;

export function checkKeyName(name: string): void {
	if (typeof name !== 'string' || name.trim() !== name || name === '' || NOT_IN_NAMES.test(name) || name[0] === '#')
		throw new TypeError('apiKey: a name is not empty, has no colon and no control characters, and no # in front');
}
