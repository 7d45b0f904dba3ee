/**
 * The members of a group and who of them is asked. What one request goes through is in group-exchange.ts; here is what outlives
 * it: states, the list of those who are ready, who waits for room, and the slow start of those who come.
 */
import { type Context, type RawRequest, UpstreamError } from '../convention/index.ts';
import { type FailureTeller, failureTeller } from '../proxy/reverse/index.ts';
import { Timer, type TimerOwner, wheel } from '../transport/index.ts';
import type { Policy } from './balance/index.ts';
import { Breaker, type BreakerOwner } from './breaker.ts';
import { Latencies } from './latencies.ts';
import type { Member } from './member.ts';
import { RetryBudget } from './retry-budget.ts';
import type { GroupSettings } from './settings.ts';

/** Somebody who waits until a member has room. */
export interface Waiter {
	/** By the wheel's count: when it stops waiting in any case; 0 is never. */
	readonly timer: Timer;
	/** The member that it would go to now; null when none has room for it. */
	wanted(): Member | null;
	given(member: Member): void;
	refused(error: UpstreamError): void;
}

/** How many steps a slow start has, and how much is asked at its beginning. */
const STEPS = 10;
const FIRST_SHARE = 0.1;

export class Group implements BreakerOwner, TimerOwner {
	readonly settings: GroupSettings;
	readonly policy: Policy;
	readonly budget: RetryBudget | null;
	readonly teller: FailureTeller;
	/** Of all members; null where nobody hedges. */
	readonly latencies: Latencies | null;
	retried = 0;
	hedged = 0;
	refused = 0;
	members: readonly Member[] = [];
	/** Those who are asked as things stand. */
	private ready: readonly Member[] = [];
	private readonly waiting: Waiter[] = [];
	private readonly starting: Map<Member, number> = new Map();
	private readonly stepper: Timer = new Timer(this);
	private closed = false;

	constructor(settings: GroupSettings) {
		this.settings = settings;
		this.policy = settings.policy;
		const { retries } = settings;
		this.budget = retries === null ? null : new RetryBudget(retries.share, retries.perSecond, performance.now());
		this.teller = failureTeller(settings.reverse);
		const { hedge } = settings;
		this.latencies = hedge === null ? null : new Latencies(hedge.percentile, hedge.least);
	}

	// Who is in it.

	/** The group from now on. Members that are not in it any more finish what they have. */
	replace(next: readonly Member[]): void {
		const before = new Set(this.members);
		this.members = next;
		for (const member of next) {
			if (before.delete(member)) continue;
			if (this.settings.ejection !== null) member.breaker = new Breaker(this.settings.ejection, this);
			if (this.ready.length > 0) this.startSlowly(member);
		}
		for (const gone of before) this.dismiss(gone);
		this.refresh();
	}

	private dismiss(member: Member): void {
		member.leaving = true;
		member.breaker?.stop();
		this.starting.delete(member);
		void member.close();
	}

	/** Something about a member has changed. */
	refresh(): void {
		this.ready = this.members.filter(({ isReady, weight }) => isReady && weight > 0);
		this.serveWaiting();
	}

	// Who is asked.

	/**
	 * Who is asked next, or null when all have their hands full. `tried` have failed already, and are asked only if there is nobody else.
	 * Throws UpstreamError when nobody may be asked.
	 */
	choose(request: RawRequest, context: Context, tried: readonly Member[] | null): Member | null {
		let candidates = this.ready.length > 0 ? this.ready : this.whenNoneIsUp();
		let { policy } = this;
		if (tried !== null) {
			const rest = candidates.filter((member) => !tried.includes(member));
			if (rest.length > 0) candidates = rest;
			policy = policy.again ?? policy;
		}
		const { active } = this.settings.limits;
		if (active !== Number.POSITIVE_INFINITY) {
			candidates = candidates.filter((member) => member.active < active);
			if (candidates.length === 0) return null;
		}
		return candidates.length === 1 ? (candidates[0] as Member) : policy.choose(candidates, request, context);
	}

	private whenNoneIsUp(): readonly Member[] {
		const { members } = this;
		const left = this.settings.whenNoneIsUp === 'refuse' ? [] : members.filter(({ weight }) => weight > 0);
		if (left.length === 0) {
			this.refused++;
			throw new UpstreamError('destination_unavailable', { retryable: true });
		}
		return left;
	}

	/** The member that a client wants to stay with, if it may be asked. */
	named(name: (member: Member) => boolean): Member | null {
		const found = this.members.find(name);
		return found?.isReady === true && found.active < this.settings.limits.active ? found : null;
	}

	// Who waits.

	wait(waiter: Waiter, latest: number): void {
		const { queue, queueTimeout } = this.settings.limits;
		if (this.closed || this.waiting.length >= queue) {
			this.refused++;
			return waiter.refused(new UpstreamError('connection_limit_reached', { retryable: true }));
		}
		this.waiting.push(waiter);
		wheel.set(waiter.timer, queueTimeout, latest);
	}

	leave(waiter: Waiter): void {
		const at = this.waiting.indexOf(waiter);
		if (at >= 0) this.waiting.splice(at, 1);
		wheel.remove(waiter.timer);
	}

	/** A member has room. */
	serveWaiting(): void {
		while (this.waiting.length > 0) {
			const waiter = this.waiting[0] as Waiter;
			const member = waiter.wanted();
			if (member === null) return;
			this.leave(waiter);
			waiter.given(member);
		}
	}

	// States of members.

	breakerChanged(): void {
		this.refresh();
	}

	mayEject(): boolean {
		const ejected = this.members.reduce((count, { breaker }) => count + (breaker?.state === 'ejected' ? 1 : 0), 0);
		return ejected + 1 <= this.members.length * (this.settings.ejection?.most ?? 0);
	}

	/** What a health check has found. */
	judged(member: Member, healthy: boolean): void {
		if (member.healthy === healthy) return;
		member.healthy = healthy;
		if (healthy) this.startSlowly(member);
		this.refresh();
	}

	private startSlowly(member: Member): void {
		const { slowStart } = this.settings;
		if (slowStart === 0 || member.weight === 0) return;
		this.starting.set(member, 0);
		member.share = member.weight * FIRST_SHARE;
		wheel.set(this.stepper, slowStart / STEPS);
	}

	/** Another step of those who start slowly. */
	timedOut(): void {
		for (const [member, steps] of this.starting) {
			const grown = Math.min(1, FIRST_SHARE + ((steps + 1) * (1 - FIRST_SHARE)) / STEPS);
			member.share = member.weight * grown;
			if (steps + 1 >= STEPS) this.starting.delete(member);
			else this.starting.set(member, steps + 1);
		}
		if (this.starting.size > 0) wheel.set(this.stepper, this.settings.slowStart / STEPS);
	}

	get queued(): number {
		return this.waiting.length;
	}

	async close(): Promise<void> {
		this.closed = true;
		wheel.remove(this.stepper);
		for (const waiter of [...this.waiting]) {
			this.leave(waiter);
			waiter.refused(new UpstreamError('destination_unavailable'));
		}
		for (const { breaker } of this.members) breaker?.stop();
		await Promise.all(this.members.map((member) => member.close()));
	}
}
