/**
 * The promise of a response, without a promise: whoever has the response says so with `resolve`, an engine that asks with
 * `deliver` is told at once, in the same turn. Anybody else may treat it as the promise that it looks like; a native one
 * is made then. On a proxy's hot path this saves a promise, two closures and a turn of the microtask queue each time.
 */

/** Who is told, exactly once. */
export interface ResponseTaker {
	responded(response: Response): void;
	/** There is no response, and why. */
	refused(error: unknown): void;
}

interface Settlers {
	readonly resolve: (response: Response | PromiseLike<Response>) => void;
	readonly reject: (error: unknown) => void;
}

export class PendingResponse implements Promise<Response> {
	private taker: ResponseTaker | null = null;
	private settled = false;
	private rejected = false;
	private outcome: unknown = null;
	private native: Promise<Response> | null = null;
	private settlers: Settlers | null = null;

	/** The response is there. Later calls of this and of `reject` change nothing. */
	resolve(response: Response | Promise<Response>): void {
		if (response instanceof Promise) {
			response.then(
				(late) => this.settle(false, late),
				(error) => this.settle(true, error),
			);
		} else {
			this.settle(false, response);
		}
	}

	reject(error: unknown): void {
		this.settle(true, error);
	}

	/** Tells `taker` as soon as it is settled: now, if it is already. Once, and instead of `then`. */
	deliver(taker: ResponseTaker): void {
		this.taker = taker;
		if (this.settled) this.tell(taker);
	}

	// biome-ignore lint/suspicious/noThenProperty: it is a promise
	// oxlint-disable-next-line unicorn/no-thenable -- it is a promise
	then<A = Response, B = never>(
		fulfilled?: ((response: Response) => A | PromiseLike<A>) | null,
		rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
	): Promise<A | B> {
		return this.promise.then(fulfilled, rejected);
	}

	catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Response | B> {
		return this.promise.catch(rejected);
	}

	finally(done?: (() => void) | null): Promise<Response> {
		return this.promise.finally(done);
	}

	get [Symbol.toStringTag](): string {
		return 'Promise';
	}

	private get promise(): Promise<Response> {
		this.native ??= new Promise((resolve, reject) => {
			if (!this.settled) this.settlers = { resolve, reject };
			else if (this.rejected) reject(this.outcome);
			else resolve(this.outcome as Response);
		});
		return this.native;
	}

	private settle(rejected: boolean, outcome: unknown): void {
		if (this.settled) return;
		this.settled = true;
		this.rejected = rejected;
		this.outcome = outcome;
		if (this.settlers !== null) this.settlers[rejected ? 'reject' : 'resolve'](outcome as Response);
		if (this.taker !== null) this.tell(this.taker);
	}

	private tell(taker: ResponseTaker): void {
		this.taker = null;
		if (this.rejected) taker.refused(this.outcome);
		else taker.responded(this.outcome as Response);
	}
}

/** `instanceof Promise`, which some libraries ask before they wait. */
Object.setPrototypeOf(PendingResponse.prototype, Promise.prototype);
