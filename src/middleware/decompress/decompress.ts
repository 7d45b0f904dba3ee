/**
 * Bodies of requests that come in a content coding (RFC 9110 section 8.4), decoded for the app, which sees a request that never
 * had one. What comes out is counted as it comes out: a bomb ends at its limit, and nothing of it is kept.
 */
import type { Source } from '../../bytes/index.ts';
import { type Coding, codedSource, named, rowOf } from '../../coding/index.ts';
import {
	type App,
	BodyFault,
	type Context,
	derive,
	type Explanation,
	type FieldNote,
	HttpError,
	type Layer,
	layer,
	type RawRequest,
	raw,
	statusLine,
	whenAnswered,
} from '../../convention/index.ts';
import { FieldList, listOf, tags } from '../../fields/index.ts';
import { AdmittedSource, Decoders, decodersAtWork } from './decoders.ts';
import { type DecompressOptions, type Settings, settingsOf } from './options.ts';

export interface Decompress extends Layer {
	/** `working`: decoders at work in this process; `refused`: bodies of this layer that found no room. */
	statistics(): { readonly working: number; readonly refused: number };
}

/** Throws TypeError or RangeError for options that cannot be meant, with the option's name. */
export function decompress(options: DecompressOptions = {}): Decompress {
	const settings = settingsOf(options);
	const counts = { refused: 0 };
	const note = { name: 'decompress', explain: (request: RawRequest): Explanation => explain(settings, request) };
	const made = layer(
		note,
		(next: App): App =>
			(request, context) => {
				const message = raw(request);
				const value = message.fields.get('content-encoding');
				if (value === null || message.payload === null) return next(request, context, context);
				const chain = chainOf(value, settings);
				if (chain === null) throw unsupported(settings);
				return decode(next, message, message.payload, chain, context, settings, counts);
			},
	);
	return Object.assign(made, { statistics: () => ({ working: decodersAtWork(), ...counts }) });
}

/** True of the coded bytes alone. */
const OF_THE_BYTES = ['content-encoding', 'content-length', 'content-md5', 'digest', 'content-digest', 'repr-digest'];

function decode(
	next: App,
	message: RawRequest,
	given: Source,
	chain: readonly Coding[],
	context: Context,
	settings: Settings,
	counts: { refused: number },
): Response | Promise<Response> {
	const fault = new BodyFault();
	const fields = FieldList.from(message.fields).copy();
	for (const name of OF_THE_BYTES) fields.delete(name);
	// As it would have come without a coding and without a length: parsers of node look for either of the two.
	if (chain.length > 0 && message.version === '1.1' && !fields.hasTagged(tags['transfer-encoding'])) {
		fields.append('Transfer-Encoding', 'chunked');
	}
	const meter = { wire: 0 };
	// The last coding put on is the first to be taken off (RFC 9110 section 8.4).
	const decoders = new Decoders(chain.length, settings.atOnce);
	const decoded = chain.reduceRight((source, coding, at) => {
		const outermost = at === chain.length - 1;
		return stage(source, coding, new Gauge(settings, meter, outermost, fault), decoders);
	}, given);
	if (decoded === given) return whenAnswered(next, derive(message, { fields, payload: given }), context, fault);
	const payload = new AdmittedSource(decoded, decoders, () => {
		counts.refused++;
		return fault.refuse(crowded());
	});
	// An app that has stopped in the middle has forgotten it; zlib has not.
	context.onFinished({ exchangeFinished: () => payload.cancel() });
	return whenAnswered(next, derive(message, { fields, payload }), context, fault);
}

const stage = (source: Source, coding: Coding, decodes: Gauge, decoders: Decoders): Source =>
	codedSource(source, { open: (first) => rowOf(coding).decoder(first), decodes, closed: () => decoders.over() });

/** RFC 9110 section 15.6.4. Those at work end soon, or the engine's time-outs end them. */
const crowded = (): HttpError =>
	new HttpError(503, {
		message: 'Too many bodies are being decoded: try again, or send the body as it is.',
		expose: true,
		fields: { 'Retry-After': '1' },
	});

/** Bytes that may come out whatever went in: small bodies can be very regular. */
const GRACE = 65_536;

/** What one coding has given, held against what came over the wire. */
class Gauge {
	private readonly settings: Settings;
	private readonly meter: { wire: number };
	private readonly outermost: boolean;
	private readonly fault: BodyFault;
	private given = 0;

	constructor(settings: Settings, meter: { wire: number }, outermost: boolean, fault: BodyFault) {
		this.settings = settings;
		this.meter = meter;
		this.outermost = outermost;
		this.fault = fault;
	}

	took(bytes: number): void {
		if (this.outermost) this.meter.wire += bytes;
	}

	gave(bytes: number): Error | null {
		this.given += bytes;
		const { limit, ratio } = this.settings;
		if (this.given > limit) return this.refuse(`The decoded body is larger than ${limit} bytes.`);
		if (this.given <= GRACE || this.given <= this.meter.wire * ratio) return null;
		return this.refuse(`The decoded body is more than ${ratio} times larger than what was sent.`);
	}

	wrong(cause: unknown): Error {
		return this.fault.refuse(new HttpError(400, { message: 'The body is not in the coding that it names.', cause }));
	}

	private refuse(message: string): Error {
		return this.fault.refuse(new HttpError(413, { message }));
	}
}

/** The codings of the body in the order in which they were put on; null where one is unknown, or there are too many. */
function chainOf(value: string, { encodings, chain }: Settings): readonly Coding[] | null {
	const found: Coding[] = [];
	for (const name of listOf(value)) {
		if (name.toLowerCase() === 'identity') continue;
		const coding = named(name.toLowerCase());
		if (coding === null || !encodings.has(coding) || found.length === chain) return null;
		found.push(coding);
	}
	return found;
}

/** RFC 9110 sections 15.5.16 and 12.5.3: what we would have understood (first in RFC 7694). */
const unsupported = ({ accept, chain }: Settings): HttpError =>
	new HttpError(415, {
		message: `The body has a content coding that is not understood here, or more than ${chain}.`,
		fields: { 'Accept-Encoding': accept },
	});

function explain(settings: Settings, request: RawRequest): Explanation {
	const value = request.fields.get('content-encoding');
	if (value === null || request.payload === null)
		return { does: ['The body comes plain.', 'Passes the request on as it is.'] };
	const chain = chainOf(value, settings);
	if (chain === null) {
		const fields: FieldNote[] = [
			{
				what: 'adds',
				name: 'Accept-Encoding',
				value: settings.accept,
				on: 'response',
				source: 'RFC 9110 section 12.5.3',
			},
		];
		return { does: ['The content coding of the body is not understood.'], fields, answers: statusLine(415) };
	}
	const removed = OF_THE_BYTES.filter((name) => request.fields.has(name));
	const source = 'RFC 9110 section 8.4';
	return {
		does: [
			`Decodes the body (${chain.toReversed().join(', then ') || 'identity'}).`,
			`Answers 413 Content Too Large when that makes more than ${settings.limit} bytes, or ${settings.ratio} times as many as came.`,
			'Answers 400 Bad Request when the body is not in that coding.',
			'Passes the request on, with the body decoded.',
		],
		fields: removed.map((name) => ({ what: 'removes', name, on: 'request', source })),
	};
}
