/** The flags that say where a forward proxy leads to, shared by `forward` and `through`, and what they make of `forward`'s options. */
import { checkedRanges } from '../../addresses/index.ts';
import {
	allow,
	allowAll,
	deny,
	type ForwardOptions,
	firstOf,
	type Policy,
	parseHostRule,
} from '../../proxy/forward/index.ts';
import { type Flag, FlagError, type RepeatedFlag } from '../flags.ts';

const PATTERNS =
	'Write example.org, *.example.org or 192.0.2.0/24, with :PORT or :* behind it where another port is meant.';

/** A host with its port: null for those of `--ports`, `*` for all. */
export interface HostPattern {
	readonly host: string;
	readonly port: number | '*' | null;
}

function hostPattern(help: string): RepeatedFlag<HostPattern> {
	return { value: 'PATTERN', help, repeated: true, read: readHostPattern };
}

export function readHostPattern(text: string): HostPattern {
	const [, host = text, port] = /^(.*?)(?::(\d{1,5}|\*))?$/.exec(text) ?? [];
	const isIPv6 = text.includes(':') && !text.startsWith('[') && text.indexOf(':') !== text.lastIndexOf(':');
	const pattern = isIPv6 ? text : host;
	try {
		parseHostRule(pattern);
	} catch (error) {
		throw new FlagError((error as Error).message, PATTERNS);
	}
	if (isIPv6 || port === undefined) return { host: pattern, port: null };
	if (port === '*') return { host: pattern, port };
	return { host: pattern, port: readPort(port) };
}

function readPort(text: string): number {
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
		throw new FlagError(`${JSON.stringify(text)} is no port`, 'A port is a number from 1 to 65535.');
	return port;
}

const ports: Flag<readonly number[] | null> = {
	value: 'LIST',
	help: 'The ports that may be connected to, such as 80,443,8443; or all. Default: 80,443.',
	read: (text) => (text === 'all' ? null : text.split(',').map((one) => readPort(one.trim()))),
};

const allowPrivate: RepeatedFlag<string> = {
	value: 'RANGE',
	help: 'Addresses to reach although they are not public: 10.1.0.0/16, loopback,\nprivate or link-local. Default: none.',
	repeated: true,
	read: (text) => {
		try {
			checkedRanges('--allow-private', text);
		} catch (error) {
			throw new FlagError(
				(error as Error).message,
				'Write an address, a range such as 10.1.0.0/16, loopback, private or link-local.',
			);
		}
		return text;
	},
};

export const policyFlags: {
	readonly allow: RepeatedFlag<HostPattern>;
	readonly deny: RepeatedFlag<HostPattern>;
	readonly ports: Flag<readonly number[] | null>;
	readonly 'allow-private': RepeatedFlag<string>;
} = {
	allow: hostPattern('A host that may be reached; with one of these, no others may. Several are "or".'),
	deny: hostPattern('A host that may not be reached, whatever is allowed.'),
	ports: ports,
	'allow-private': allowPrivate,
};

export interface PolicyValues {
	readonly allow: readonly HostPattern[];
	readonly deny: readonly HostPattern[];
	readonly ports: readonly number[] | null | undefined;
	readonly 'allow-private': readonly string[];
}

/** What the flags make of `forward`'s options. */
export function policyOf(values: PolicyValues): Pick<ForwardOptions, 'policy' | 'ports' | 'allowPrivate'> {
	const { ports: given, allow: allowed, deny: denied } = values;
	const web = given === undefined ? [80, 443] : given;
	const others = allowed.flatMap(({ port }) => (typeof port === 'number' ? [port] : []));
	const open = web === null || allowed.some(({ port }) => port === '*') ? null : [...new Set([...web, ...others])];
	const rules: Policy[] = [
		...denied.map(({ host, port }) => deny({ hosts: [host], ...(typeof port === 'number' && { ports: [port] }) })),
		...allowed.map(({ host, port }) => allow({ hosts: [host], ...portsOf(port, web) })),
	];
	if (allowed.length === 0) rules.push(allowAll);
	return { policy: firstOf(...rules), ports: open, allowPrivate: values['allow-private'] };
}

function portsOf(port: HostPattern['port'], web: readonly number[] | null): { ports?: readonly number[] } {
	if (port === '*') return {};
	if (port !== null) return { ports: [port] };
	return web === null ? {} : { ports: web };
}
