/** What a blocking callable returns. */
import { FieldList, type FieldsInit } from '../../../fields/index.ts';

/** Nothing, text as UTF-8, bytes, or pieces that are asked for one by one: a generator, as in WSGI. */
export type ReplyBody = null | string | Uint8Array | Iterable<string | Uint8Array>;

export interface Reply {
	readonly status: number;
	readonly fields: FieldList;
	readonly body: ReplyBody;
}

const REPLY: unique symbol = Symbol.for('turnabout.blocking.reply') as never;

/**
 * A response. Pieces of an iterable are sent as they are yielded, the head before the first of them, and a yield blocks
 * while the client does not take them. Text without a content-type gets `text/plain;charset=UTF-8`. Throws RangeError for a status
 * that is not from 200 to 999, TypeError for fields that could not be sent or a body that is none.
 */
export function reply(status: number, fields?: FieldsInit | null, body: ReplyBody = null): Reply {
	if (!(Number.isInteger(status) && status >= 200 && status <= 999))
		throw new RangeError(`Not a final status: ${status}`);
	const list = FieldList.of(fields);
	if (!isBody(body)) throw new TypeError('A body is null, a string, bytes or an iterable of strings and bytes');
	if (typeof body === 'string' && !list.has('content-type')) list.append('content-type', 'text/plain;charset=UTF-8');
	const made: Reply & { [REPLY]: true } = { status, fields: list, body, [REPLY]: true };
	return made;
}

/** Whether it was made by `reply`, of whichever copy of this package. */
export function isReply(value: unknown): value is Reply {
	return typeof value === 'object' && value !== null && REPLY in value;
}

function isBody(body: unknown): body is ReplyBody {
	if (body === null || typeof body === 'string' || body instanceof Uint8Array) return true;
	return typeof body === 'object' && Symbol.iterator in body;
}
