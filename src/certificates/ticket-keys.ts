/**
 * The keys of session tickets (RFC 5077, RFC 8446 section 4.6.1), made from a secret and the time: all who know the secret
 * have the same without a word between them, and what was recorded once cannot be read with the keys of another day.
 */
import { hkdfSync, randomBytes } from 'node:crypto';

/** Milliseconds for which keys are good; a session of the time before begins with a whole handshake. */
const GOOD_FOR = 43_200_000;
/** Bytes that OpenSSL takes: a name, and two keys. */
const LENGTH = 48;

export class TicketKeys {
	private readonly secret: Uint8Array;
	private period = -1;
	private bytes: Buffer = Buffer.alloc(0);

	constructor(secret: string | Uint8Array = randomBytes(32)) {
		this.secret = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
	}

	/** The keys of now; the same object as long as they are the same. */
	at(now: number): Buffer {
		const period = Math.floor(now / GOOD_FOR);
		if (period !== this.period) {
			this.period = period;
			this.bytes = Buffer.from(hkdfSync('sha256', this.secret, '', `turnabout session tickets ${period}`, LENGTH));
		}
		return this.bytes;
	}
}
