/**
 * The layer that catches what is thrown within: it is logged once, with the request's id, and the client gets a page or a
 * problem of which the status is all that it learns. What fails behind the head can be answered no more: the engine cuts
 * the connection, so that everybody sees it, and tells this layer's log.
 */
import {
	type AnswerStep,
	type App,
	type Context,
	type Explanation,
	errorVerdict,
	type FailureLog,
	failureLog,
	HttpError,
	type Layer,
	layer,
	type RawRequest,
	raw,
	rawResponse,
	reasonPhrase,
	whenAnswered,
} from '../../convention/index.ts';
import { requestId, traceContext } from '../keys.ts';
import { answerFor } from './answer.ts';
import { type ErrorFacts, type ErrorsOptions, type ErrorsSettings, errorsSettings } from './options.ts';
import { preferredForm } from './preferred-form.ts';

/**
 * Answers for whatever throws within, as the table of errors says: the status of an HttpError, 502 to 504 with Proxy-Status
 * for an upstream, 500 for everything else. Throws TypeError with the option's name and the reason.
 */
export function errors(options: ErrorsOptions = {}): Layer {
	const catcher = new Catcher(errorsSettings(options));
	const note = { name: 'errors', explain: (request: RawRequest) => catcher.explain(request) };
	return layer(note, (next) => catcher.wrap(next));
}

class Catcher implements AnswerStep, FailureLog {
	private readonly settings: ErrorsSettings;

	constructor(settings: ErrorsSettings) {
		this.settings = settings;
	}

	wrap(next: App): App {
		return (request, context) => {
			context.set(failureLog, this);
			return whenAnswered(next, request, context, this);
		};
	}

	answered(response: Response, request: Request, context: Context): Response | Promise<Response> {
		try {
			rawResponse(response);
		} catch (error) {
			// Nothing that could be sent.
			return this.failed(error, request, context);
		}
		return response;
	}

	failed(error: unknown, given: Request, context: Context): Response | Promise<Response> {
		const { status } = errorVerdict(error);
		// Whoever has left is not answered, and an app that drops the connection means it.
		if (status === null) throw error;
		const request = raw(given);
		this.report(error, 'A request failed', context, request, status);
		return answerFor(this.factsOf(error, status, request, context), request, context, this.settings);
	}

	/** The engine tells: there is no answer to be given any more. */
	exchangeFailed(
		error: unknown,
		committed: boolean,
		context: Context,
		asked: { readonly method: string; readonly target: string } | null,
	): void {
		if (committed) this.report(error, 'A response was cut short', context, asked, null);
		else this.report(error, 'A request failed', context, asked, errorVerdict(error).status);
	}

	explain(request: RawRequest): Explanation {
		const form = preferredForm(request.fields.get('accept')) === 'html' ? 'HTML' : 'problem+json (RFC 9457)';
		const own = this.settings.page === null ? '' : ', unless the page of the configuration says otherwise';
		const development = this.settings.development ? ', with stack and source code' : '';
		const when = 'when something fails';
		return {
			does: [`Answers what fails within as ${form}${development}${own}.`, 'Passes the request on as it is.'],
			fields: [
				{ what: 'adds', name: 'Vary', value: 'Accept', on: 'response', when, source: 'RFC 9110 section 12.5.5' },
				{
					what: 'adds',
					name: 'Cache-Control',
					value: 'no-store',
					on: 'response',
					when: 'with 500 and up',
					source: 'RFC 9111 section 5.2.2.5',
				},
			],
		};
	}

	private factsOf(error: unknown, status: number, request: RawRequest, context: Context): ErrorFacts {
		return {
			status,
			title: reasonPhrase(status),
			detail: error instanceof HttpError && error.expose ? error.message : null,
			id: context.get(requestId) ?? null,
			wants: preferredForm(request.fields.get('accept')),
			error,
		};
	}

	private report(
		error: unknown,
		message: string,
		context: Context,
		asked: { readonly method: string; readonly target: string } | null,
		status: number | null,
	): void {
		const { level } = errorVerdict(error);
		if (level === null) return;
		const id = context.get(requestId) ?? null;
		const path = asked === null ? null : (asked.target.split('?', 1)[0] as string);
		const trace = context.get(traceContext);
		const traced = trace === undefined ? {} : { traceId: trace.traceId };
		this.settings.log({ level, message, id, ...traced, method: asked?.method ?? null, path, status, error });
	}
}
