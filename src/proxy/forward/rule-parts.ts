/** What a rule can ask for, and the tests that are made of it. */
import { AddressSet, checkedRanges } from '../../addresses/index.ts';
import { isToken } from '../../fields/index.ts';
import { checkNames, shown } from '../../names/index.ts';
import { type ListEntry, ReloadedList, reportToStderr } from '../../reloaded/index.ts';
import { HostRules, parseHostRule } from './host-rules.ts';
import { isPathPrefix, PathRules } from './path-rules.ts';
import type { PolicyQuestion } from './policy.ts';
import { type RuleTime, timeTest } from './rule-time.ts';

/** What a request must be for a rule to speak: all that is given must fit, one of each list. `{ file }` in a list has one entry a line. */
export interface RuleParts {
	/** Names, `*.example.org` for all names below it, addresses and CIDR ranges (held against addresses that are asked for themselves). */
	readonly hosts?: readonly ListEntry[];
	readonly ports?: readonly number[];
	/** Methods as they are sent, `CONNECT` for tunnels: what is sent through a tunnel has none that we could see. */
	readonly methods?: readonly string[];
	/**
	 * Beginnings of paths, whole segments: `/v1` is `/v1`, `/v1/x` and `/v1?q`, and not `/v10`. Tunnels have no path and fit none.
	 * A path that can be read in several ways has to fit in all of them where it is allowed, and in one where it is denied.
	 */
	readonly paths?: readonly ListEntry[];
	/** Addresses of clients, CIDR ranges, `loopback`, `private` and `link-local`. A client without a known address fits none. */
	readonly clients?: readonly ListEntry[];
	/** Names that a layer of `auth` has proved. Who has not said who they are fits none. */
	readonly users?: readonly ListEntry[];
	/** When the rule holds. */
	readonly times?: readonly RuleTime[];
	/** Told when a file that has changed cannot be used; the list stays as it was. Default: one line on standard error. */
	readonly log?: (error: Error) => void;
}

/** One part of a rule: whether it fits, and how the rule is named by it. */
export interface PartTest {
	readonly fits: (question: PolicyQuestion) => boolean;
	readonly name: string;
}

/** The tests of a rule. */
export interface RuleTests {
	/** Apart: a rule is named after the pattern that fitted. Null: all hosts. */
	readonly hosts: ReloadedList<HostRules> | null;
	readonly others: readonly PartTest[];
	/** Those with files are looked at before the rule is asked. */
	readonly lists: readonly ReloadedList<unknown>[];
}

const PARTS = ['hosts', 'ports', 'methods', 'paths', 'clients', 'users', 'times', 'log'];

/** Throws TypeError with the part's name and the reason, and the system's error for a file that cannot be read. */
export function ruleTests(word: 'allow' | 'deny', parts: RuleParts): RuleTests {
	checkParts(word, parts);
	const { ports, methods, times, paths, clients, users } = parts;
	const lists = new PartLists(word, parts);
	const hosts = lists.of('hosts', 'patterns', parts.hosts, checkHost, (texts) => new HostRules(texts));
	const others: PartTest[] = [];
	const add = (name: string, fits: PartTest['fits']): void => void others.push({ name, fits });
	if (ports !== undefined) {
		const set = new Set(list(word, 'ports', ports, 'ports from 1 to 65535', isPort));
		add(` on port ${[...set].join(', ')}`, ({ destination }) => set.has(destination.port));
	}
	if (methods !== undefined) {
		const set = new Set(list(word, 'methods', methods, 'methods, such as GET', isMethod));
		add(` by ${[...set].join(', ')}`, ({ method }) => set.has(method));
	}
	const below = lists.of('paths', 'paths that begin with /', paths, checkPath, (texts) => new PathRules(texts));
	if (below !== null) add(named(' below', paths, ' some paths'), pathTest(word, below));
	const near = lists.of('clients', 'addresses and ranges', clients, checkedRanges, (texts) => {
		return new AddressSet(`${word}: clients`, texts);
	});
	if (near !== null)
		add(named(' for', clients, ' some clients'), ({ client }) => client !== null && near.value.has(client));
	const known = lists.of(
		'users',
		'names',
		users,
		() => {},
		(texts) => new Set(texts),
	);
	if (known !== null) add(' for some users', ({ identity }) => identity !== null && known.value.has(identity.name));
	if (times !== undefined) {
		const all = list(word, 'times', times, "times, such as { from: '08:00', to: '18:00' }", isObject);
		const holds = all.map((time) => timeTest(`${word}: times`, time));
		add(' at some times', () => holds.some((holdsAt) => holdsAt(Date.now())));
	}
	return { hosts, others, lists: lists.made };
}

/** Makes the lists of one rule. */
class PartLists {
	readonly made: ReloadedList<unknown>[] = [];
	private readonly word: string;
	private readonly report: (error: Error) => void;

	constructor(word: string, { log = reportToStderr }: RuleParts) {
		if (typeof log !== 'function') throw new TypeError(`${word}: log must be a function, not ${shown(log)}`);
		this.word = word;
		this.report = log;
	}

	of<T>(
		part: string,
		wanted: string,
		entries: readonly ListEntry[] | undefined,
		check: (where: string, text: string) => unknown,
		make: (texts: readonly string[]) => T,
	): ReloadedList<T> | null {
		if (entries === undefined) return null;
		const where = `${this.word}: ${part}`;
		for (const entry of list(this.word, part, entries, wanted, isEntry))
			if (typeof entry === 'string') check(where, entry);
		const made = new ReloadedList(where, entries, { check, make, report: this.report });
		this.made.push(made);
		return made;
	}
}

function pathTest(word: 'allow' | 'deny', paths: ReloadedList<PathRules>): PartTest['fits'] {
	return ({ destination: { path } }) => {
		if (path === null) return false;
		return word === 'allow' ? paths.value.fitsSurely(path) : paths.value.fitsPossibly(path);
	};
}

/** By its entries, where the rule says them: what stands in files is nobody's business. */
function named(word: string, entries: readonly ListEntry[] | undefined, otherwise: string): string {
	const isSaid = entries?.every((entry) => typeof entry === 'string') === true;
	return `${word}${isSaid ? ` ${entries.join(', ')}` : otherwise}`;
}

function checkHost(where: string, text: string): void {
	try {
		parseHostRule(text);
	} catch (error) {
		throw new TypeError(`${where}: ${(error as Error).message}`, { cause: error });
	}
}

function checkPath(where: string, text: string): void {
	if (isPathPrefix(text)) return;
	throw new TypeError(
		`${where}: ${shown(text)} must begin with / and be read in one way: no //, no dot segments, no ; no query`,
	);
}

/** Throws TypeError for what is no object, and for parts that there are not. */
function checkParts(word: string, parts: unknown): void {
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

/** A text or a file; what kind of object is looked at where it is read. */
function isEntry(value: unknown): boolean {
	return (typeof value === 'string' && value !== '') || isObject(value);
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
