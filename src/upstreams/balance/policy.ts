/** Who of several is asked. */
import type { Context, RawRequest } from '../../convention/index.ts';
import type { Member } from '../member.ts';

/** What a choice goes by: a member of a group, with as much of its state. */
export type Candidate = Pick<Member, 'name' | 'share' | 'active' | 'latency' | 'credit'>;

export interface Policy {
	/** One of `candidates`, of which there is one at least; all of them may be asked. They are in the group's order. */
	choose<C extends Candidate>(candidates: readonly C[], request: RawRequest, context: Context): C;
	/** Chooses instead where some have been asked already. Default: the policy itself. */
	readonly again?: Policy;
}
