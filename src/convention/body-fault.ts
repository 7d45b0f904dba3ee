/** A request's body that a layer has refused while it was read: what is answered then, whatever the app within makes of it. */
import { errorVerdict } from './error-response.ts';
import type { HttpError } from './errors.ts';
import type { AnswerStep } from './when-answered.ts';

/** One for each exchange, as the step of `whenAnswered`. */
export class BodyFault implements AnswerStep {
	private error: HttpError | null = null;

	/** The body is refused with this; the first one counts. Gives it back. */
	refuse(error: HttpError): HttpError {
		this.error ??= error;
		return error;
	}

	answered(response: Response): Response {
		return response;
	}

	/** Apps throw what they will when a body breaks off. One that wants the connection dropped has its way. */
	failed(error: unknown): never {
		throw this.error !== null && errorVerdict(error).status !== null ? this.error : error;
	}
}
