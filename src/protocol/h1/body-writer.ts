/**
 * The framing of a body that we send (RFC 9112 sections 6.2 and 7.1): what goes around the bytes, which go to the wire
 * without passing here. It counts them, because a message with too few or too many is worse than none.
 */
import { type FieldList, NOT_IN_TRAILERS } from '../../fields/index.ts';
import { CHUNKED, type Framing, NONE, UNTIL_CLOSE } from './events.ts';
import { LocalViolation } from './local-violation.ts';

export class BodyWriter {
	private framing: Framing = NONE;
	private remaining = 0;
	/** A chunk has been begun and not ended. */
	private open = false;

	/** Begins a body; NONE for a message that has none. */
	begin(framing: Framing): void {
		this.framing = framing;
		this.remaining = framing > 0 ? framing : 0;
		this.open = false;
	}

	/** Whether no body bytes belong to this message. */
	get isEmpty(): boolean {
		return this.framing === NONE || this.framing === 0;
	}

	/** What goes before `length` bytes. */
	head(length: number): string {
		if (length === 0) return '';
		if (this.framing >= 0) {
			if (length > this.remaining) throw new LocalViolation('LENGTH', 'More body bytes than Content-Length says.');
			this.remaining -= length;
			return '';
		}
		if (this.framing === UNTIL_CLOSE) return '';
		if (this.framing !== CHUNKED) throw new LocalViolation('LENGTH', 'This message has no body.');
		if (this.open) throw new LocalViolation('STATE', 'The chunk before has not been ended.');
		this.open = true;
		return `${length.toString(16)}\r\n`;
	}

	/** What goes behind them. */
	tail(): string {
		if (!this.open) return '';
		this.open = false;
		return '\r\n';
	}

	/** What goes behind the whole body. Trailers are dropped where there is no room for them. */
	end(trailers: FieldList | null): string {
		if (this.remaining > 0) throw new LocalViolation('LENGTH', 'Fewer body bytes than Content-Length says.');
		if (this.open) throw new LocalViolation('STATE', 'The last chunk has not been ended.');
		if (this.framing !== CHUNKED) return '';
		// RFC 9110 section 6.5.1: nothing in a trailer may touch framing, routing or authentication.
		return trailers === null ? '0\r\n\r\n' : `0\r\n${trailers.serialize(NOT_IN_TRAILERS)}\r\n`;
	}
}
