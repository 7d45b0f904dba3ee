/**
 * Records on their way out, as latin1 text: the transport gathers texts of one turn and writes them in one piece. Large
 * content is framed by `recordHead` and written as it is. Nothing is padded: alignment is advice (section 3.3).
 */

import { KEEP_CONN, MOST_CONTENT, REQUEST_ID, RESPONDER, types, VERSION } from './record-types.ts';

/** The header of a record of the request. `length` is at most MOST_CONTENT. */
export function recordHead(type: number, length: number): string {
	return String.fromCharCode(VERSION, type, 0, REQUEST_ID, length >>> 8, length & 0xff, 0, 0);
}

function beginRecord(flags: number): string {
	return recordHead(types.BEGIN_REQUEST, 8) + String.fromCharCode(0, RESPONDER, flags, 0, 0, 0, 0, 0);
}

const BEGIN_KEPT = beginRecord(KEEP_CONN);
const BEGIN_ONCE = beginRecord(0);
const PARAMS_END = recordHead(types.PARAMS, 0);

/** The last record of the request's body, and all of it when there is none. */
export const STDIN_END: string = recordHead(types.STDIN, 0);

/** Asks for the end of the request; who has asked drops the connection then, since some never answer. */
export const ABORT: string = recordHead(types.ABORT_REQUEST, 0);

/** Everything before the request's body. `pairs` are name-value pairs end to end. */
export function requestRecords(pairs: string, keep: boolean): string {
	return (keep ? BEGIN_KEPT : BEGIN_ONCE) + streamRecords(types.PARAMS, pairs) + PARAMS_END;
}

/** A text as records of one stream; not its end. */
export function streamRecords(type: number, text: string): string {
	if (text.length <= MOST_CONTENT) return text.length === 0 ? '' : recordHead(type, text.length) + text;
	let records = '';
	for (let at = 0; at < text.length; at += MOST_CONTENT) {
		const content = text.slice(at, at + MOST_CONTENT);
		records += recordHead(type, content.length) + content;
	}
	return records;
}
