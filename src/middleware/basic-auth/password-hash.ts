/**
 * Stored passwords, as text: bcrypt's `$2b$…` and the PHC strings of argon2 and scrypt. What is quickly computed (MD5,
 * SHA-1, crypt) is refused, and so is what would take minutes or all memory. Reading is all that happens here.
 */

/** What a line says, with everything checked. */
export type PasswordHash =
	| { readonly kind: 'bcrypt'; readonly text: string }
	| {
			readonly kind: 'argon2';
			readonly algorithm: 'argon2id' | 'argon2i' | 'argon2d';
			/** KiB. */
			readonly memory: number;
			readonly passes: number;
			readonly parallelism: number;
			readonly salt: Uint8Array;
			readonly digest: Uint8Array;
	  }
	| {
			readonly kind: 'scrypt';
			readonly logN: number;
			readonly blockSize: number;
			readonly parallelism: number;
			readonly salt: Uint8Array;
			readonly digest: Uint8Array;
	  };

/** At 16, one check takes bcryptjs four seconds. */
const BCRYPT_COST = { least: 4, most: 16 };
/** What bcrypt looks at of a password. */
export const BCRYPT_BYTES = 72;
/** KiB that one check may take: 1 GiB. */
const MOST_MEMORY = 1_048_576;

const ADVICE = 'write argon2id, scrypt or bcrypt: `turnabout hash-password` does';

const WEAK: readonly (readonly [begins: string, what: string])[] = [
	['$apr1$', "Apache's MD5"],
	['$1$', 'MD5'],
	['{SHA}', 'SHA-1'],
	['{SSHA}', 'SHA-1'],
	['{PLAIN}', 'a password in the open'],
	['$5$', 'SHA-256 crypt'],
	['$6$', 'SHA-512 crypt'],
	['$2x$', "bcrypt of a version that was broken ('2x')"],
];

/** Throws TypeError with the reason, which does not quote the hash. */
export function parsePasswordHash(text: string): PasswordHash {
	const weak = WEAK.find(([begins]) => text.startsWith(begins));
	if (weak !== undefined) throw new TypeError(`${weak[1]} is refused; ${ADVICE}`);
	if (/^\$2[aby]\$/.test(text)) return bcryptHash(text);
	if (text.startsWith('$argon2')) return argon2Hash(text);
	if (text.startsWith('$scrypt$')) return scryptHash(text);
	throw new TypeError(`this is no hash of a kind that is taken, or DES crypt or a password in the open; ${ADVICE}`);
}

function bcryptHash(text: string): PasswordHash {
	const parts = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(text);
	if (parts === null) throw new TypeError('this hash of bcrypt is malformed');
	const cost = Number(parts[1]);
	if (cost < BCRYPT_COST.least || cost > BCRYPT_COST.most) {
		throw new RangeError(`bcrypt's cost ${cost} is not from ${BCRYPT_COST.least} to ${BCRYPT_COST.most}`);
	}
	return { kind: 'bcrypt', text };
}

const BASE64 = '([A-Za-z0-9+/.]+)={0,2}';
const ARGON2 = new RegExp(
	`^\\$(argon2id|argon2i|argon2d)\\$v=(\\d{1,3})\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})\\$${BASE64}\\$${BASE64}$`,
);
const SCRYPT = new RegExp(`^\\$scrypt\\$ln=(\\d{1,2}),r=(\\d{1,4}),p=(\\d{1,4})\\$${BASE64}\\$${BASE64}$`);

function argon2Hash(text: string): PasswordHash {
	const [, algorithm, version, m, t, p, salt, digest] = ARGON2.exec(text) ?? [];
	if (algorithm === undefined) throw new TypeError('this hash of argon2 is malformed');
	if (version !== '19') throw new TypeError(`version ${version} of argon2 is not 19`);
	const [memory, passes, parallelism] = [Number(m), Number(t), Number(p)];
	within('m', memory, 8 * parallelism, MOST_MEMORY);
	within('t', passes, 1, 100);
	within('p', parallelism, 1, 64);
	return {
		kind: 'argon2',
		algorithm: algorithm as 'argon2id',
		memory,
		passes,
		parallelism,
		...saltAndDigest(salt, digest),
	};
}

function scryptHash(text: string): PasswordHash {
	const [, ln, r, p, salt, digest] = SCRYPT.exec(text) ?? [];
	if (ln === undefined) throw new TypeError('this hash of scrypt is malformed');
	const [logN, blockSize, parallelism] = [Number(ln), Number(r), Number(p)];
	within('r', blockSize, 1, 64);
	within('p', parallelism, 1, 64);
	within('ln', logN, 10, 23);
	// RFC 7914 section 2: 128 times N times r bytes.
	if ((2 ** logN * blockSize) / 8 > MOST_MEMORY) throw new RangeError('this hash of scrypt takes more than 1 GiB');
	return { kind: 'scrypt', logN, blockSize, parallelism, ...saltAndDigest(salt, digest) };
}

function within(name: string, value: number, least: number, most: number): void {
	if (value < least || value > most) throw new RangeError(`${name}=${value} is not from ${least} to ${most}`);
}

function saltAndDigest(salt = '', digest = ''): { readonly salt: Uint8Array; readonly digest: Uint8Array } {
	const bytes = { salt: decoded(salt), digest: decoded(digest) };
	if (bytes.salt.length < 8 || bytes.salt.length > 64) throw new RangeError('the salt has not from 8 to 64 bytes');
	if (bytes.digest.length < 16 || bytes.digest.length > 64)
		throw new RangeError('the digest has not from 16 to 64 bytes');
	return bytes;
}

/** passlib writes `.` for `+`. */
function decoded(text: string): Uint8Array {
	return Uint8Array.from(atob(text.replaceAll('.', '+')), (byte) => byte.charCodeAt(0));
}
