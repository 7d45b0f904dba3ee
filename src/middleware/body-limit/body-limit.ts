/**
 * Bodies of requests up to a size (RFC 9110 section 15.5.14). One that says its length is refused before a byte of it is read;
 * any other fails where it is read, and what the app throws then is answered as what it is. What an app does not read is not
 * counted: there is nothing to guard. Inside of `decompress` it counts decoded bytes, outside those of the wire.
 */
import { limited } from '../../bytes/index.ts';
import {
	type App,
	BodyFault,
	derive,
	type Explanation,
	HttpError,
	type Layer,
	layer,
	type RawRequest,
	raw,
	statusLine,
	whenAnswered,
} from '../../convention/index.ts';
import { type BodyLimitOptions, bytesOf } from './options.ts';

/** `bodyLimit(1_000_000)`. Throws TypeError or RangeError for options that cannot be meant. */
export function bodyLimit(options: number | BodyLimitOptions): Layer {
	const bytes = bytesOf(options);
	const note = { name: 'bodyLimit', explain: (request: RawRequest): Explanation => explain(request, bytes) };
	return layer(
		note,
		(next: App): App =>
			(request, context) => {
				const message = raw(request);
				const { payload } = message;
				if (payload === null) return next(request, context, context);
				const { length } = payload;
				// A source that says its length delivers just that: rule 7 of the convention.
				if (length !== null && length <= bytes) return next(request, context, context);
				if (length !== null) throw tooLarge(bytes);
				const fault = new BodyFault();
				const counted = limited(payload, bytes, () => fault.refuse(tooLarge(bytes)));
				return whenAnswered(next, derive(message, { payload: counted }), context, fault);
			},
	);
}

const tooLarge = (bytes: number): HttpError =>
	new HttpError(413, { message: `The body is larger than ${bytes} bytes.` });

function explain({ payload }: RawRequest, bytes: number): Explanation {
	const length = payload === null ? 0 : payload.length;
	if (length === null) {
		const does = [`Answers 413 Content Too Large when the body turns out to be larger than ${bytes} bytes.`];
		return { does: [...does, 'Passes the request on, with the bytes of the body counted.'] };
	}
	if (length <= bytes)
		return { does: [`The body has no more than ${bytes} bytes.`, 'Passes the request on as it is.'] };
	return { does: [`The body has ${length} bytes.`], answers: statusLine(413, `more than ${bytes}`) };
}
