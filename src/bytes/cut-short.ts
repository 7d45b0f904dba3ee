/** Bytes ended before they were complete: a stream closed in the middle, a file that shrank, a peer that left. */
export class CutShortError extends Error {
	override readonly name = 'CutShortError';
	readonly code = 'CUT_SHORT';
}
