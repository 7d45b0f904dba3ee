/** One request to a group: whom it goes to, whether it goes to another when that one fails, and what is counted of it. */
import {
	askApp,
	type ClosedListener,
	type Context,
	cancelPayload,
	Disconnected,
	deadline,
	derive,
	type FinishedListener,
	type IncomingRequest,
	PendingResponse,
	type ResponseTaker,
	rawResponse,
	UpstreamError,
} from '../convention/index.ts';
import { Timer, type TimerOwner, wheel } from '../transport/index.ts';
import { hasFailed } from './failures.ts';
import type { Group, Waiter } from './group.ts';
import type { Member } from './member.ts';
import { Replay } from './replay.ts';

export class GroupExchange
	extends PendingResponse
	implements ResponseTaker, FinishedListener, ClosedListener, Waiter, TimerOwner
{
	private readonly group: Group;
	private readonly request: IncomingRequest;
	private readonly context: Context;
	private readonly replay: Replay | null;
	private readonly settles: boolean;
	private member: Member | null = null;
	/** Whoever has failed; null as long as nobody has. */
	private tried: Member[] | null = null;
	private retries = 0;
	private began = 0;
	/** Waits for room with a member, or for the end of a pause. */
	private held: Timer | null = null;
	private over = false;
	private isQueued = false;

	/** `settles`: what cannot be hidden is answered, not thrown. */
	constructor(group: Group, request: IncomingRequest, context: Context, settles = true) {
		super();
		this.group = group;
		this.request = request;
		this.context = context;
		this.settles = settles;
		const { retries } = group.settings;
		this.replay = request.payload === null || retries === null ? null : new Replay(request.payload, retries.bodyBytes);
	}

	/** Asks `member` first, if there is one, and whoever is chosen otherwise; those who were `tried` only if there is nobody else. */
	begin(member: Member | null, tried: Member[] | null = null): void {
		this.tried = tried;
		this.group.budget?.earn();
		this.context.onFinished(this);
		if (member === null) this.next();
		else this.ask(member);
	}

	private next(): void {
		try {
			const member = this.group.choose(this.request, this.context, this.tried);
			if (member === null) this.waitForRoom();
			else this.ask(member);
		} catch (error) {
			this.giveUp(error);
		}
	}

	private ask(member: Member): void {
		this.member = member;
		member.active++;
		member.requests++;
		member.breaker?.begun();
		if (this.group.settings.times) this.began = performance.now();
		const { request, context, replay } = this;
		const asked = replay === null ? request : derive(request, { payload: replay.next(), circumstances: context });
		askApp(member.app, asked, context, this);
	}

	/** Who is asked now. */
	get asked(): Member | null {
		return this.member;
	}

	// What comes back.

	responded(response: Response): void {
		try {
			this.take(response);
		} catch (error) {
			// It was no response at all.
			this.giveUp(error);
		}
	}

	private take(response: Response): void {
		const { group } = this;
		const member = this.member as Member;
		const { settings } = group;
		if (settings.times) {
			const time = performance.now() - this.began;
			member.answeredIn(time);
			group.latencies?.add(time);
		}
		if (settings.failureStatuses.has(response.status)) this.countFailure(member);
		else member.breaker?.succeeded();
		if (settings.retryStatuses.has(response.status) && this.mayAskAgain(true)) {
			cancelPayload(rawResponse(response).payload);
			return this.askAnother(member, null);
		}
		this.replay?.keepNoMore();
		this.resolve(settings.sticky === null ? response : settings.sticky.remember(response, this.request, member));
	}

	/** Told by the member's app; and, while we wait, by the group. */
	refused(error: unknown): void {
		const { member } = this;
		if (member === null) return this.giveUp(error);
		if (error instanceof Disconnected || !hasFailed(error)) member.breaker?.undecided();
		else this.countFailure(member);
		if (!(error instanceof UpstreamError) || !this.mayAskAgain(!error.retryable)) return this.giveUp(error);
		this.askAnother(member, error);
	}

	private countFailure(member: Member): void {
		member.failures++;
		member.breaker?.failedOnce();
	}

	/** `sent`: the upstream may have acted on it. */
	private mayAskAgain(sent: boolean): boolean {
		const { group, request, replay, context } = this;
		const { retries } = group.settings;
		if (retries === null || this.over || this.retries >= retries.times) return false;
		if (sent && !group.settings.retryMethods.has(request.method)) return false;
		if (replay !== null && !replay.isWhole) return false;
		const now = performance.now();
		if ((context.get(deadline) ?? Number.POSITIVE_INFINITY) <= now) return false;
		return group.budget?.spend(now) ?? false;
	}

	private askAnother(failed: Member, error: UpstreamError | null): void {
		const { group } = this;
		if (error !== null) group.teller.tell(this.request, error, failed.name);
		group.retried++;
		this.retries++;
		this.release();
		this.tried ??= [];
		if (!this.tried.includes(failed)) this.tried.push(failed);
		// The one that has just failed, and nobody else: it gets a moment.
		const alone = group.members.every((member) => !member.isReady || this.tried?.includes(member) === true);
		if (alone) this.pause((group.settings.retries?.pause ?? 0) * 2 ** (this.retries - 1));
		else this.next();
	}

	private giveUp(error: unknown): void {
		const last = (this.member ?? this.tried?.at(-1))?.name ?? 'upstreams';
		this.release();
		this.settleWaiting();
		this.replay?.giveUp(error);
		if (this.replay === null) this.request.payload?.cancel(error);
		if (!this.settles || !(error instanceof UpstreamError)) return this.reject(error);
		const { teller } = this.group;
		teller.tell(this.request, error, last);
		this.resolve(teller.answer(this.request, error));
	}

	// While nobody is asked.

	get timer(): Timer {
		this.held ??= new Timer(this);
		return this.held;
	}

	private pause(milliseconds: number): void {
		if (milliseconds === 0) return this.next();
		this.context.onClosed(this);
		wheel.set(this.timer, milliseconds);
	}

	private waitForRoom(): void {
		this.context.onClosed(this);
		if (this.over) return;
		const left = (this.context.get(deadline) ?? 0) - performance.now();
		this.isQueued = true;
		this.group.wait(this, left > 0 ? wheel.now + left : 0);
	}

	wanted(): Member | null {
		try {
			return this.group.choose(this.request, this.context, this.tried);
		} catch {
			// Nobody may be asked now: it waits on, as long as its time is.
			return null;
		}
	}

	given(member: Member): void {
		this.isQueued = false;
		this.context.offClosed(this);
		this.ask(member);
	}

	/** The pause is over, or so is the patience of whoever waits for room. */
	timedOut(): void {
		if (this.over) return;
		if (!this.isQueued) {
			this.context.offClosed(this);
			return this.next();
		}
		this.group.refused++;
		this.giveUp(new UpstreamError('connection_limit_reached', { retryable: true }));
	}

	/** The client has left while nobody was asked. */
	exchangeClosed(reason: unknown): void {
		this.over = true;
		this.giveUp(reason instanceof Error ? reason : new Disconnected());
	}

	private settleWaiting(): void {
		if (this.held === null) return;
		this.group.leave(this);
		this.context.offClosed(this);
	}

	// The end.

	/** The client has been answered, tunnels included. */
	exchangeFinished(): void {
		this.over = true;
		this.release();
	}

	private release(): void {
		const { member } = this;
		if (member === null) return;
		this.member = null;
		member.active--;
		if (this.group.queued > 0) this.group.serveWaiting();
	}
}
