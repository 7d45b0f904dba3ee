/** A layer that sends some requests elsewhere and passes all others on: what the four of this folder have in common. */
import {
	type App,
	type Context,
	type Explanation,
	type FieldNote,
	type Layer,
	layer,
	type RawRequest,
	raw,
	statusLine,
} from '../../convention/index.ts';
import { type RedirectStatus, redirectTo } from './location.ts';

/** Where a request is sent. */
export interface Elsewhere {
	readonly location: string;
	readonly status: RedirectStatus;
}

/** `where` gives null for a request that goes on. */
export function redirecting(name: string, where: (request: RawRequest, context: Context) => Elsewhere | null): Layer {
	const explain = (request: RawRequest, context: Context): Explanation => {
		const elsewhere = where(request, context);
		if (elsewhere === null) return { does: ['Sends this request nowhere else.', 'Passes the request on as it is.'] };
		const { location, status } = elsewhere;
		const fields: FieldNote[] = [
			{ what: 'adds', name: 'Location', value: location, on: 'response', source: 'RFC 9110 section 10.2.2' },
		];
		return { does: [`Sends the client to ${location}.`], fields, answers: statusLine(status) };
	};
	return layer(
		{ name, explain },
		(next: App): App =>
			(request, context) => {
				const elsewhere = where(raw(request), context);
				return elsewhere === null ? next(request, context, context) : redirectTo(elsewhere.location, elsewhere.status);
			},
	);
}
