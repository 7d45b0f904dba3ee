/** What one answer may cost us: each limit is an option. */

export interface FastCgiLimits {
	/** Header fields of a response. */
	readonly fieldCount: number;
	/** Bytes of a response's head. */
	readonly headBytes: number;
	/** Bytes of a response's body, or Infinity. */
	readonly bodyBytes: number;
	/** Bytes that a script may send as body of a response that has none, to be dropped: HEAD, 204, 304 and redirects within. */
	readonly unwantedBytes: number;
}

export const fastCgiLimits: FastCgiLimits = {
	fieldCount: 128,
	headBytes: 65_536,
	bodyBytes: Number.POSITIVE_INFINITY,
	unwantedBytes: 1_048_576,
};
