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
import { explainCompress } from './explain.ts';
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
	const settings = settingsOf(options);
	const step = new Compressor(settings);
	const note = { name: 'compress', explain: (request: RawRequest): Explanation => explainCompress(settings, request) };
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
