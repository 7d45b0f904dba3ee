/** Which parent a destination is reached through: a function, and one that is made from rules. */
import { hostList, type Parent, parseParent } from '../../client/index.ts';
import { checkNames, shown } from '../../names/index.ts';
import type { Destination } from './destination.ts';

/** A parent, null for directly, or several of them in the order they are to be tried. */
export type ChosenParents = Parent | null | readonly (Parent | null)[];

/** Who a destination is reached through. An UpstreamError that it throws is what the client is told. */
export interface ParentChoice {
	(destination: Destination): ChosenParents | Promise<ChosenParents>;
	/** It may ask the network before it answers: `turnabout explain`, which sends nothing, leaves it unasked. */
	readonly asksOthers?: boolean;
}

export interface ParentRule {
	/** A URL, what parseParent made of one, or null: directly. */
	readonly parent: Parent | string | null;
	/**
	 * The hosts it is for: a name is that host alone, `*.example.org` all below it, `.example.org` both; an address, a CIDR
	 * range, `*`; each with a port or without. Default: all.
	 */
	readonly hosts?: readonly string[];
	/** Default: all. `tunnel` is CONNECT. */
	readonly schemes?: readonly Destination['scheme'][];
	/** Default: all. */
	readonly ports?: readonly number[];
}

const NAMES = ['parent', 'hosts', 'schemes', 'ports'];
const SCHEMES = ['http', 'https', 'tunnel'];

/** The first rule that fits says who; when none does, the destination is reached directly. Throws TypeError for bad rules. */
export function byRule(rules: readonly ParentRule[]): (destination: Destination) => Parent | null {
	if (!Array.isArray(rules)) throw new TypeError(`byRule: the rules must be a list, not ${shown(rules)}`);
	const ready = rules.map((rule: ParentRule, index) => readRule(rule, `byRule: ${index}: `));
	return (destination) => ready.find(({ fits }) => fits(destination))?.parent ?? null;
}

interface ReadyRule {
	readonly parent: Parent | null;
	readonly fits: (destination: Destination) => boolean;
}

function readRule(rule: ParentRule, where: string): ReadyRule {
	if (typeof rule !== 'object' || rule === null) throw new TypeError(`${where}not a rule: ${shown(rule)}`);
	checkNames(where, rule, NAMES);
	const { parent, hosts, schemes, ports } = rule;
	if (parent === undefined) throw new TypeError(`${where}parent: missing; null is for directly`);
	for (const [name, list] of Object.entries({ hosts, schemes, ports }))
		if (list !== undefined && !Array.isArray(list)) throw new TypeError(`${where}${name}: not a list`);
	const stray = schemes?.find((scheme) => !SCHEMES.includes(scheme));
	if (stray !== undefined) throw new TypeError(`${where}schemes: ${shown(stray)} is none of ${SCHEMES.join(', ')}`);
	const wrong = ports?.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
	if (wrong !== undefined) throw new TypeError(`${where}ports: ${shown(wrong)} is no port`);
	const isListed = hosts === undefined ? null : named(`${where}hosts: `, () => hostList(hosts, { below: false }));
	return {
		parent: typeof parent === 'string' ? named(`${where}parent: `, () => parseParent(parent)) : parent,
		fits: ({ scheme, host, port }) =>
			(isListed === null || isListed(host, port)) &&
			(schemes === undefined || schemes.includes(scheme)) &&
			(ports === undefined || ports.includes(port)),
	};
}

function named<T>(where: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw new TypeError(`${where}${(error as Error).message}`, { cause: error });
	}
}
