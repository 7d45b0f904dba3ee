/** Hashes for files of users: as RFC 9106 and OWASP advise, with a salt of their own. */
import crypto from 'node:crypto';
import { argon2, hasArgon2, scrypt } from './verifier.ts';

export type HashKind = 'argon2id' | 'scrypt';

/** OWASP's first choice (19 MiB, 2 passes, one lane): 26 ms. */
const ARGON2 = { memory: 19_456, passes: 2, parallelism: 1 };
/** 32 MiB and 66 ms. */
const SCRYPT = { logN: 15, blockSize: 8, parallelism: 1 };

/**
 * A PHC string for a file of users or the record of `basicAuth`. Default kind: argon2id where Node has it (24.7 and newer),
 * else scrypt. Rejects with TypeError for an empty password or one with control characters, which no client could send.
 */
export async function hashPassword(password: string, kind?: HashKind): Promise<string> {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
	if (password === '' || /[\0-\x1f\x7f]/.test(password)) {
		throw new TypeError('A password is not empty and holds no control characters');
	}
	const chosen = kind ?? (hasArgon2() ? 'argon2id' : 'scrypt');
	const salt = crypto.randomBytes(16);
	const digest = new Uint8Array(32);
	if (chosen === 'argon2id') {
		if (!hasArgon2()) throw new TypeError('argon2id needs Node 24.7 or newer; scrypt does not');
		const made = await argon2(password, { kind: 'argon2', algorithm: 'argon2id', ...ARGON2, salt, digest });
		const { memory, passes, parallelism } = ARGON2;
		return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${phc(salt)}$${phc(made)}`;
	}
	if (chosen !== 'scrypt') throw new TypeError(`${String(chosen)}: there are argon2id and scrypt`);
	const made = await scrypt(password, { kind: 'scrypt', ...SCRYPT, salt, digest });
	return `$scrypt$ln=${SCRYPT.logN},r=${SCRYPT.blockSize},p=${SCRYPT.parallelism}$${phc(salt)}$${phc(made)}`;
}

/** PHC strings have no padding. */
function phc(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
