/**
 * What ends at this hop (RFC 9110 section 7.6.1). Connection is read first, every field it names is deleted, in trailers
 * too, then those that are known to be for one hop. What we can do ourselves is offered anew: trailers, and tunnels.
 */
import { type Sink, type Source, WholeSource } from '../bytes/index.ts';
import {
	CLIENT_CERTIFICATE,
	deleteNominated,
	FieldList,
	type Fields,
	HOP_BY_HOP,
	nominatesNothing,
	PROXY_CREDENTIALS,
	tags,
	tokens,
} from '../fields/index.ts';

const NEVER_FORWARDED = HOP_BY_HOP | PROXY_CREDENTIALS;

/** Strips a request's fields in place. `offers` is what the client would have the connection become; `connection` is the value of Connection. */
export function stripRequest(fields: FieldList, offers: readonly string[], connection: string | null): void {
	const takesTrailers = fields.hasTagged(tags.te) && tokens(fields.getTagged(tags.te) ?? '').includes('trailers');
	const upgrade = offers.length > 0 ? fields.getTagged(tags.upgrade) : null;
	deleteNominated(fields, connection);
	fields.deleteFlagged(NEVER_FORWARDED | CLIENT_CERTIFICATE);
	if (takesTrailers) fields.push(tags.te, 'TE', 'trailers');
	// h2c is HTTP/2 in disguise, not a tunnel that we would understand; RFC 9113 section 3.1 has withdrawn it.
	if (upgrade !== null && !offers.includes('h2c')) fields.push(tags.upgrade, 'Upgrade', upgrade);
}

/** Strips a response's fields in place, by its Connection; Upgrade stays where the status gives it its meaning. */
export function stripResponse(fields: FieldList, status: number, connection: string | null): void {
	const upgrade = status === 101 || status === 426 ? fields.getTagged(tags.upgrade) : null;
	deleteNominated(fields, connection);
	fields.deleteFlagged(NEVER_FORWARDED);
	if (upgrade !== null) fields.push(tags.upgrade, 'Upgrade', upgrade);
}

/** The payload without the trailers that `connection` names; the payload itself where there can be none. */
export function stripTrailers(payload: Source | null, connection: string | null): Source | null {
	if (payload === null || connection === null || nominatesNothing(connection)) return payload;
	if (payload.length !== null && !(payload instanceof WholeSource && payload.trailers !== null)) return payload;
	return new TrailerStripper(payload, connection);
}

class TrailerStripper implements Source, Sink {
	readonly length = null;
	private readonly source: Source;
	private readonly connection: string;
	private sink: Sink | null = null;

	constructor(source: Source, connection: string) {
		this.source = source;
		this.connection = connection;
	}

	start(sink: Sink): void {
		this.sink = sink;
		this.source.start(this);
	}

	resume(): void {
		this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		return (this.sink as Sink).write(chunk);
	}

	end(trailers?: Fields): void {
		if (trailers === undefined) return (this.sink as Sink).end();
		const kept = FieldList.from(trailers);
		deleteNominated(kept, this.connection);
		(this.sink as Sink).end(kept);
	}

	fail(reason: Error): void {
		(this.sink as Sink).fail(reason);
	}
}
