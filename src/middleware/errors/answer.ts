/** What is answered to an error: the page of the configuration, the one for development, or the built-in one. */
import {
	type Context,
	errorResponse,
	HttpError,
	type OutgoingResponse,
	ProtocolError,
	type RawRequest,
	rawResponse,
	respond,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { developmentAnswer } from './development/index.ts';
import type { ErrorFacts, ErrorsSettings } from './options.ts';
import { errorPage, problem } from './pages.ts';

/** Never throws, and the promise is never rejected. */
export function answerFor(
	facts: ErrorFacts,
	request: RawRequest,
	context: Context,
	settings: ErrorsSettings,
): Response | Promise<Response> {
	const { page } = settings;
	if (page === null) return builtIn(facts, request, context, settings);
	const failed = (error: unknown): Response => {
		const { method, target } = request;
		const path = target.split('?', 1)[0] as string;
		const message = 'The page for an error failed';
		settings.log({ level: 'error', message, id: facts.id, method, path, status: facts.status, error });
		return builtIn(facts, request, context, settings);
	};
	try {
		const made = page(facts, request, context);
		if (!isThenable(made)) return pageOf(made, facts, context) ?? builtIn(facts, request, context, settings);
		return Promise.resolve(made)
			.then((late) => pageOf(late, facts, context) ?? builtIn(facts, request, context, settings))
			.catch(failed);
	} catch (error) {
		return failed(error);
	}
}

/** Null where the page leaves it to us. Throws TypeError for what is no page. */
function pageOf(made: Response | string | null, facts: ErrorFacts, context: Context): Response | null {
	if (made === null) return null;
	const own = fieldsOf(facts.error, context);
	if (typeof made === 'string') return respond(facts.status, typed(own, 'text/html; charset=utf-8'), made);
	const response = rawResponse(made);
	// What the error has to say to the client (WWW-Authenticate, Allow, Retry-After) is said whatever the page looks like.
	const missing = [...own].filter(([name]) => !response.fields.has(name) && !isOfContent(name));
	for (const [name, value] of missing) response.fields.append(name, value);
	return response;
}

function builtIn(facts: ErrorFacts, request: RawRequest, context: Context, settings: ErrorsSettings): OutgoingResponse {
	const { error, status, wants } = facts;
	// A message that says what it is written in is meant to be sent as it is.
	if (error instanceof HttpError && error.expose && error.fields.has('content-type'))
		return errorResponse(error, context) as OutgoingResponse;
	const fields = fieldsOf(error, context);
	fields.append('Vary', 'Accept');
	if (settings.development) return developmentAnswer(facts, request, fields);
	if (wants === 'html') return respond(status, typed(fields, 'text/html; charset=utf-8'), errorPage(facts));
	return respond(status, typed(fields, 'application/problem+json'), problem(facts));
}

/** What the error brings along but for what describes a body, and Proxy-Status of an upstream that failed. */
function fieldsOf(error: unknown, context: Context): FieldList {
	const plain = errorResponse(error, context);
	const fields = plain?.fields ?? FieldList.empty();
	for (const [name] of [...fields]) if (isOfContent(name)) fields.delete(name);
	if ((plain?.status ?? 500) >= 500 && !fields.has('cache-control')) fields.append('Cache-Control', 'no-store');
	// A peer that broke a rule gets its answer and no second chance.
	if (error instanceof ProtocolError && error.side === 'remote') fields.append('Connection', 'close');
	return fields;
}

function typed(fields: FieldList, type: string): FieldList {
	fields.append('Content-Type', type);
	return fields;
}

function isOfContent(name: string): boolean {
	return /^content-(?:type|length|encoding|range)$/i.test(name);
}

function isThenable(made: unknown): made is PromiseLike<Response | string | null> {
	return typeof (made as { then?: unknown } | null)?.then === 'function';
}
