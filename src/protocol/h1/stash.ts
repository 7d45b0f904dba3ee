/**
 * The beginning of a head or trailer section whose end has not come. New bytes are only searched for the end; the
 * section is parsed when that is found, and on the way each time the stash has doubled, so that garbage is refused
 * early and all work together stays linear in the bytes received, however small the pieces.
 */
import { CR, LF } from './byte-classes.ts';

/** Where the search for an empty line stands. */
const ELSEWHERE = 0;
const LINE_START = 1;
const LINE_START_CR = 2;

export class Stash {
	bytes: Uint8Array;
	length: number;
	private search: number;
	private parsed: number;

	/** Begins empty: the search starts at the beginning of a line. */
	constructor() {
		this.bytes = NOTHING;
		this.length = 0;
		this.search = LINE_START;
		this.parsed = 0;
	}

	/**
	 * The index behind the first empty line in `bytes[at, end)`, or -1. An empty line may end in a bare LF: the parser
	 * refuses it, but has to see it. Keeps its place between calls, so that a line may begin in what came before.
	 */
	seek(bytes: Uint8Array, at: number, end: number): number {
		let { search } = this;
		for (let p = at; p < end; p++) {
			const byte = bytes[p];
			if (byte === LF) {
				if (search !== ELSEWHERE) return p + 1;
				search = LINE_START;
			} else {
				search = byte === CR && search === LINE_START ? LINE_START_CR : ELSEWHERE;
			}
		}
		this.search = search;
		return -1;
	}

	/** Copies `bytes[at, end)` to the end. */
	add(bytes: Uint8Array, at: number, end: number): void {
		const length = this.length + end - at;
		if (length > this.bytes.length) {
			const larger = new Uint8Array(Math.max(length, 2 * this.bytes.length, 256));
			larger.set(this.bytes.subarray(0, this.length));
			this.bytes = larger;
		}
		this.bytes.set(bytes.subarray(at, end), this.length);
		this.length = length;
	}

	/** Whether it has doubled since it was parsed last; counts as parsed from now on. */
	isDue(): boolean {
		if (this.length < 2 * this.parsed) return false;
		this.parsed = this.length;
		return true;
	}
}

const NOTHING = new Uint8Array(0);
