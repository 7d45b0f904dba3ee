import type { App } from './app.ts';
import type { Context } from './context.ts';
import { PendingResponse, type ResponseTaker } from './pending-response.ts';

/** Asks an app and tells `taker`, once: in this turn where the app answers at once, and without a promise where it can be. What the taker throws is its own affair: it must not. */
export function askApp(app: App, request: Request, context: Context, taker: ResponseTaker): void {
	let answer: Response | Promise<Response>;
	try {
		answer = app(request, context, context);
	} catch (error) {
		return taker.refused(error);
	}
	if (answer instanceof PendingResponse) answer.deliver(taker);
	else if (typeof (answer as { then?: unknown } | null | undefined)?.then !== 'function')
		taker.responded(answer as Response);
	else
		(answer as Promise<Response>).then(
			(response) => taker.responded(response),
			(error: unknown) => taker.refused(error),
		);
}
