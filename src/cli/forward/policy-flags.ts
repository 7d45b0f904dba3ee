/** The flags that say where a forward proxy leads to, shared by `forward` and `through`, and what they make of `forward`'s options. */
import { checkedRanges } from '../../addresses/index.ts';
import { parentFromEnvironment, parseParent } from '../../client/index.ts';
import { allowAll, type ForwardOptions, firstOf, type Policy } from '../../proxy/forward/index.ts';
import { type Flag, FlagError, type RepeatedFlag } from '../flags.ts';
import { hostPatterns, type PatternEntry, patternPolicy, portsOpenedBy, readPort } from './host-patterns.ts';

const ports: Flag<readonly number[] | null> = {
	value: 'LIST',
	help: 'The ports that may be connected to, such as 80,443,8443; or all. Default: 80,443.',
	read: (text) => (text === 'all' ? null : text.split(',').map((one) => readPort(one.trim()))),
};

const allowPrivate: RepeatedFlag<string> = {
	value: 'RANGE',
	help: 'Addresses to reach although they are not public: 10.1.0.0/16, loopback,\nprivate or link-local; self is what this process itself listens on. Default: none.',
	repeated: true,
	read: (text) => {
		try {
			if (text !== 'self') checkedRanges('--allow-private', text);
		} catch (error) {
			throw new FlagError(
				(error as Error).message,
				'Write an address, a range such as 10.1.0.0/16, loopback, private, link-local or self.',
			);
		}
		return text;
	},
};

/** Text of a URL, or `env`. */
const parent: Flag<NonNullable<ForwardOptions['parent']>> = {
	value: 'URL|env',
	isSecret: true,
	help: 'A proxy to go through: http://, https:// or socks5://[USER:PASSWORD@]HOST:PORT;\nenv takes it from HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY.',
	read: (text) => {
		try {
			return text === 'env' ? parentFromEnvironment(process.env) : parseParent(text);
		} catch (error) {
			throw new FlagError(
				(error as Error).message,
				'Others on this machine can see a password here; env hides it better.',
			);
		}
	},
};

export const policyFlags: {
	readonly allow: RepeatedFlag<PatternEntry>;
	readonly deny: RepeatedFlag<PatternEntry>;
	readonly ports: Flag<readonly number[] | null>;
	readonly 'allow-private': RepeatedFlag<string>;
	readonly parent: Flag<NonNullable<ForwardOptions['parent']>>;
} = {
	allow: hostPatterns('A host that may be reached; with one of these, no others may. Several are "or".'),
	deny: hostPatterns('A host that may not be reached, whatever is allowed.'),
	ports: ports,
	'allow-private': allowPrivate,
	parent,
};

const WEB_PORTS: readonly number[] = [80, 443];

export interface PolicyValues {
	readonly allow: readonly PatternEntry[];
	readonly deny: readonly PatternEntry[];
	readonly ports: readonly number[] | null | undefined;
	readonly 'allow-private': readonly string[];
	readonly parent: ForwardOptions['parent'] | undefined;
}

/** What the flags make of `forward`'s options. Throws for a file that cannot be read, or holds what is no pattern. */
export function policyOf(values: PolicyValues): Pick<ForwardOptions, 'policy' | 'ports' | 'allowPrivate' | 'parent'> {
	const { ports: given, allow: allowed, deny: denied } = values;
	const web = given === undefined ? WEB_PORTS : given;
	const rules: Policy[] = [];
	if (denied.length > 0) rules.push(patternPolicy('deny', denied, null));
	rules.push(allowed.length > 0 ? patternPolicy('allow', allowed, web) : allowAll);
	const through = values.parent === undefined ? {} : { parent: values.parent };
	const open = portsOpenedBy(allowed, web);
	return { policy: firstOf(...rules), ports: open, allowPrivate: values['allow-private'], ...through };
}
