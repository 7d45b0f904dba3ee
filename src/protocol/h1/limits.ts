/** What one message may cost us: each limit is an option with its own status when it is passed. */

export interface H1Limits {
	/** Bytes of the method; 501. */
	readonly method: number;
	/** Bytes of the request-target; 414. */
	readonly target: number;
	/** Field lines in a header section; 431. */
	readonly fieldCount: number;
	/** Bytes of a header section with its start line; 431. */
	readonly headBytes: number;
	/** Bytes of a body after chunk framing is taken off, or Infinity; 413. */
	readonly bodyBytes: number;
	/** Bytes of extensions behind one chunk size; 400. */
	readonly chunkExtensionBytes: number;
	/** Bytes of all chunk extensions of one body; 400. */
	readonly chunkExtensionTotal: number;
	/** Field lines in a trailer section; 431. */
	readonly trailerCount: number;
	/** Bytes of a trailer section; 431. */
	readonly trailerBytes: number;
}

export const h1Limits: H1Limits = {
	method: 32,
	target: 16_384,
	fieldCount: 128,
	headBytes: 65_536,
	bodyBytes: Number.POSITIVE_INFINITY,
	chunkExtensionBytes: 256,
	chunkExtensionTotal: 16_384,
	trailerCount: 64,
	trailerBytes: 16_384,
};
