/** Patterns of hosts: names, `*.example.org` for all names below it, addresses and CIDR ranges. */
import { AddressSet, checkedRanges } from '../../addresses/index.ts';
import { readHost } from './read-host.ts';

export type HostRule =
	| { readonly kind: 'name'; readonly host: string }
	| { readonly kind: 'below'; readonly suffix: string }
	| { readonly kind: 'range'; readonly range: string };

/** Throws TypeError with the reason for what is no pattern. */
export function parseHostRule(pattern: string): HostRule {
	if (/\/\d{1,3}$/.test(pattern)) {
		checkedRanges('hosts', pattern);
		return { kind: 'range', range: pattern };
	}
	const below = pattern.startsWith('*.');
	const { kind, host, reason } = readHost(below ? pattern.slice(2) : pattern);
	if (kind === null) throw new TypeError(`${JSON.stringify(pattern)}: ${reason}`);
	if (below && kind !== 'name') throw new TypeError(`${JSON.stringify(pattern)}: there are no names below an address`);
	if (below) return { kind: 'below', suffix: host };
	return kind === 'name' ? { kind: 'name', host } : { kind: 'range', range: host };
}

/** Many patterns as one: a look-up for each label of a name, however many there are. */
export class HostRules {
	private readonly names: ReadonlySet<string>;
	private readonly suffixes: ReadonlySet<string>;
	private readonly ranges: AddressSet;

	/** Throws TypeError. */
	constructor(patterns: readonly string[]) {
		const rules = patterns.map(parseHostRule);
		this.names = new Set(rules.flatMap((rule) => (rule.kind === 'name' ? [rule.host] : [])));
		this.suffixes = new Set(rules.flatMap((rule) => (rule.kind === 'below' ? [rule.suffix] : [])));
		this.ranges = new AddressSet(
			'hosts',
			rules.flatMap((rule) => (rule.kind === 'range' ? [rule.range] : [])),
		);
	}

	/** `host` as `Destination` has it. The pattern that it fits, or null. A range is held against addresses that were asked for, not against those of a name. */
	match(host: string): string | null {
		if (this.names.has(host)) return host;
		for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
			const suffix = host.slice(dot + 1);
			if (this.suffixes.has(suffix)) return `*.${suffix}`;
		}
		return this.ranges.has(host) ? host : null;
	}
}
