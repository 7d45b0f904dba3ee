/**
 * One request to two members, when the first takes longer than most answers do: whoever answers first has answered. The other is
 * told that nobody waits any more ("The tail at scale", Dean and Barroso 2013).
 */
import {
	ClosableContext,
	type Context,
	cancelPayload,
	Disconnected,
	type IncomingRequest,
	PendingResponse,
	type ResponseTaker,
	rawResponse,
	UpstreamError,
} from '../convention/index.ts';
import { Timer, type TimerOwner, wheel } from '../transport/index.ts';
import type { Group } from './group.ts';
import { GroupExchange } from './group-exchange.ts';
import type { Member } from './member.ts';

export class HedgedExchange extends PendingResponse implements TimerOwner {
	private readonly group: Group;
	private readonly request: IncomingRequest;
	private readonly context: Context;
	private readonly timer: Timer = new Timer(this);
	private readonly runs: Run[] = [];
	private over = false;

	constructor(group: Group, request: IncomingRequest, context: Context) {
		super();
		this.group = group;
		this.request = request;
		this.context = context;
	}

	/** `patience`: milliseconds for the first. */
	begin(member: Member | null, patience: number): void {
		this.run(member, null);
		if (!this.over) wheel.set(this.timer, patience);
	}

	/** The first has taken its time. */
	timedOut(): void {
		const [first] = this.runs;
		if (this.over || first === undefined || this.group.budget?.spend(performance.now()) !== true) return;
		this.group.hedged++;
		const { asked } = first.exchange;
		this.run(null, asked === null ? null : [asked]);
	}

	private run(member: Member | null, tried: Member[] | null): void {
		const run = new Run(this, this.group, this.request, this.context);
		this.runs.push(run);
		run.begin(member, tried);
	}

	/** Whoever comes first is the answer. */
	won(run: Run, response: Response): void {
		if (this.over) {
			cancelPayload(rawResponse(response).payload);
			return;
		}
		this.finish(run);
		this.resolve(response);
	}

	/** Another may still answer; the last error is the answer otherwise. */
	lost(run: Run, error: unknown): void {
		this.runs.splice(this.runs.indexOf(run), 1);
		if (this.over || this.runs.length > 0) return;
		this.finish(null);
		if (!(error instanceof UpstreamError)) return this.reject(error);
		const { teller } = this.group;
		teller.tell(this.request, error, 'upstreams');
		this.resolve(teller.answer(this.request, error));
	}

	private finish(winner: Run | null): void {
		this.over = true;
		wheel.remove(this.timer);
		for (const run of this.runs) if (run !== winner) run.close();
	}
}

/** One of the two, in a context of its own, which ends when the other has answered. */
class Run implements ResponseTaker {
	readonly exchange: GroupExchange;
	private readonly owner: HedgedExchange;
	private readonly context: ClosableContext;

	constructor(owner: HedgedExchange, group: Group, request: IncomingRequest, outer: Context) {
		this.owner = owner;
		this.context = new ClosableContext(outer);
		this.exchange = new GroupExchange(group, request, this.context, false);
	}

	begin(member: Member | null, tried: Member[] | null): void {
		this.exchange.begin(member, tried);
		this.exchange.deliver(this);
	}

	close(): void {
		this.context.close(new Disconnected('Another upstream has answered'));
	}

	responded(response: Response): void {
		this.owner.won(this, response);
	}

	refused(error: unknown): void {
		this.owner.lost(this, error);
	}
}
