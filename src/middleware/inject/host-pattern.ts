/** Hosts as they are named in the options: `api.example.com`, `api.example.com:8443`, `*.example.org`, an address. */
import { readHost } from '../../proxy/index.ts';

export interface HostPattern {
	/** As a destination has it. Of `*.example.org` what stands behind the star. */
	readonly host: string;
	/** All names below it, and not itself. */
	readonly below: boolean;
	/** Null: the scheme's own. */
	readonly port: number | null;
}

/** Throws TypeError with the reason. */
export function hostPattern(text: string): HostPattern {
	const below = text.startsWith('*.');
	const rest = below ? text.slice(2) : text;
	// With more than one colon it is an IPv6 address, which has its port behind brackets.
	const [, name = rest, digits] = /^(\[.*\]|[^:]*):(\d{1,5})$/.exec(rest) ?? [];
	const port = digits === undefined ? null : Number(digits);
	const { kind, host, reason } = readHost(name);
	if (kind === null) throw new TypeError(reason);
	if (below && kind !== 'name') throw new TypeError('There are no names below an address.');
	if (port !== null && (port < 1 || port > 65_535)) throw new TypeError('Ports go from 1 to 65535.');
	return { host, below, port };
}
