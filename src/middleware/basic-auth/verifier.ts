/**
 * Whether a password fits a hash, without stalling the loop: argon2 and scrypt run in node's own threads, bcrypt in one of
 * ours. Only so many checks run at a time, and only so many wait; there is no room for more, and that is said with 503.
 */
import crypto from 'node:crypto';
import { Disconnected, HttpError } from '../../convention/index.ts';
import { BcryptThread } from './bcrypt-thread.ts';
import { BCRYPT_BYTES, type PasswordHash } from './password-hash.ts';
import type { Ticket } from './ticket.ts';

export interface VerifierLimits {
	readonly atOnce: number;
	readonly waiting: number;
}

export class Verifier {
	/** Checks that were begun. */
	checks = 0;
	/** Those that found no room. */
	refused = 0;
	private readonly limits: VerifierLimits;
	private readonly queue: (() => void)[] = [];
	private readonly bcrypt = new BcryptThread();
	private running = 0;

	constructor(limits: VerifierLimits) {
		this.limits = limits;
	}

	get waiting(): number {
		return this.queue.length;
	}

	/** Rejects with HttpError 503 when there is no room, and with Disconnected when nobody waits for it any more. */
	matches(password: string, hash: PasswordHash, ticket: Ticket): Promise<boolean> {
		return this.within(() => this.compare(password, hash), ticket);
	}

	/** Runs one piece of work within the limits. */
	async within<T>(work: () => T | Promise<T>, ticket: Ticket): Promise<T> {
		if (ticket.abandoned) throw new Disconnected();
		if (this.running >= this.limits.atOnce) await this.turn(ticket);
		else this.running++;
		this.checks++;
		try {
			return await work();
		} finally {
			// The place goes straight to the next, so that nobody overtakes who waits.
			const next = this.queue.shift();
			if (next === undefined) this.running--;
			else next();
		}
	}

	close(): Promise<void> {
		return this.bcrypt.close();
	}

	private turn(ticket: Ticket): Promise<void> {
		if (this.queue.length >= this.limits.waiting) {
			this.refused++;
			throw new HttpError(503, { message: 'Too many sign-ins at once', expose: true, fields: ['Retry-After', '1'] });
		}
		return new Promise((resolve, reject) => {
			const next = (): void => {
				ticket.waits(null);
				resolve();
			};
			ticket.waits(() => {
				this.queue.splice(this.queue.indexOf(next), 1);
				reject(new Disconnected());
			});
			this.queue.push(next);
		});
	}

	private async compare(password: string, hash: PasswordHash): Promise<boolean> {
		if (hash.kind === 'bcrypt') {
			const matches = await this.bcrypt.matches(password, hash.text);
			// After the work, which takes as long as ever. bcrypt passes over what follows: any end would do.
			return matches && Buffer.byteLength(password) <= BCRYPT_BYTES;
		}
		const digest = hash.kind === 'argon2' ? await argon2(password, hash) : await scrypt(password, hash);
		return crypto.timingSafeEqual(digest, hash.digest);
	}
}

type Argon2Hash = Extract<PasswordHash, { kind: 'argon2' }>;
type ScryptHash = Extract<PasswordHash, { kind: 'scrypt' }>;

/** Node has it since 24.7. */
export function hasArgon2(): boolean {
	return typeof crypto.argon2 === 'function';
}

export function argon2(password: string, hash: Argon2Hash): Promise<Uint8Array> {
	const { algorithm, memory, passes, parallelism, salt, digest } = hash;
	const parameters = { message: password, nonce: salt, memory, passes, parallelism, tagLength: digest.length };
	return new Promise((resolve, reject) => {
		crypto.argon2(algorithm, parameters, (error, derived) => (error === null ? resolve(derived) : reject(error)));
	});
}

export function scrypt(password: string, hash: ScryptHash): Promise<Uint8Array> {
	const { logN, blockSize: r, parallelism: p, salt, digest } = hash;
	const N = 2 ** logN;
	// What it takes, and some air: node's own bound is 32 MiB.
	const options = { N, r, p, maxmem: 128 * r * (N + p + 2) + 1_048_576 };
	return new Promise((resolve, reject) => {
		crypto.scrypt(password, salt, digest.length, options, (error, derived) =>
			error === null ? resolve(derived) : reject(error),
		);
	});
}
