/**
 * The context of a request whose answer is for the store as well: it does not end with the client that has caused it, if others
 * wait or there is something to keep.
 */
import { ClosableContext, type Context, type FinishedListener, type Outcome } from '../convention/index.ts';
import type { Fields } from '../fields/index.ts';

/** Whoever asks, while there is somebody: told by the context whether the request shall go on without its client. */
export interface FillOwner {
	goesOn(): boolean;
}

export class FillContext extends ClosableContext {
	private readonly owner: FillOwner;
	/** Nobody is in front of it, or not any more. */
	private detached: boolean;
	/** The answer goes to the client as it is, and ends with it. */
	private passed = false;
	private listening: FinishedListener[] | null = null;
	private ended: Outcome | null = null;

	constructor(outer: Context, owner: FillOwner, detached: boolean) {
		super(outer);
		this.owner = owner;
		this.detached = detached;
	}

	/** What comes back is for others, too: nobody's connection is switched. */
	override get offers(): readonly string[] {
		return [];
	}

	override exchangeClosed(reason: unknown): void {
		if (this.detached || this.owner.goesOn()) this.detached = true;
		else this.close(reason);
	}

	override inform(status: number, fields?: Fields): void {
		if (!this.detached) this.outer.inform(status, fields);
	}

	override get finished(): Promise<Outcome> {
		return new Promise((resolve) => this.onFinished({ exchangeFinished: resolve }));
	}

	override onFinished(listener: FinishedListener): void {
		if (this.passed) this.outer.onFinished(listener);
		else if (this.ended !== null) listener.exchangeFinished(this.ended);
		else if (this.listening === null) this.listening = [listener];
		else this.listening.push(listener);
	}

	/** From now on it ends as the client's exchange does. */
	pass(): void {
		this.passed = true;
		const { listening } = this;
		this.listening = null;
		if (listening !== null) for (const listener of listening) this.outer.onFinished(listener);
	}

	/** All of the answer is there, or no more of it will be. */
	finish(outcome: Outcome): void {
		if (this.passed || this.ended !== null) return;
		this.ended = outcome;
		const { listening } = this;
		this.listening = null;
		if (listening !== null) for (const listener of listening) listener.exchangeFinished(outcome);
	}
}
