/** What our own side was about to get wrong: nothing of it has been written, and the exchange cannot go on as it is. */

export type LocalViolationCode =
	/** The call does not fit the state of the message. */
	| 'STATE'
	/** More or fewer body bytes than Content-Length says. */
	| 'LENGTH'
	/** A framing that this kind of message, or an HTTP/1.0 client, cannot have. */
	| 'FRAMING'
	/** A method or target that could not be sent. */
	| 'START_LINE'
	/** A status that this kind of head cannot have. */
	| 'STATUS';

export class LocalViolation extends Error {
	readonly code: LocalViolationCode;

	constructor(code: LocalViolationCode, message: string) {
		super(message);
		this.name = 'LocalViolation';
		this.code = code;
	}
}
