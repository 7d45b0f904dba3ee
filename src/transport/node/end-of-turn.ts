/**
 * Small texts leave when the turn of the loop ends: all that was read in the turn has been looked at by then. What one
 * connection has to say goes out in one write, and the writes of all connections follow close upon each other: whoever
 * reads them is woken once instead of once for each, and the kernel's code and ours stay in the processor's cache.
 */

interface Writer {
	writeOut(): unknown;
}

/** Bytes that may wait in all; with more, nobody waits for the end. */
const MOST = 4_194_304;

let writers: Writer[] = [];
let waiting = 0;

/** `writer` has begun to collect text; its `writeOut` is called when the turn ends, or before. */
export function writeAtEndOfTurn(writer: Writer): void {
	if (writers.length === 0) setImmediate(writeAll);
	writers.push(writer);
}

/** So many bytes more are waiting. */
export function waits(bytes: number): void {
	waiting += bytes;
	if (waiting > MOST) writeAll();
}

function writeAll(): void {
	const due = writers;
	writers = [];
	waiting = 0;
	for (let i = 0; i < due.length; i++) (due[i] as Writer).writeOut();
}
