/**
 * Node's ServerResponse, with its head taken out before it becomes text. All that a framework may call is node's own,
 * checks included; three methods are replaced, on the object itself, since Express gives responses another prototype.
 * Node keeps what is needed here under symbols and names that begin with a low line; the tests run on every Node that
 * is supported.
 */
/* oxlint-disable no-underscore-dangle -- the names are node's */
import { type IncomingMessage, OutgoingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FieldList } from '../../fields/index.ts';
import { type ExchangeSocket, socketOf } from './exchange-socket.ts';

/** Who captures a response. */
export interface ResponseOwner {
	/** The head is settled. Throws what is wrong with it. */
	headStored(response: ServerResponse, fields: FieldList): void;
	/** `end` begins: what is written until `ended` is the rest of the response. */
	ending(): void;
	/** All has been written. */
	ended(): void;
}

/** What of node's response is not in its types. */
interface Inner {
	_header: string | null;
	_headerSent: boolean;
	_hasBody: boolean;
	_closed: boolean;
	_trailer: string;
	_storeHeader(firstLine: string, fields: unknown): void;
	_finish(): void;
	_httpMessage: ServerResponse | null;
}

type NodeFields = Record<string, [string, unknown]> | null;

/** The private names of node, found on a response of its own. */
function privateName(description: string): symbol {
	const response = new OutgoingMessage();
	const found = Object.getOwnPropertySymbols(response).find((symbol) => symbol.description === description);
	if (found === undefined) throw new Error(`This version of Node.js keeps no ${description} in its responses`);
	return found;
}

const FIELDS = privateName('kOutHeaders');
const NEEDS_DRAIN = privateName('kNeedDrain');

/** Its second argument is documented, and not in the types. */
const NodeResponse = ServerResponse as new (request: IncomingMessage, options: object) => ServerResponse;

/** A response to `request` whose head and end go to `owner`, and whose bytes go to the socket. */
export function capturedResponse(
	request: IncomingMessage,
	socket: ExchangeSocket,
	options: { readonly highWaterMark: number },
): ServerResponse {
	const response = new NodeResponse(request, options);
	const inner = response as unknown as Inner;
	inner._storeHeader = storeHeader;
	inner._finish = finish;
	response.end = end as ServerResponse['end'];
	// A write after the end is an event of the response's, and must not end the process.
	response.on('error', ignore);
	response.assignSocket(socket as unknown as Socket);
	return response;
}

/** Lets a writer that was told to wait go on. */
export function drain(response: ServerResponse): void {
	const flags = response as unknown as Record<symbol, boolean>;
	if (flags[NEEDS_DRAIN] !== true || response.writableEnded) return;
	flags[NEEDS_DRAIN] = false;
	response.emit('drain');
}

/** The last event of a response, once. */
export function close(response: ServerResponse): void {
	const inner = response as unknown as Inner & { destroyed: boolean };
	if (inner._closed) return;
	inner.destroyed = true;
	inner._closed = true;
	response.emit('close');
}

/** Whether the response may have a body: not with HEAD, 204 and 304. */
export function hasBody(response: ServerResponse): boolean {
	return (response as unknown as Inner)._hasBody;
}

/** The response counts as begun and ended, for those who look at it after somebody else has answered. */
export function markEnded(response: ServerResponse, status: number): void {
	const inner = response as unknown as Inner & { finished: boolean };
	response.statusCode = status;
	inner._header ??= `HTTP/1.1 ${status}\r\n`;
	inner.finished = true;
}

/** The reason phrase, or null when it is the one that node gives by itself. */
export function reasonOf({ statusCode, statusMessage }: ServerResponse): string | null {
	return statusMessage === (STATUS_CODES[statusCode] ?? 'unknown') ? null : statusMessage;
}

/** The fields that were set on a response, as they are now. */
export function fieldsOf(response: ServerResponse): FieldList {
	return captured((response as unknown as Record<symbol, NodeFields>)[FIELDS], true);
}

/** The trailers that were added, or null. */
export function trailersOf(response: ServerResponse): FieldList | null {
	const text = (response as unknown as Inner)._trailer;
	return text === '' ? null : linesOf(text);
}

/** Field lines as node writes them: it has checked names and values. */
export function linesOf(text: string): FieldList {
	const list = FieldList.empty();
	for (const line of text.split('\r\n')) {
		const colon = line.indexOf(':');
		if (colon > 0) list.append(line.slice(0, colon), line.slice(colon + 1).trim());
	}
	return list;
}

function storeHeader(this: ServerResponse & Inner, firstLine: string, fields: unknown): void {
	const own = fields === (this as unknown as Record<symbol, unknown>)[FIELDS];
	ownerOf(this).headStored(this, captured(fields, own));
	this._header = firstLine;
	this._headerSent = true;
}

function finish(this: ServerResponse & Inner): void {
	this.emit('prefinish');
	ownerOf(this).ended();
}

// oxlint-disable-next-line typescript/unbound-method -- it is called on the response
const nodesEnd = ServerResponse.prototype.end as (...args: unknown[]) => ServerResponse;

function end(this: ServerResponse, chunk?: unknown, encoding?: unknown, callback?: unknown): ServerResponse {
	const socket = socketOf(this);
	if (socket !== undefined) (socket.owner as unknown as ResponseOwner).ending();
	return nodesEnd.call(this, chunk, encoding, callback);
}

function ownerOf(response: ServerResponse): ResponseOwner {
	return (socketOf(response) as ExchangeSocket).owner as unknown as ResponseOwner;
}

/** What was given to writeHead: names and values, pairs, or a record; or node's own record of name and value, `own`. */
function captured(fields: unknown, own: boolean): FieldList {
	const list = FieldList.empty();
	if (fields === undefined || fields === null) return list;
	if (own) {
		const record = fields as Record<string, [string, unknown]>;
		for (const key in record) {
			const entry = record[key] as [string, unknown];
			add(list, entry[0], entry[1]);
		}
	} else if (!Array.isArray(fields)) {
		for (const [name, value] of Object.entries(fields)) add(list, name, value);
	} else if (Array.isArray(fields[0])) {
		for (const [name, value] of fields as [string, unknown][]) add(list, name, value);
	} else {
		for (let i = 0; i + 1 < fields.length; i += 2) add(list, fields[i] as string, fields[i + 1]);
	}
	return list;
}

function add(list: FieldList, name: string, value: unknown): void {
	if (typeof value === 'string') list.append(name, value);
	else if (Array.isArray(value)) for (const one of value) list.append(name, String(one));
	else if (value === undefined) throw new TypeError(`The field ${name} has no value`);
	else list.append(name, String(value as number));
}

function ignore(): void {}
