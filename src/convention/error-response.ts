/**
 * What is answered and logged for each class of error: the one table that engines and the error middleware go by.
 * Nobody outside learns more than the status, except what an HttpError exposes on purpose.
 */
import { FieldList } from '../fields/index.ts';
import type { Context } from './context.ts';
import { addErrorFields } from './error-fields.ts';
import { Abort, Disconnected, HttpError, ProtocolError, UpstreamError } from './errors.ts';
import { reasonPhrase } from './reason-phrase.ts';
import { type OutgoingResponse, respond } from './response.ts';

/** How loudly an error is logged; `null`: not at all. */
export type LogLevel = 'error' | 'warn' | 'debug' | null;

/** What an error means for the client and for the log. */
export interface ErrorVerdict {
	/** The status to answer, or null to answer nothing and drop the connection. */
	readonly status: number | null;
	readonly level: LogLevel;
}

export function errorVerdict(error: unknown): ErrorVerdict {
	if (error instanceof Abort || error instanceof Disconnected) return { status: null, level: null };
	if (error instanceof HttpError) return { status: error.status, level: error.status >= 500 ? 'error' : null };
	if (error instanceof ProtocolError)
		return { status: error.status, level: error.side === 'remote' ? 'debug' : 'error' };
	if (error instanceof UpstreamError) return { status: error.status, level: 'warn' };
	return { status: 500, level: 'error' };
}

/**
 * The plain answer to an error, or null where nothing is answered: the connection is to be dropped then. `context`: with the
 * fields that layers have noted for it.
 */
export function errorResponse(error: unknown, context: Context): OutgoingResponse | null {
	const { status } = errorVerdict(error);
	if (status === null) return null;
	const exposed = error instanceof HttpError && error.expose ? error.message : null;
	const fields = error instanceof HttpError ? FieldList.of(error.fields) : FieldList.empty();
	if (!fields.has('content-type')) fields.append('content-type', 'text/plain; charset=utf-8');
	// RFC 9209: what went wrong behind us, in its words; a proxy with a name of its own has answered by itself.
	if (error instanceof UpstreamError) fields.append('Proxy-Status', `turnabout; error=${error.type}`);
	addErrorFields(error, context, fields);
	return respond(status, fields, `${exposed ?? `${status} ${reasonPhrase(status)}`}\n`);
}
