/** The context of the second request: nobody is in front of it, and it goes on when the client has left. */
import { ClosableContext, type FinishedListener, type Outcome } from '../../convention/index.ts';

const OVER: Outcome = { ok: true, status: 0, bytes: 0, received: 0 };

export class MirroredContext extends ClosableContext {
	private listening: FinishedListener[] | null = [];

	override get offers(): readonly string[] {
		return [];
	}

	override get finished(): Promise<Outcome> {
		return new Promise((resolve) => this.onFinished({ exchangeFinished: resolve }));
	}

	/** The client's leaving is nothing to the second. */
	override exchangeClosed(): void {}
	override inform(): void {}

	override onFinished(listener: FinishedListener): void {
		if (this.listening === null) listener.exchangeFinished(OVER);
		else this.listening.push(listener);
	}

	/** Its answer has been read, or nobody waits for it any longer. */
	finish(): void {
		const { listening } = this;
		this.listening = null;
		for (const listener of listening ?? []) listener.exchangeFinished(OVER);
	}
}
