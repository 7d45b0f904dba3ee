/** Which route would take a request: found by a table of the same patterns, whose apps only say that they were reached. */
import {
	type App,
	type Context,
	type Explanation,
	type FieldNote,
	HttpError,
	type RawRequest,
	rawResponse,
	statusLine,
} from '../convention/index.ts';
import { currentRoute } from './routed-context.ts';

/** Thrown by the stand-in of an app that was reached. */
class Reached {
	readonly target: object;
	readonly request: Request;
	readonly context: Context;

	constructor(target: object, request: Request, context: Context) {
		this.target = target;
		this.request = request;
		this.context = context;
	}
}

/** The table with a stand-in for each app. */
export function standIns(table: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(table).map(([pattern, target]) => [
			pattern,
			isServable(target) ? standIn(target) : standIns(target as Readonly<Record<string, unknown>>),
		]),
	);
}

/** An app that only says that it was reached, in place of `target`. */
export function standIn(target: object): App {
	return (request, context) => {
		// oxlint-disable-next-line typescript/only-throw-error -- nobody but explainRoute is to take it
		throw new Reached(target, request, context);
	};
}

const REASONS: Readonly<Record<number, string>> = {
	404: 'Has no route for this.',
	405: 'Has this path for other methods only.',
};

/** What `dispatch`, with stand-ins for its apps, does with the request. */
export function explainRoute(dispatch: App, request: RawRequest, context: Context): Explanation {
	try {
		const { status, fields } = rawResponse(dispatch(request, context) as Response);
		const place = fields.get('location');
		return { does: ['Has no app for this.'], ...locationOf(place), answers: statusLine(status) };
	} catch (error) {
		if (error instanceof HttpError) {
			const allow = error.fields?.get('allow') ?? null;
			const why = REASONS[error.status] ?? `${error.message}.`;
			const fields: FieldNote[] =
				allow === null
					? []
					: [{ what: 'adds', name: 'Allow', value: allow, on: 'response', source: 'RFC 9110 section 10.2.1' }];
			return { does: [why], fields, answers: statusLine(error.status) };
		}
		if (!(error instanceof Reached)) throw error;
		return reached(error, request, context);
	}
}

function locationOf(value: string | null): { readonly fields?: readonly FieldNote[] } {
	if (value === null) return {};
	return { fields: [{ what: 'adds', name: 'Location', value, on: 'response', source: 'RFC 9110 section 10.2.2' }] };
}

function reached({ target, request, context }: Reached, given: RawRequest, outer: Context): Explanation {
	const next = { next: target, request: request as RawRequest, context };
	if (context === outer) return { does: ['Has no route for this: `otherwise` answers.'], ...next };
	const { route, params } = currentRoute(context) ?? { route: '', params: {} };
	const values = Object.entries(params).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
	const says = `Takes the route ${route}${values.length === 0 ? '' : `, with ${values.join(', ')}`}.`;
	const mounted = request === given ? [] : [`What is below ${context.mount} goes on.`];
	return { does: [says, ...mounted], ...next };
}

function isServable(target: unknown): target is object {
	return typeof target === 'function' || (typeof target === 'object' && target !== null && 'fetch' in target);
}
