/** One exchange, from the head of the request to the last byte of the response, in the thread. */
import { Disconnected } from '../../../convention/index.ts';
import { type RequestHead, SMALL } from '../messages.ts';
import { packed } from '../thrown.ts';
import type { BlockingHandler } from './blocking.ts';
import { BlockingRequest } from './blocking-request.ts';
import { isReply, type Reply } from './reply.ts';
import type { Thread } from './thread.ts';

const encoder = new TextEncoder();

/** Runs the handler and sends what it returns; what it throws is told to the process. */
export function run(thread: Thread, handler: BlockingHandler, number: number, head: RequestHead): void {
	thread.begin(number);
	try {
		const reply: unknown = handler(new BlockingRequest(thread, number, head));
		if (!isReply(reply)) throw new TypeError(notReply(reply));
		send(thread, number, reply, head.method);
	} catch (error) {
		thread.post(['failed', number, packed(error)]);
	}
	thread.finish();
}

function notReply(value: unknown): string {
	const late = typeof value === 'object' && value !== null && 'then' in value;
	return `A blocking callable returns reply(status, fields, body), not ${late ? 'a promise' : typeof value}`;
}

function send(thread: Thread, number: number, { status, fields, body }: Reply, method: string): void {
	const whole = typeof body === 'string' && body.length > SMALL ? encoder.encode(body) : body;
	if (whole === null || typeof whole === 'string') return thread.post(['whole', number, status, fields.raw, whole]);
	if (whole instanceof Uint8Array) {
		// A view would take all of its buffer along.
		if (whole.length <= SMALL) return thread.post(['whole', number, status, fields.raw, new Uint8Array(whole)]);
		thread.post(['head', number, status, fields.raw, whole.length]);
		if (method !== 'HEAD') thread.write(whole);
	} else {
		thread.post(['head', number, status, fields.raw, null]);
		if (method === 'HEAD') whole[Symbol.iterator]().return?.();
		else sendPieces(thread, whole);
	}
	thread.post(['end', number]);
}

function sendPieces(thread: Thread, pieces: Iterable<string | Uint8Array>): void {
	const iterator = pieces[Symbol.iterator]();
	for (let result = iterator.next(); result.done !== true; result = iterator.next()) {
		try {
			thread.checkClient();
			thread.write(bytesOf(result.value));
		} catch (error) {
			leave(iterator, error);
			throw error;
		}
	}
}

/** The client's leaving is thrown into the generator, where it stands at its yield; it may not go on after that. */
function leave(iterator: Iterator<string | Uint8Array>, error: unknown): void {
	if (error instanceof Disconnected && iterator.throw !== undefined) {
		const { done } = iterator.throw(error);
		if (done === true) return;
	}
	iterator.return?.();
}

function bytesOf(piece: unknown): Uint8Array {
	if (piece instanceof Uint8Array) return piece;
	if (typeof piece === 'string') return encoder.encode(piece);
	throw new TypeError(`A body is made of strings and Uint8Array, not of ${piece === null ? 'null' : typeof piece}`);
}
