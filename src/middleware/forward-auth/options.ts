/** What can be set on `forwardAuth`. */
import type { UpstreamOptions } from '../../client/index.ts';
import { CLIENT_CERTIFICATE, FORWARDED, FRAMING, flags, HOP_BY_HOP, isToken, tagOf } from '../../fields/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { type Role, wholeSetting, wrongOption } from '../guard-options.ts';

export interface ForwardAuthOptions {
	/** `origin` (default): what is asked with Authorization. `proxy`: with Proxy-Authorization, and a 401 of the server becomes 407. */
	readonly role?: Role;
	/** Fields of the request that the server is shown, beside Cookie and Authorization. */
	readonly send?: readonly string[];
	/** Fields of the server's answer that go on with the request, and into the identity's claims. Copies that came with the request are taken off. Default: none. */
	readonly copy?: readonly string[];
	/** The field, one of `copy`, that names the caller. An answer without it is a failure, or anonymous where that is `optional`. Default: nobody is named. */
	readonly nameField?: string;
	/** Requests that the server lets in without naming anybody go on, too; then nothing is proved. Default: false. */
	readonly optional?: boolean;
	/** Authorization stays on the request that goes on. Default: false, since whoever gets it could use it elsewhere. Cookie always stays: it holds the app's own, too. */
	readonly pass?: boolean;
	/** Milliseconds for the whole answer; then 504. Default: 5,000. */
	readonly timeout?: number;
	/** Milliseconds that "let it in" is remembered for the same question. Default: 0, never. */
	readonly remember?: number;
	/** Bytes of a body of refusal that are passed on; a larger one is left out. Default: 65,536. */
	readonly limit?: number;
	/** How the server is reached: authorities, a guard of addresses, a pool. */
	readonly upstream?: UpstreamOptions;
}

export interface ForwardAuthSettings {
	readonly role: Role;
	readonly url: URL;
	readonly send: readonly string[];
	readonly copy: readonly string[];
	readonly nameField: string | null;
	readonly optional: boolean;
	readonly pass: boolean;
	readonly timeout: number;
	readonly remember: number;
	readonly limit: number;
	readonly upstream: UpstreamOptions;
}

const NAMES = ['role', 'send', 'copy', 'nameField', 'optional', 'pass', 'timeout', 'remember', 'limit', 'upstream'];

/** Throws TypeError or RangeError for what cannot be meant, naming the option. */
export function forwardAuthSettings(to: string | URL, options: ForwardAuthOptions): ForwardAuthSettings {
	const where = 'forwardAuth';
	checkObject(where, options, "{ copy: ['Remote-User'] }");
	checkNames('forwardAuth: ', options, NAMES);
	const { role = 'origin', nameField = null, optional = false, pass = false, upstream = {} } = options;
	const { timeout = 5_000, remember = 0, limit = 65_536 } = options;
	if (role !== 'origin' && role !== 'proxy') throw wrongOption(where, 'role', "'origin' or 'proxy'", role);
	for (const [option, value] of Object.entries({ optional, pass }))
		if (typeof value !== 'boolean') throw wrongOption(where, option, 'true or false', value);
	const copy = fieldNames('copy', options.copy ?? []);
	if (nameField !== null && (typeof nameField !== 'string' || !isIn(copy, nameField)))
		throw wrongOption(where, 'nameField', 'one of copy', nameField);
	return {
		role,
		url: urlOf(to),
		send: fieldNames('send', options.send ?? []),
		copy,
		nameField,
		optional,
		pass,
		timeout: wholeSetting(where, 'timeout', timeout, 1),
		remember: wholeSetting(where, 'remember', remember, 0),
		limit: wholeSetting(where, 'limit', limit, 0),
		upstream,
	};
}

function isIn(names: readonly string[], name: string): boolean {
	return names.some((one) => one.toLowerCase() === name.toLowerCase());
}

function urlOf(to: string | URL): URL {
	const url = URL.parse(String(to));
	if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
		throw new TypeError(`forwardAuth: the server is http://… or https://…, not ${JSON.stringify(String(to))}`);
	if (url.username !== '' || url.password !== '') throw new TypeError('forwardAuth: a URL cannot hold credentials');
	return url;
}

/** What has a meaning of its own between two hops, or is ours to write. */
const OWN = HOP_BY_HOP | FRAMING | FORWARDED | CLIENT_CERTIFICATE;
const RESERVED: ReadonlySet<string> = new Set(['host', 'expect', 'trailer', 'x-forwarded-method', 'x-forwarded-uri']);

function fieldNames(option: 'send' | 'copy', names: unknown): readonly string[] {
	if (!Array.isArray(names) || !names.every((one) => typeof one === 'string' && isToken(one)))
		throw wrongOption('forwardAuth', option, 'a list of field names', names);
	const own = (names as string[]).find(
		(one) => ((flags[tagOf(one)] ?? 0) & OWN) !== 0 || RESERVED.has(one.toLowerCase()),
	);
	if (own !== undefined) throw new TypeError(`forwardAuth: ${option}: ${own} is no field to be handed on`);
	return names as string[];
}
