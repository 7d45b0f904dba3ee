/** Policies that are ready-made: what is allowed, what is denied, one after the other. */
import type { ReloadedList } from '../../reloaded/index.ts';
import type { Policy, PolicyQuestion, Verdict } from './policy.ts';
import { type RuleParts, ruleTests } from './rule-parts.ts';

/** Allows what fits all parts, and says nothing about the rest. Throws TypeError with the part's name and the reason. */
export function allow(parts: RuleParts): Policy {
	return ruleOf('allow', true, parts);
}

/** Refuses what fits all parts, and says nothing about the rest. Throws TypeError with the part's name and the reason. */
export function deny(parts: RuleParts): Policy {
	return ruleOf('deny', false, parts);
}

/** Allows everything that is asked about. */
export const allowAll: Policy = () => ALL;
const ALL: Verdict = { allowed: true, rule: 'allow all' };

/** Asks one policy after the other: the first that has a verdict has decided. */
export function firstOf(...policies: readonly Policy[]): Policy {
	return (question) => ask(policies, 0, question);
}

function ask(
	policies: readonly Policy[],
	from: number,
	question: PolicyQuestion,
): Verdict | null | Promise<Verdict | null> {
	for (let at = from; at < policies.length; at++) {
		const verdict = (policies[at] as Policy)(question);
		if (verdict instanceof Promise) return verdict.then((late) => late ?? ask(policies, at + 1, question));
		if (verdict !== null) return verdict;
	}
	return null;
}

function ruleOf(word: 'allow' | 'deny', allowed: boolean, parts: RuleParts): Policy {
	const { hosts, others, lists } = ruleTests(word, parts);
	const suffix = others.map(({ name }) => name).join('');
	const verdict = (question: PolicyQuestion): Verdict | null => {
		for (const { fits } of others) if (!fits(question)) return null;
		const pattern = hosts === null ? 'all' : hosts.value.match(question.destination.host);
		return pattern === null ? null : { allowed, rule: `${word} ${pattern}${suffix}` };
	};
	return lists.length === 0 ? verdict : upToDate(lists, verdict);
}

/** Asks a policy once the files of these lists have been looked at. */
export function upToDate(lists: readonly ReloadedList<unknown>[], policy: Policy): Policy {
	return (question) => {
		let looks: Promise<unknown>[] | null = null;
		for (const list of lists) {
			const look = list.look();
			if (look !== null) (looks ??= []).push(look);
		}
		return looks === null ? policy(question) : Promise.all(looks).then(() => policy(question));
	};
}
