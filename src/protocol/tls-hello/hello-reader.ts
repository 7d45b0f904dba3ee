/**
 * Looks at the first bytes of a stream: is it TLS, and if so, what does its ClientHello say? Bytes come in any pieces; each
 * is looked at once, however small they are. What was read is not kept here: whoever looks must pass it on.
 */
import { type ClientHello, readClientHello } from './client-hello.ts';

export type HelloOutcome =
	| { readonly kind: 'hello'; readonly hello: ClientHello }
	/** The first bytes are none of TLS. */
	| { readonly kind: 'other' }
	/** It begins as TLS does and breaks its rules. */
	| { readonly kind: 'malformed'; readonly reason: string };

/** Bytes of a ClientHello. Those of today have less than 2 KiB, with keys for post-quantum exchanges 4. */
export const LONGEST_HELLO = 32_768;

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const RECORD_HEAD = 5;
/** RFC 8446 section 5.1. */
const LONGEST_RECORD = 16_384;
/** Type and length in front of a handshake message. */
const MESSAGE_HEAD = 4;

export class HelloReader {
	/** Null while more bytes are needed. */
	outcome: HelloOutcome | null = null;
	private readonly head: Uint8Array = new Uint8Array(RECORD_HEAD);
	private headLength = 0;
	/** Bytes of the record that are still to come. */
	private recordLeft = 0;
	private message: Uint8Array = new Uint8Array(1_024);
	private length = 0;

	/** Looks at the next bytes. Without effect once there is an outcome. */
	feed(bytes: Uint8Array): HelloOutcome | null {
		let at = 0;
		while (at < bytes.length && this.outcome === null) {
			if (this.recordLeft === 0) this.readHead(bytes[at++] as number);
			else at += this.readFragment(bytes, at);
		}
		return this.outcome;
	}

	private readHead(byte: number): void {
		const { head } = this;
		head[this.headLength++] = byte;
		// The first bytes tell what it is; nothing is waited for that a client of another protocol may never send.
		if (head[0] !== HANDSHAKE) return this.settle(this.length === 0 ? { kind: 'other' } : malformed('another record'));
		if (this.headLength === 2 && byte !== 3) {
			return this.settle(this.length === 0 ? { kind: 'other' } : malformed('another version'));
		}
		if (this.headLength < RECORD_HEAD) return;
		this.headLength = 0;
		this.recordLeft = (head[3] as number) * 256 + byte;
		if (this.recordLeft === 0 || this.recordLeft > LONGEST_RECORD) this.settle(malformed('the length of a record'));
	}

	/** Takes what is there of the record; gives how much it was. */
	private readFragment(bytes: Uint8Array, at: number): number {
		const size = Math.min(this.recordLeft, bytes.length - at);
		this.keep(bytes.subarray(at, at + size));
		this.recordLeft -= size;
		this.readMessage();
		return size;
	}

	private keep(piece: Uint8Array): void {
		const needed = this.length + piece.length;
		if (needed > this.message.length) {
			const grown = new Uint8Array(Math.max(needed, 2 * this.message.length));
			grown.set(this.message.subarray(0, this.length));
			this.message = grown;
		}
		this.message.set(piece, this.length);
		this.length = needed;
	}

	private readMessage(): void {
		const { message, length } = this;
		if (message[0] !== CLIENT_HELLO) return this.settle(malformed('another message'));
		if (length < MESSAGE_HEAD) return;
		const size = (message[1] as number) * 65_536 + (message[2] as number) * 256 + (message[3] as number);
		if (size > LONGEST_HELLO) return this.settle(malformed('too long'));
		if (length < MESSAGE_HEAD + size) return;
		// RFC 8446 section 5.1: nothing of another message stands in the record that ends this one.
		if (length > MESSAGE_HEAD + size || this.recordLeft > 0) return this.settle(malformed('more than one message'));
		const hello = readClientHello(message.subarray(MESSAGE_HEAD, length));
		this.settle(hello === null ? malformed('its fields') : { kind: 'hello', hello });
	}

	private settle(outcome: HelloOutcome): void {
		this.outcome = outcome;
	}
}

function malformed(reason: string): HelloOutcome {
	return { kind: 'malformed', reason };
}
