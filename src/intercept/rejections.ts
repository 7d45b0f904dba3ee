/** Who has refused our certificate for whom: clients that know their server's certificate, or do not trust the authority. */

/** As many are remembered; then the oldest go. */
const MOST = 10_000;

export class Rejections {
	private readonly life: number;
	/** When each is forgotten. The oldest is the first. */
	private readonly until: Map<string, number> = new Map();

	/** `life`: milliseconds that one is remembered. */
	constructor(life: number) {
		this.life = life;
	}

	add(client: string, host: string): void {
		const key = `${client} ${host}`;
		this.until.delete(key);
		this.until.set(key, performance.now() + this.life);
		if (this.until.size <= MOST) return;
		const [oldest] = this.until.keys();
		if (oldest !== undefined) this.until.delete(oldest);
	}

	has(client: string, host: string): boolean {
		const key = `${client} ${host}`;
		const until = this.until.get(key);
		if (until === undefined) return false;
		if (until > performance.now()) return true;
		this.until.delete(key);
		return false;
	}

	get size(): number {
		return this.until.size;
	}
}

/**
 * Whether an error of a handshake says that the client wants nothing of our certificate (RFC 8446 section 6.2). They are
 * named after OpenSSL's alerts: `SSLV3_ALERT_BAD_CERTIFICATE`, `TLSV1_ALERT_UNKNOWN_CA`.
 */
export function rejectsCertificate(error: Error): boolean {
	const { code = '' } = error as NodeJS.ErrnoException;
	return /ALERT_(?:UNKNOWN_CA|(?:BAD|UNSUPPORTED)_CERTIFICATE|CERTIFICATE_(?:UNKNOWN|EXPIRED|REVOKED))$/.test(code);
}
