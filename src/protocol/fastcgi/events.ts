/** What the codec tells its owner, in the order of the bytes. */
import type { FieldList } from '../../fields/index.ts';
import type { Violation } from './violations.ts';

/** The head of a response as RFC 3875 section 6 has it, without the fields that are for the server alone. */
export interface CgiHead {
	readonly status: number;
	/** Behind the code in Status; '' for none. */
	readonly reason: string;
	readonly fields: FieldList;
	/** Bytes of the body as Content-Length has it, or -1. */
	readonly length: number;
	/** A local redirect (section 6.2.2): the path and query to be answered instead. */
	readonly redirect: string | null;
}

export interface FastCgiEvents {
	head(head: CgiHead): void;
	/** A piece of the body, `bytes[start, end)`. */
	body(bytes: Uint8Array, start: number, end: number): void;
	/** A piece of what the application writes to its log. */
	stderr(bytes: Uint8Array, start: number, end: number): void;
	/** The response is whole. `excess`: the script has sent more than its Content-Length; that was dropped. */
	complete(excess: boolean): void;
	/** Nothing can be read from here on. */
	violation(violation: Violation): void;
}
