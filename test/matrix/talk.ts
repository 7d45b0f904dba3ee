/** One exchange from the client's chair, whatever is spoken: what the cases of the matrix are written against. */

export type Pair = readonly [name: string, value: string];

export interface Ask {
	/** Default: GET, or POST with a body. */
	readonly method?: string;
	readonly target?: string;
	readonly fields?: readonly Pair[];
	/** The body is sent by `send` and ends with `finish`. Default: there is none. */
	readonly body?: boolean;
	/** What an upgrade or an extended CONNECT asks for. */
	readonly offer?: string;
}

export interface TalkHead {
	readonly status: number;
	/** In order, names as they came. */
	readonly fields: readonly Pair[];
}

/** How a body ended. */
export interface TalkEnd {
	readonly text: string;
	/** It came to its proper end. */
	readonly whole: boolean;
	readonly trailers: readonly Pair[];
}

export interface Talk {
	/** 1xx responses until now. */
	readonly informational: readonly TalkHead[];
	/** The final head; null when the connection or stream was dropped without one. */
	head(): Promise<TalkHead | null>;
	/** Reads on until the body holds `part`. */
	reads(part: string): Promise<void>;
	/** Reads the body, or what comes out of a tunnel, to its end. */
	end(): Promise<TalkEnd>;
	/** Sends a piece of the body, or into the tunnel. */
	send(piece: string | Uint8Array): void;
	/** Bytes that were sent and not taken by the other side, as far as this end can know. */
	readonly stuck: number;
	/** Ends the body with these trailers, or our half of the tunnel. */
	finish(trailers?: readonly Pair[]): void;
	/** Reads nothing more. */
	pause(): void;
	/** Drops the connection or resets the stream. */
	leave(): void;
}

export interface Client {
	open(ask: Ask): Talk;
	close(): void;
}

/** The values of every line of that name. */
export function valuesOf(fields: readonly Pair[], name: string): string[] {
	return fields.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}
