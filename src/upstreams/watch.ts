/** What goes on beside the requests of a group: the discovery is followed, and members are looked after. */

import type { Group } from './group.ts';
import { HealthChecker } from './health/index.ts';
import type { Member } from './member.ts';
import { membersOf } from './members-of.ts';
import type { Discovery, UpstreamSpec } from './options.ts';

/** Milliseconds before a discovery that has failed is begun again; doubled up to the longest. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

export class Watch {
	private readonly group: Group;
	private readonly discovery: Discovery | null;
	private readonly checkers: Map<Member, HealthChecker> = new Map();
	private iterator: AsyncIterator<readonly UpstreamSpec[]> | null = null;
	private begun: Promise<void> | null = null;
	private stopping = false;
	/** Wakes whoever waits to begin a discovery again. */
	private wake: (() => void) | null = null;

	constructor(group: Group, discovery: Discovery | null) {
		this.group = group;
		this.discovery = discovery;
	}

	/** Resolves when there is a first list. */
	start(): Promise<void> {
		this.begun ??= this.begin();
		return this.begun;
	}

	private async begin(): Promise<void> {
		this.stopping = false;
		this.lookAfter();
		const { discovery } = this;
		if (discovery === null) return;
		await new Promise<void>((resolve) => void this.follow(discovery, resolve));
	}

	/** Takes list after list; what goes wrong is told, and begun again. */
	private async follow(discovery: Discovery, first: () => void): Promise<void> {
		let pause = FIRST_PAUSE;
		while (!this.stopping) {
			try {
				this.iterator = discovery[Symbol.asyncIterator]();
				for (;;) {
					const { done, value } = await this.iterator.next();
					if (this.stopping) return first();
					if (done === true) return first();
					this.take(value);
					pause = FIRST_PAUSE;
					first();
				}
			} catch (error) {
				// The list of before stays in force.
				this.group.settings.log({ level: 'warn', message: 'the discovery has failed', upstream: null, error });
				first();
			}
			await this.rest(pause);
			pause = Math.min(LONGEST_PAUSE, pause * 2);
		}
	}

	private rest(milliseconds: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, milliseconds).unref();
			this.wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}

	private take(list: readonly UpstreamSpec[]): void {
		const { group } = this;
		const next = membersOf(list, group.members, group.settings);
		const before = new Set(group.members.map(({ name }) => name));
		for (const { name } of next) if (!before.delete(name)) this.tell(name, 'has come');
		for (const name of before) this.tell(name, 'has gone');
		group.replace(next);
		this.lookAfter();
	}

	private tell(upstream: string, message: string): void {
		this.group.settings.log({ level: 'info', message, upstream });
	}

	/** A checker for each member that has an address, and none for those who have gone. */
	private lookAfter(): void {
		const { health, reverse } = this.group.settings;
		if (health === null) return;
		const gone = new Map(this.checkers);
		for (const member of this.group.members) {
			if (gone.delete(member) || member.url === null) continue;
			const checker = new HealthChecker(member.url, health, connectionOptions(reverse), {
				judged: (well, verdict) => this.judged(member, well, verdict),
			});
			this.checkers.set(member, checker);
			checker.start();
		}
		for (const [member, checker] of gone) {
			checker.stop();
			this.checkers.delete(member);
		}
	}

	private judged(member: Member, well: boolean, verdict: string): void {
		member.verdict = verdict;
		if (member.healthy !== well)
			this.group.settings.log({
				level: well ? 'info' : 'warn',
				message: well ? 'is up again' : `is down: ${verdict}`,
				upstream: member.name,
			});
		this.group.judged(member, well);
	}

	async stop(): Promise<void> {
		this.stopping = true;
		this.begun = null;
		this.wake?.();
		for (const checker of this.checkers.values()) checker.stop();
		this.checkers.clear();
		const { iterator } = this;
		this.iterator = null;
		// A generator that waits for the network ends when that answers; nobody waits for it.
		void iterator?.return?.().catch(() => {});
	}
}

/** What of the options of `reverse` is about connections. */
function connectionOptions({ http, proxyHeader, tls, guard, resolve, parent }: Group['settings']['reverse']): object {
	return {
		...(http === undefined ? {} : { http }),
		...(proxyHeader === undefined ? {} : { proxyHeader }),
		...(tls === undefined ? {} : { tls }),
		...(guard === undefined ? {} : { guard }),
		...(resolve === undefined ? {} : { resolve }),
		...(parent === undefined ? {} : { parent }),
	};
}
