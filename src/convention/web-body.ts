/**
 * The web-standard readings of a payload (fetch, "Body mixin"), for requests and responses alike. A message makes one
 * of these when somebody first reads its body; text and bytes are read straight from the payload, without web streams.
 */
import {
	collect,
	collectText,
	fileSource,
	isDisturbed,
	type Source,
	takeSource,
	tee,
	webStream,
} from '../bytes/index.ts';
import type { Fields } from '../fields/index.ts';
import type { Payload } from './app.ts';
import { isFileRange, payloadSource } from './payload.ts';

export class WebBody {
	private payload: Payload;
	private readonly fields: Fields;
	private web: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
	private taken = false;

	constructor(payload: Payload, fields: Fields) {
		this.payload = payload;
		this.fields = fields;
	}

	get stream(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
		if (this.payload === null) return null;
		if (this.web === null) {
			this.web = webStream(sourceFor(this.payload));
			if (this.taken) takeSource(this.web);
		}
		return this.web;
	}

	get used(): boolean {
		return this.taken || (this.web !== null && isDisturbed(this.web));
	}

	async text(): Promise<string> {
		const payload = this.take();
		if (payload === null) return '';
		return collectText(sourceFor(payload));
	}

	async json(): Promise<unknown> {
		return JSON.parse(await this.text());
	}

	async bytes(): Promise<Uint8Array<ArrayBuffer>> {
		const payload = this.take();
		return payload === null ? new Uint8Array(0) : collect(sourceFor(payload));
	}

	async arrayBuffer(): Promise<ArrayBuffer> {
		return (await this.bytes()).buffer;
	}

	async blob(): Promise<Blob> {
		const bytes = await this.bytes();
		// A native response knows how fetch normalises a media type.
		return new Response(bytes, { headers: this.typeHeader() }).blob();
	}

	/** Multipart and urlencoded bodies are parsed by the runtime's own fetch. */
	async formData(): Promise<FormData> {
		const bytes = await this.bytes();
		return new Response(bytes, { headers: this.typeHeader() }).formData();
	}

	textStream(): ReadableStream<string> {
		const { stream } = this;
		if (this.used || stream?.locked) throw unusable();
		return (stream ?? new Blob([]).stream()).pipeThrough(new TextDecoderStream());
	}

	/** Splits the payload in two; the first half takes the place of the old one here. Throws TypeError when it is in use. */
	split(): [Payload, Payload] {
		const payload = this.take();
		this.taken = false;
		this.web = null;
		if (payload === null || typeof payload === 'string' || payload instanceof Uint8Array || isFileRange(payload)) {
			return [payload, payload];
		}
		// As fetch says, one half may be read to its end before the other is begun, whatever that costs.
		const halves = tee(payload, Number.POSITIVE_INFINITY);
		this.payload = halves[0];
		return halves;
	}

	private take(): Payload {
		const { payload } = this;
		if (payload === null) return null;
		if (this.used || this.web?.locked) throw unusable();
		if (this.web !== null) takeSource(this.web);
		this.taken = true;
		return payload;
	}

	private typeHeader(): Record<string, string> {
		const type = this.fields.get('content-type');
		return type === null ? {} : { 'content-type': type };
	}
}

function sourceFor(payload: Exclude<Payload, null>): Source {
	return isFileRange(payload) ? fileSource(payload) : (payloadSource(payload) as Source);
}

function unusable(): TypeError {
	return new TypeError('Body is unusable: Body has already been read');
}
