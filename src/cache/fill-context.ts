/**
 * The context of a request whose answer is for the store as well: it does not end with the client that has caused it, if others
 * wait or there is something to keep.
 */
import { ClosableContext, type Context, type FinishedListener, type Outcome } from '../convention/index.ts';
import type { Fields } from '../fields/index.ts';

export class FillContext extends ClosableContext {
	private readonly goesOn: () => boolean;
	/** Nobody is in front of it, or not any more. */
	private detached: boolean;
	private listening: FinishedListener[] | null = null;
	private ended: Outcome | null = null;

	/** `goesOn`: asked when the client has left; `null` where there is none from the start. */
	constructor(outer: Context, goesOn: (() => boolean) | null) {
		super(outer);
		this.goesOn = goesOn ?? (() => true);
		this.detached = goesOn === null;
	}

	/** What comes back is for others, too: nobody's connection is switched. */
	override get offers(): readonly string[] {
		return [];
	}

	override exchangeClosed(reason: unknown): void {
		if (this.goesOn()) this.detached = true;
		else this.close(reason);
	}

	override inform(status: number, fields?: Fields): void {
		if (!this.detached) this.outer.inform(status, fields);
	}

	override get finished(): Promise<Outcome> {
		return new Promise((resolve) => this.onFinished({ exchangeFinished: resolve }));
	}

	override onFinished(listener: FinishedListener): void {
		if (this.ended !== null) listener.exchangeFinished(this.ended);
		else if (this.listening === null) this.listening = [listener];
		else this.listening.push(listener);
	}

	/** All of the answer is there, or no more of it will be. */
	finish(outcome: Outcome): void {
		if (this.ended !== null) return;
		this.ended = outcome;
		const { listening } = this;
		this.listening = null;
		if (listening !== null) for (const listener of listening) listener.exchangeFinished(outcome);
	}
}
