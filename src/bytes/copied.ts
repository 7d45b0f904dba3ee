/** The bytes of a lent chunk, to keep. Not `chunk.slice()`: on node's Buffer that is a view of the same memory. */
export function copied(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
	return new Uint8Array(chunk);
}
