/** What a rule can ask for, and the tests that are made of it. */
import { AddressSet } from '../../addresses/index.ts';
import { isToken } from '../../fields/index.ts';
import { checkNames, shown } from '../../names/index.ts';
import { HostRules } from './host-rules.ts';
import type { PolicyQuestion } from './policy.ts';
import { type RuleTime, timeTest } from './rule-time.ts';

/** What a request must be for a rule to speak: all that is given must fit, one of each list. */
export interface RuleParts {
	/** Names, `*.example.org` for all names below it, addresses and CIDR ranges (held against addresses that are asked for themselves). */
	readonly hosts?: readonly string[];
	readonly ports?: readonly number[];
	/** Methods as they are sent, `CONNECT` for tunnels: what is sent through a tunnel has none that we could see. */
	readonly methods?: readonly string[];
	/** Addresses of clients, CIDR ranges, `loopback`, `private` and `link-local`. A client without a known address fits none. */
	readonly clients?: readonly string[];
	/** Names that a layer of `auth` has proved. Who has not said who they are fits none. */
	readonly users?: readonly string[];
	/** When the rule holds. */
	readonly times?: readonly RuleTime[];
}

/** One part of a rule: whether it fits, and how the rule is named by it. */
export interface PartTest {
	readonly fits: (question: PolicyQuestion) => boolean;
	readonly name: string;
}

const PARTS = ['hosts', 'ports', 'methods', 'clients', 'users', 'times'];

/** `hosts` is apart: a rule is named after the pattern that fitted. Throws TypeError with the part's name and the reason. */
export function hostRules(word: string, { hosts }: RuleParts): HostRules | null {
	if (hosts === undefined) return null;
	try {
		return new HostRules(list(word, 'hosts', hosts, 'patterns', isText));
	} catch (error) {
		throw new TypeError(`${word}: hosts: ${(error as Error).message}`, { cause: error });
	}
}

/** The tests of all other parts. Throws TypeError with the part's name and the reason. */
export function partTests(word: string, parts: RuleParts): PartTest[] {
	const { ports, methods, clients, users, times } = parts;
	const tests: PartTest[] = [];
	const add = (name: string, fits: PartTest['fits']): void => void tests.push({ name, fits });
	if (ports !== undefined) {
		const set = new Set(list(word, 'ports', ports, 'ports from 1 to 65535', isPort));
		add(` on port ${[...set].join(', ')}`, ({ destination }) => set.has(destination.port));
	}
	if (methods !== undefined) {
		const set = new Set(list(word, 'methods', methods, 'methods, such as GET', isMethod));
		add(` by ${[...set].join(', ')}`, ({ method }) => set.has(method));
	}
	if (clients !== undefined) {
		const set = new AddressSet(`${word}: clients`, list(word, 'clients', clients, 'addresses and ranges', isText));
		add(` for ${clients.join(', ')}`, ({ client }) => client !== null && set.has(client));
	}
	if (users !== undefined) {
		const set = new Set(list(word, 'users', users, 'names', isText));
		add(' for some users', ({ identity }) => identity !== null && set.has(identity.name));
	}
	if (times !== undefined) {
		const all = list(word, 'times', times, "times, such as { from: '08:00', to: '18:00' }", isObject);
		const holds = all.map((time) => timeTest(`${word}: times`, time));
		add(' at some times', () => holds.some((holdsAt) => holdsAt(Date.now())));
	}
	return tests;
}

/** Throws TypeError for what is no object, and for parts that there are not. */
export function checkParts(word: string, parts: unknown): void {
	if (!isObject(parts))
		throw new TypeError(
			`${word}: the parts must be an object, such as { hosts: ['*.example.org'] }, not ${shown(parts)}`,
		);
	checkNames(`${word}: `, parts, PARTS);
}

function list<T>(
	word: string,
	name: string,
	given: readonly T[],
	wanted: string,
	fits: (one: unknown) => boolean,
): readonly T[] {
	if (Array.isArray(given) && given.every(fits)) return given;
	throw new TypeError(`${word}: ${name} must be a list of ${wanted}, not ${shown(given)}`);
}

function isText(value: unknown): boolean {
	return typeof value === 'string' && value !== '';
}

function isPort(value: unknown): boolean {
	return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 65_535;
}

/** RFC 9110 section 9.1: methods are told apart by case, and `get` would never fit. */
function isMethod(value: unknown): boolean {
	return typeof value === 'string' && isToken(value) && value === value.toUpperCase();
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}
