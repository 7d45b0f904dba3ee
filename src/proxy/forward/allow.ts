/** Policies that are ready-made: what is allowed, what is denied, one after the other. */
import { checkNames, shown } from '../../names/index.ts';
import { HostRules } from './host-rules.ts';
import type { Policy, PolicyQuestion, Verdict } from './policy.ts';

/** What a request must be for a rule to speak: all that is given must fit, one of each list. */
export interface RuleParts {
	/** Names, `*.example.org` for all names below it, addresses and CIDR ranges (held against addresses that are asked for themselves). */
	readonly hosts?: readonly string[];
	readonly ports?: readonly number[];
}

const PARTS = ['hosts', 'ports'];

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
	if (typeof parts !== 'object' || parts === null)
		throw new TypeError(
			`${word}: the parts must be an object, such as { hosts: ['*.example.org'] }, not ${shown(parts)}`,
		);
	checkNames(`${word}: `, parts, PARTS);
	const hosts = parts.hosts === undefined ? null : hostRules(word, parts.hosts);
	const ports = parts.ports === undefined ? null : portSet(word, parts.ports);
	const suffix = ports === null ? '' : ` on port ${[...ports].join(', ')}`;
	return ({ destination: { host, port } }) => {
		if (ports !== null && !ports.has(port)) return null;
		const pattern = hosts === null ? 'all' : hosts.match(host);
		return pattern === null ? null : { allowed, rule: `${word} ${pattern}${suffix}` };
	};
}

function hostRules(word: string, patterns: unknown): HostRules {
	if (!Array.isArray(patterns))
		throw new TypeError(`${word}: hosts must be a list of patterns, not ${shown(patterns)}`);
	try {
		return new HostRules(patterns as string[]);
	} catch (error) {
		throw new TypeError(`${word}: hosts: ${(error as Error).message}`, { cause: error });
	}
}

function portSet(word: string, ports: unknown): ReadonlySet<number> {
	const fits = (port: unknown): boolean =>
		Number.isSafeInteger(port) && (port as number) >= 1 && (port as number) <= 65_535;
	if (!Array.isArray(ports) || !ports.every(fits))
		throw new TypeError(`${word}: ports must be a list of ports from 1 to 65535, not ${shown(ports)}`);
	return new Set(ports as number[]);
}
