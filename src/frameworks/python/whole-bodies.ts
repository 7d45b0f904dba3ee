/**
 * WSGI apps learn the length of a body from CONTENT_LENGTH, and most take a body without it for none (PEP 3333 knows no
 * chunks). Such a body is kept until it is complete, as nginx does, within a bound.
 */
import { bytesSource, collect, TooLargeError } from '../../bytes/index.ts';
import { type App, type Context, derive, HttpError, raw } from '../../convention/index.ts';

/** `limit` is in bytes; a body that is longer is answered 413. */
export function wholeBodies(app: App, limit: number): App {
	return (request, context) => {
		const { payload } = raw(request);
		if (payload === null || payload.length !== null) return app(request, context, context);
		return collected(app, limit, request, context);
	};
}

async function collected(app: App, limit: number, request: Request, context: Context): Promise<Response> {
	const { payload } = raw(request);
	let bytes = new Uint8Array(0);
	try {
		if (payload !== null) bytes = await collect(payload, limit);
	} catch (error) {
		if (!(error instanceof TooLargeError)) throw error;
		throw new HttpError(413, { cause: error, message: `A body without Content-Length may have ${limit} bytes here.` });
	}
	return app(derive(request, { payload: bytesSource(bytes) }), context, context);
}
