/** Lists of hosts, written as the forward proxy's policy has them, and `*` for all. */
import { shown } from '../names/index.ts';
import { HostRules } from '../proxy/index.ts';

export interface HostList {
	has(host: string): boolean;
}

/** Throws TypeError for what is no list of hosts; `where` is the option's name. */
export function hostList(where: string, given: unknown): HostList {
	if (!Array.isArray(given)) throw new TypeError(`${where} must be a list of hosts, not ${shown(given)}`);
	const patterns = given.map((one: unknown) => {
		if (typeof one !== 'string') throw new TypeError(`${where}: ${shown(one)} is no host`);
		return one;
	});
	const all = patterns.includes('*');
	const rules = rulesOf(
		where,
		patterns.filter((pattern) => pattern !== '*'),
	);
	return { has: (host) => all || rules.match(host) !== null };
}

function rulesOf(where: string, patterns: readonly string[]): HostRules {
	try {
		return new HostRules(patterns);
	} catch (error) {
		throw new TypeError(`${where}: ${(error as Error).message}`, { cause: error });
	}
}
