/** Policies that are ready-made: what is allowed, what is denied, one after the other. */
import type { Policy, PolicyQuestion, Verdict } from './policy.ts';
import { checkParts, hostRules, partTests, type RuleParts } from './rule-parts.ts';

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

function ruleOf(word: string, allowed: boolean, parts: RuleParts): Policy {
	checkParts(word, parts);
	const hosts = hostRules(word, parts);
	const tests = partTests(word, parts);
	const suffix = tests.map(({ name }) => name).join('');
	return (question) => {
		for (const { fits } of tests) if (!fits(question)) return null;
		const pattern = hosts === null ? 'all' : hosts.match(question.destination.host);
		return pattern === null ? null : { allowed, rule: `${word} ${pattern}${suffix}` };
	};
}
