/** How a layer sees the answer of the app within: at once when that has answered at once (rule 11), without a promise where it can be. */
import type { App } from './app.ts';
import type { Context } from './context.ts';
import { cancelPayload } from './payload.ts';
import { PendingResponse, type ResponseTaker } from './pending-response.ts';
import { rawResponse } from './raw.ts';

/** What a layer makes of the answer. One object may serve every exchange, if it keeps nothing of one. */
export interface AnswerStep {
	/** The app has answered: what is answered instead, or the same. What it throws is what the layer throws. */
	answered(response: Response, request: Request, context: Context): Response | Promise<Response>;
	/** The app has failed. Left out: the error goes on outward. */
	failed?(error: unknown, request: Request, context: Context): Response | Promise<Response>;
}

/** Asks `next`, and passes its answer or its error through `step`. */
export function whenAnswered(
	next: App,
	request: Request,
	context: Context,
	step: AnswerStep,
): Response | Promise<Response> {
	let answer: Response | Promise<Response>;
	try {
		answer = next(request, context, context);
	} catch (error) {
		return failed(step, error, request, context);
	}
	if (answer instanceof PendingResponse) {
		const relay = new Relay(step, request, context);
		answer.deliver(relay);
		return relay;
	}
	if (!(answer instanceof Promise) && !isThenable(answer)) return answered(step, answer, request, context);
	return (answer as Promise<Response>).then(
		(response) => answered(step, response, request, context),
		(error: unknown) => failed(step, error, request, context),
	);
}

/** What the step throws is what the layer throws; then nobody is left to take the payload (rule 4). */
function answered(
	step: AnswerStep,
	response: Response,
	request: Request,
	context: Context,
): Response | Promise<Response> {
	let answer: Response | Promise<Response>;
	try {
		answer = step.answered(response, request, context);
	} catch (error) {
		return givenUp(response, error);
	}
	return answer instanceof Promise ? answer.catch((error: unknown) => givenUp(response, error)) : answer;
}

function givenUp(response: Response, error: unknown): never {
	try {
		cancelPayload(rawResponse(response).payload, error);
	} catch {
		// It was no response at all.
	}
	throw error;
}

/** Promises of other realms and libraries. */
function isThenable(answer: unknown): boolean {
	return typeof (answer as { then?: unknown } | null | undefined)?.then === 'function';
}

function failed(step: AnswerStep, error: unknown, request: Request, context: Context): Response | Promise<Response> {
	if (step.failed === undefined) throw error;
	return step.failed(error, request, context);
}

class Relay extends PendingResponse implements ResponseTaker {
	private readonly step: AnswerStep;
	private readonly request: Request;
	private readonly context: Context;

	constructor(step: AnswerStep, request: Request, context: Context) {
		super();
		this.step = step;
		this.request = request;
		this.context = context;
	}

	responded(response: Response): void {
		try {
			this.resolve(answered(this.step, response, this.request, this.context));
		} catch (error) {
			this.reject(error);
		}
	}

	refused(error: unknown): void {
		try {
			this.resolve(failed(this.step, error, this.request, this.context));
		} catch (thrown) {
			this.reject(thrown);
		}
	}
}
