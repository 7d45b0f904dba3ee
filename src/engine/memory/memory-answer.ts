import { chunks, collect, collectText, type Source, type Tunnel } from '../../bytes/index.ts';
import type { FieldList, Fields } from '../../fields/index.ts';
import type { Informational } from './memory-context.ts';

/** What the client of the memory engine got: the head at once, the body when it is read. */
export class MemoryAnswer {
	readonly status: number;
	/** The reason phrase the app gave; null for the usual one. */
	readonly reason: string | null;
	/** The fields as the app left them: order, case and duplicates. */
	readonly fields: FieldList;
	/** The 1xx responses that came before. */
	readonly informational: readonly Informational[];
	/** The body as it comes out of the wire, to be started once; null where there is none. */
	readonly payload: Source | null;
	/** The client's end, where the response opened a tunnel. */
	readonly tunnel: Tunnel | null;
	/** What the app threw, where the engine answered in its stead; undefined otherwise. */
	readonly error: unknown;
	/** The fields behind the body; null when there were none, or it was cut short. Settles when the body has been read. */
	readonly trailers: Promise<Fields | null>;

	constructor(parts: {
		readonly status: number;
		readonly reason: string | null;
		readonly fields: FieldList;
		readonly informational: readonly Informational[];
		readonly payload: Source | null;
		readonly tunnel: Tunnel | null;
		readonly error: unknown;
		readonly trailers: Promise<Fields | null>;
	}) {
		this.status = parts.status;
		this.reason = parts.reason;
		this.fields = parts.fields;
		this.informational = parts.informational;
		this.payload = parts.payload;
		this.tunnel = parts.tunnel;
		this.error = parts.error;
		this.trailers = parts.trailers;
	}

	/** The whole body. Rejects with the reason when it was cut short. */
	async bytes(): Promise<Uint8Array<ArrayBuffer>> {
		return this.payload === null ? new Uint8Array(0) : collect(this.payload);
	}

	/** The whole body as UTF-8. */
	async text(): Promise<string> {
		return this.payload === null ? '' : collectText(this.payload);
	}

	async json(): Promise<unknown> {
		return JSON.parse(await this.text());
	}

	/** The body piece by piece; the next is asked for when the last was taken. Leaving the loop early cancels. */
	async *chunks(): AsyncGenerator<Uint8Array, void> {
		if (this.payload !== null) yield* chunks(this.payload);
	}
}
