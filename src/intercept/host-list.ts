/** Lists of hosts: `example.org` is that name alone, `*.example.org` are the names below it, `*` are all, addresses too. */
import { shown } from '../names/index.ts';

export interface HostList {
	has(host: string): boolean;
}

const NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;
const ADDRESS = /^[0-9a-f:.]+$/;

/** Throws TypeError for what is no list of hosts; `where` is the option's name. */
export function hostList(where: string, given: unknown): HostList {
	if (!Array.isArray(given)) throw new TypeError(`${where} must be a list of hosts, not ${shown(given)}`);
	const names = new Set<string>();
	const endings: string[] = [];
	let all = false;
	for (const one of given as readonly unknown[]) {
		const host = typeof one === 'string' ? one.toLowerCase().replace(/^\[(.*)\]$/, '$1') : '';
		if (host === '*') all = true;
		else if (host.startsWith('*.') && NAME.test(host.slice(2))) endings.push(host.slice(1));
		else if (NAME.test(host) || (host.includes(':') && ADDRESS.test(host))) names.add(host);
		else throw new TypeError(`${where}: ${shown(one)} is none of example.org, *.example.org, an IP address and *`);
	}
	return { has: (host) => all || names.has(host) || endings.some((ending) => host.endsWith(ending)) };
}
