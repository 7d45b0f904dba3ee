/**
 * Text that only we can have written and only we can read: AES-256-GCM with a random nonce, under a key that HKDF
 * (RFC 5869) derives from the secret. A version comes first, so that the form can change; `purpose` is authenticated, so that
 * what was sealed for one place is nothing in another.
 */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const CIPHER = 'aes-256-gcm';
const BASE64URL = /^[\w-]+$/;

export class Seal {
	private readonly keys: readonly [KeyObject, ...KeyObject[]];

	/** The first secret seals, all open. `use` keeps keys of one secret apart: what was sealed for one use is nothing in another. */
	constructor(secrets: readonly Uint8Array[], use: string) {
		const [first, ...others] = secrets.map((secret) => keyOf(secret, use));
		if (first === undefined) throw new TypeError('A seal needs a secret');
		this.keys = [first, ...others];
	}

	/** As base64url. */
	close(text: string, purpose: string): string {
		const nonce = randomBytes(NONCE);
		const cipher = createCipheriv(CIPHER, this.keys[0], nonce, { authTagLength: TAG });
		cipher.setAAD(Buffer.from(purpose));
		const sealed = [cipher.update(text, 'utf8'), cipher.final()];
		return Buffer.concat([Buffer.of(VERSION), nonce, ...sealed, cipher.getAuthTag()]).toString('base64url');
	}

	/** What was sealed for this purpose, or null for everything else. */
	open(sealed: string, purpose: string): string | null {
		if (!BASE64URL.test(sealed)) return null;
		const bytes = Buffer.from(sealed, 'base64url');
		// One text has one form: bits that base64 would pass over are no way to write it differently.
		if (bytes.length < 1 + NONCE + TAG || bytes[0] !== VERSION || bytes.toString('base64url') !== sealed) return null;
		for (const key of this.keys) {
			const text = opened(key, bytes, purpose);
			if (text !== null) return text;
		}
		return null;
	}
}

function keyOf(secret: Uint8Array, use: string): KeyObject {
	return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `turnabout ${use} 1`, 32)));
}

function opened(key: KeyObject, bytes: Buffer, purpose: string): string | null {
	const cipher = createDecipheriv(CIPHER, key, bytes.subarray(1, 1 + NONCE), { authTagLength: TAG });
	cipher.setAAD(Buffer.from(purpose));
	cipher.setAuthTag(bytes.subarray(-TAG));
	const text = cipher.update(bytes.subarray(1 + NONCE, -TAG));
	try {
		return Buffer.concat([text, cipher.final()]).toString('utf8');
	} catch {
		// Not ours, or not as we wrote it.
		return null;
	}
}
