/** What comes back from a host that has been given secrets: fields, reason, body and trailers without them. */
import { fileSource, latin1Bytes, mapped, type Source, WholeSource } from '../../bytes/index.ts';
import { type Coding, codedSource, named, rowOf } from '../../coding/index.ts';
import {
	type AnswerStep,
	isFileRange,
	OutgoingResponse,
	type Payload,
	payloadSource,
	type RawResponse,
	rawResponse,
	UpstreamError,
} from '../../convention/index.ts';
import { type FieldList, type Fields, listOf } from '../../fields/index.ts';
import { ScrubbedTrailers } from './scrubbed-trailers.ts';
import type { Scrubber } from './scrubber.ts';

/** True of the bytes as they came alone (RFC 9530, and those before it). */
const OF_THE_BYTES = ['content-length', 'content-md5', 'digest', 'content-digest', 'repr-digest'];

export class ScrubAnswer implements AnswerStep {
	private readonly scrubber: Scrubber;
	private readonly told: () => void;
	private found = false;

	/** `told`: once, when something was found. */
	constructor(scrubber: Scrubber, told: () => void) {
		this.scrubber = scrubber;
		this.told = told;
	}

	answered(response: Response, request: Request): Response {
		const message = rawResponse(response);
		const { status, payload } = message;
		const fields = this.fieldsOf(message);
		const reason = message.reason === null ? null : this.scrubber.text(message.reason);
		const { tunnel } = message;
		const trailing = message.trailing === undefined ? undefined : this.trailingOf(message.trailing);
		// Requests for ranges are not sent on: a secret could be asked for piece by piece.
		fields.delete('accept-ranges');
		if (payload === null && request.method === 'HEAD') asOfGet(fields);
		const clean = payload === null || tunnel !== undefined ? payload : this.payloadOf(payload, fields);
		return new OutgoingResponse(status, fields, clean, { reason, trailing, tunnel });
	}

	private fieldsOf({ fields }: RawResponse): FieldList {
		const clean = this.scrubber.fields(fields);
		if (clean !== fields) {
			this.noteFound();
			return clean;
		}
		// An app may give the same response to everybody.
		return clean.copy();
	}

	private trailingOf(trailing: () => Fields | Promise<Fields>): () => Fields | Promise<Fields> {
		return () => {
			const fields = trailing();
			return fields instanceof Promise
				? fields.then((late) => this.scrubber.fields(late))
				: this.scrubber.fields(fields);
		};
	}

	private payloadOf(payload: Exclude<Payload, null>, fields: FieldList): Payload {
		const codings = takeCodings(fields);
		const bytes = codings.length === 0 ? bytesAtHand(payload) : null;
		if (bytes !== null) return this.wholeOf(bytes, fields);
		for (const name of OF_THE_BYTES) fields.delete(name);
		const given = isFileRange(payload) ? fileSource(payload) : (payloadSource(payload) as Source);
		// The last coding that was put on is the first to be taken off (RFC 9110 section 8.4).
		const plain = codings.reduceRight(decoding, new ScrubbedTrailers(given, this.scrubber) as Source);
		return mapped(
			plain,
			this.scrubber.flowing(() => this.noteFound()),
		);
	}

	private wholeOf(bytes: Uint8Array, fields: FieldList): Payload {
		const clean = this.scrubber.whole(bytes);
		if (clean === bytes) return new WholeSource(bytes);
		for (const name of OF_THE_BYTES) fields.delete(name);
		this.noteFound();
		return new WholeSource(clean);
	}

	private noteFound(): void {
		if (!this.found) this.told();
		this.found = true;
	}
}

/** HEAD says what GET would (RFC 9110 section 9.3.2), and that could come in another length, and without a coding. */
function asOfGet(fields: FieldList): void {
	for (const name of OF_THE_BYTES) fields.delete(name);
	fields.delete('content-encoding');
}

/** Some origins send a coding although none was asked for. Takes the field off; throws UpstreamError for one that we cannot take off. */
function takeCodings(fields: FieldList): readonly Coding[] {
	const value = fields.get('content-encoding');
	if (value === null) return [];
	const names = listOf(value.toLowerCase()).filter((name) => name !== 'identity');
	const codings = names.map(named);
	if (codings.length > MOST || codings.includes(null))
		throw new UpstreamError('http_response_content_coding', {
			message: 'The answer is in a coding that cannot be searched for secrets',
		});
	fields.delete('content-encoding');
	return codings as readonly Coding[];
}

/** Nobody puts on more for a reason. */
const MOST = 3;

function decoding(source: Source, coding: Coding): Source {
	return codedSource(source, {
		open: (first) => rowOf(coding).decoder(first),
		decodes: {
			took: () => {},
			// What comes out is handed on as it comes, at the pace of the client.
			gave: () => null,
			wrong: (cause) => new UpstreamError('http_response_content_coding', { phase: 'body', cause }),
		},
	});
}

const encoder = new TextEncoder();

/** The bytes of a payload that is complete in memory; null for every other. */
function bytesAtHand(payload: Exclude<Payload, null>): Uint8Array | null {
	if (typeof payload === 'string') return encoder.encode(payload);
	if (payload instanceof Uint8Array) return payload;
	if (!(payload instanceof WholeSource) || payload.trailers !== null) return null;
	const content = payload.take();
	return typeof content === 'string' ? latin1Bytes(content) : content;
}
