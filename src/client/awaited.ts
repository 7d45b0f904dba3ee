/** What a call of an upstream answers: a response to come. */
import { PendingResponse } from '../convention/index.ts';
import type { Receiver } from './client-exchange.ts';

export class Awaited extends PendingResponse implements Receiver {
	received(response: Response): void {
		this.resolve(response);
	}

	failed(error: unknown): void {
		this.reject(error);
	}
}
