/** The trailers that end a response: those of its payload's source, and behind them those that the app makes now. */
import { asError } from '../bytes/index.ts';
import type { RawResponse } from '../convention/index.ts';
import { FieldList, type Fields } from '../fields/index.ts';

/** What waits for them. */
export interface EndingWriter {
	endWith(trailers: Fields | null): void;
	fail(error: Error): void;
}

export function gatherTrailers(response: RawResponse, own: Fields | undefined, writer: EndingWriter): void {
	const { trailing } = response;
	if (trailing === undefined) return writer.endWith(own ?? null);
	let more: Fields | Promise<Fields>;
	try {
		more = trailing();
	} catch (error) {
		return writer.fail(asError(error));
	}
	if (more instanceof Promise) {
		more.then(
			(fields) => writer.endWith(joined(own, fields)),
			(error) => writer.fail(asError(error)),
		);
	} else {
		writer.endWith(joined(own, more));
	}
}

function joined(first: Fields | undefined, second: Fields): Fields {
	if (first === undefined) return second;
	const all = FieldList.from(first).copy();
	for (const [name, value] of second) all.append(name, value);
	return all;
}
