/**
 * Answers in a content coding, for clients that like one (RFC 9110 sections 8.4 and 12.5.3). Small ones at once, others while
 * they flow: with pauses in both directions, and without waiting for more when the app pauses. Put it around the app and
 * inside of what looks at bodies.
 */

import { fileSource, latin1Bytes, WholeSource } from '../../bytes/index.ts';
import { type Coding, codedSource, encodedNow, preferred, rowOf } from '../../coding/index.ts';
import {
	type AnswerStep,
	type App,
	cancelPayload,
	type Explanation,
	isFileRange,
	type Layer,
	layer,
	OutgoingResponse,
	type Payload,
	payloadSource,
	type RawRequest,
	raw,
	rawResponse,
	whenAnswered,
	withOwnFields,
} from '../../convention/index.ts';
import { addVary, FieldLine, type FieldList, tags } from '../../fields/index.ts';
import { Eligible } from './eligible.ts';
import { describeCoded, weakenNotModified } from './fields.ts';
import { type CompressOptions, type Settings, settingsOf } from './options.ts';
import { essence } from './types.ts';

export interface CompressStatistics {
	/** Answers that were compressed, since the start. */
	readonly compressed: number;
	/** Of these, how many flow now. */
	readonly active: number;
	/** Answers that went out as they are because `concurrency` others flowed. */
	readonly busy: number;
}

export interface Compress extends Layer {
	statistics(): CompressStatistics;
}

/** Throws TypeError or RangeError for options that cannot be meant, with the option's name. */
export function compress(options: CompressOptions = {}): Compress {
	const step = new Compressor(settingsOf(options));
	const note = { name: 'compress', explain: (request: RawRequest): Explanation => step.explain(request) };
	const made = layer(
		note,
		(next: App): App =>
			(request, context) =>
				whenAnswered(next, request, context, step),
	);
	return Object.assign(made, { statistics: () => step.statistics() });
}

/** Bytes up to which the work takes less than handing it to another thread: about 0.1 ms of this one at the usual levels. */
const SMALL = 16_384;
/** Milliseconds in which an app says nothing, after which what it has said so far goes out. */
const PATIENCE = 50;
const VARY = ['Accept-Encoding'];
const VARY_LINE = new FieldLine(tags.vary, 'Vary', 'Accept-Encoding');

const encoder = new TextEncoder();

class Compressor implements AnswerStep {
	private readonly settings: Settings;
	private readonly eligible: Eligible;
	/** The last value of Accept-Encoding and what was chosen: clients come in rows. */
	private accept: string | null = null;
	private chosen: Coding | null = null;
	private compressed = 0;
	private active = 0;
	private busy = 0;

	constructor(settings: Settings) {
		this.settings = settings;
		this.eligible = new Eligible(settings);
	}

	answered(response: Response, request: Request): Response {
		const message = rawResponse(response);
		const { method, fields: asked } = raw(request);
		const head = method === 'HEAD';
		if (message.status === 304) weakenNotModified(message.fields, asked);
		if (!this.eligible.is(message, head)) return message;
		return this.answerWith(withOwnFields(message), asked.get('accept-encoding'), head);
	}

	/** What was eligible, with fields of its own. */
	private answerWith(message: OutgoingResponse, accept: string | null, head: boolean): Response {
		const { fields } = message;
		if (fields.hasTagged(tags.vary)) addVary(fields, VARY);
		else fields.pushLine(VARY_LINE);
		const coding = this.choose(accept);
		if (coding === null) return message;
		if (!head) return this.code(message, coding);
		cancelPayload(message.payload);
		describeCoded(fields, coding);
		return new OutgoingResponse(message.status, fields, null, message);
	}

	statistics(): CompressStatistics {
		const { compressed, active, busy } = this;
		return { compressed, active, busy };
	}

	explain({ fields }: RawRequest): Explanation {
		const coding = preferred(fields.get('accept-encoding'), this.settings.encodings);
		const adds = (name: string, value: string, source: string) =>
			({ what: 'adds', name, value, on: 'response', source }) as const;
		const vary = adds('Vary', 'Accept-Encoding', 'RFC 9110 section 12.5.5');
		if (coding === null)
			return { does: ['Leaves the answer as it is: the client asks for no coding we have.'], fields: [vary] };
		return {
			does: [`Compresses the answer with ${coding}, if it is text and not small.`],
			fields: [adds('Content-Encoding', coding, 'RFC 9110 section 8.4'), vary],
		};
	}

	private choose(accept: string | null): Coding | null {
		if (accept === null) return null;
		if (accept !== this.accept) {
			this.accept = accept;
			this.chosen = preferred(accept, this.settings.encodings);
		}
		return this.chosen;
	}

	private code(message: OutgoingResponse, coding: Coding): OutgoingResponse {
		const { fields, status } = message;
		const bytes = smallBytes(message.payload);
		if (bytes === null && this.active >= this.settings.concurrency) {
			this.busy++;
			return message;
		}
		this.compressed++;
		const level = this.settings.level[coding];
		const payload = bytes === null ? this.flowing(message, coding, level) : encodedNow(coding, bytes, level);
		describeCoded(fields, coding);
		return new OutgoingResponse(status, fields, payload, message);
	}

	private flowing({ payload, fields }: OutgoingResponse, coding: Coding, level: number | undefined): Payload {
		const source = isFileRange(payload) ? fileSource(payload) : payloadSource(payload);
		if (source === null) return null;
		const row = rowOf(coding);
		this.active++;
		return codedSource(source, {
			open: () => row.encoder(level),
			closed: () => this.active--,
			flush: { kind: row.flush, after: isEventStream(fields) ? 0 : PATIENCE },
		});
	}
}

/** Events are for now, each of them. */
function isEventStream(fields: FieldList): boolean {
	return essence(fields.getTagged(tags['content-type']) ?? '') === 'text/event-stream';
}

/** The bytes of a payload that is small and complete; null for every other. */
function smallBytes(payload: Payload): Uint8Array | null {
	if (typeof payload === 'string') {
		return payload.length > SMALL ? null : encoder.encode(payload);
	}
	if (payload instanceof Uint8Array) return payload.length > SMALL ? null : payload;
	if (!(payload instanceof WholeSource) || payload.length > SMALL || payload.trailers !== null) return null;
	const content = payload.take();
	return typeof content === 'string' ? latin1Bytes(content) : content;
}
