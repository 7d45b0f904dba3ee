/** Secrets that something is sealed with, as options give them. */

/** Of several, the first seals and all open: put a new one in front, and take the old one away when nothing of it is left. */
export type Secrets = string | Uint8Array | readonly (string | Uint8Array)[];

const MOST = 8;
/** Bytes. */
export const LEAST_SECRET = 32;

/** The secrets as bytes; none when none were given. Throws TypeError or RangeError, which say how long one is and never what. */
export function secretsOf(where: string, given: Secrets | undefined): Uint8Array[] {
	if (given === undefined) return [];
	const list = Array.isArray(given) ? (given as readonly unknown[]) : [given];
	if (list.length === 0 || list.length > MOST)
		throw new RangeError(`${where}: secret must be one or a list of 1 to ${MOST}`);
	return list.map((one) => {
		if (typeof one !== 'string' && !(one instanceof Uint8Array))
			throw new TypeError(`${where}: secret must be text or bytes, not ${one === null ? 'null' : typeof one}`);
		const bytes = typeof one === 'string' ? new TextEncoder().encode(one) : Uint8Array.from(one);
		if (bytes.length < LEAST_SECRET)
			throw new RangeError(`${where}: secret has ${bytes.length} bytes, and must have ${LEAST_SECRET} at least`);
		return bytes;
	});
}
