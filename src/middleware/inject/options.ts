/** Which credentials go where, and for whom. */
import { AddressSet } from '../../addresses/index.ts';
import { FRAMING, flags, HOP_BY_HOP, isToken, PROXY_CREDENTIALS, tagOf } from '../../fields/index.ts';
import { checkNames, shown } from '../../names/index.ts';
import { toldSafely } from '../../observe/index.ts';
import { type HostPattern, hostPattern } from './host-pattern.ts';
import { isSecret, type Secret } from './secret.ts';

export interface InjectRule {
	/** The fields that are set, each to a secret. What the client sent in them is replaced. */
	readonly fields?: Readonly<Record<string, Secret>>;
	/** The parameters of the query that are set, in the same way. URLs are kept in logs: take a field where the host lets you. */
	readonly query?: Readonly<Record<string, Secret>>;
	/** Beginnings of paths, whole segments: `/v1`. Default: all paths. */
	readonly paths?: readonly string[];
	/** Default: all but TRACE, which never gets any. */
	readonly methods?: readonly string[];
	/** Addresses and CIDR ranges of clients, as `clientAddress` tells them or the connection does. Default: all. */
	readonly clients?: readonly string[];
	/** Names that a layer of `auth` has proved. Default: all, and those that nobody has asked who they are. */
	readonly users?: readonly string[];
	/** What clients send in place of a credential, and get in its place. Default: `injected-by-proxy`. */
	readonly placeholder?: string;
	/** Also over plain `http:`, where everybody on the way can read it. Default: false. */
	readonly insecure?: boolean;
	/** Whether answers of the host are searched for these secrets. Default: true. */
	readonly scrub?: boolean;
}

/** For each host a rule, several of which the first that fits counts, or just the fields. */
export type InjectHosts = Readonly<
	Record<string, InjectRule | readonly InjectRule[] | Readonly<Record<string, Secret>>>
>;

export interface InjectLogEntry {
	readonly level: 'warn' | 'error';
	readonly message: string;
	/** The authority that the request was for. */
	readonly host: string;
}

export interface InjectOptions {
	/** Told of placeholders that were going elsewhere, of secrets that cannot be used, and of those found in answers; each at most once a second. Default: a line on standard error. */
	readonly log?: (entry: InjectLogEntry) => void;
}

export interface Rule {
	/** Null: the scheme's own. */
	readonly port: number | null;
	readonly fields: ReadonlyMap<string, Secret>;
	readonly query: ReadonlyMap<string, Secret>;
	readonly paths: readonly string[] | null;
	readonly methods: ReadonlySet<string> | null;
	readonly clients: AddressSet | null;
	readonly users: ReadonlySet<string> | null;
	readonly placeholder: string;
	readonly insecure: boolean;
	readonly scrub: boolean;
}

/** All that is said of a host, or of all names below one. */
export interface HostRules {
	readonly pattern: HostPattern;
	readonly rules: readonly Rule[];
}

export interface InjectSettings {
	readonly hosts: readonly HostRules[];
	readonly log: (entry: InjectLogEntry) => void;
}

const NAMES = [...['fields', 'query', 'paths', 'methods', 'clients', 'users'], ...['placeholder', 'insecure', 'scrub']];
const PLACEHOLDER = 'injected-by-proxy';

/** Throws TypeError with the place and the reason; values of secrets are not in it. */
export function injectSettings(hosts: InjectHosts, options: InjectOptions): InjectSettings {
	checkRecord('inject: the hosts', hosts, "an object such as { 'api.example.com': { authorization: secret('NAME') } }");
	checkRecord('inject: the options', options, 'an object');
	checkNames('inject: ', options, ['log']);
	const { log = toStderr } = own<InjectOptions>(options);
	if (typeof log !== 'function') throw new TypeError(`inject: log must be a function, not ${shown(log)}`);
	const found = new Map<string, { pattern: HostPattern; rules: Rule[] }>();
	for (const [name, given] of Object.entries(hosts)) {
		const where = `inject: ${shown(name)}: `;
		const pattern = patternOf(where, name);
		const key = `${pattern.below ? '*.' : ''}${pattern.host}`;
		const entry = found.get(key) ?? { pattern, rules: [] };
		found.set(key, entry);
		if (Array.isArray(given) && given.length === 0) throw new TypeError(`${where}there is no rule`);
		for (const rule of Array.isArray(given) ? given : [given]) entry.rules.push(ruleOf(where, rule, pattern.port));
	}
	if (found.size === 0) throw new TypeError('inject: there is no host');
	return { hosts: [...found.values()], log: toldSafely(log) };
}

function patternOf(where: string, name: string): HostPattern {
	try {
		return hostPattern(name);
	} catch (error) {
		throw new TypeError(`${where}${(error as Error).message}`, { cause: error });
	}
}

/** Only what the object has itself: nobody who could put something on Object.prototype shall turn `insecure` on. */
function own<T extends object>(options: T): T {
	return Object.assign(Object.create(null) as T, options);
}

function ruleOf(where: string, given: unknown, port: number | null): Rule {
	checkRecord(where.slice(0, -2), given, 'a rule, or fields with their secrets');
	const isRule = Object.hasOwn(given, 'fields') || Object.hasOwn(given, 'query');
	if (isRule) checkNames(where, given, NAMES);
	const rule = own<InjectRule>(isRule ? (given as InjectRule) : { fields: given as Record<string, Secret> });
	const { placeholder = PLACEHOLDER, insecure = false, scrub = true, paths, methods, clients, users } = rule;
	if (typeof placeholder !== 'string' || !/^[A-Za-z0-9._-]{4,64}$/.test(placeholder))
		throw new TypeError(`${where}placeholder must be 4 to 64 letters, digits, dots, hyphens and underscores`);
	if (typeof insecure !== 'boolean') throw wrong(where, 'insecure', 'true or false', insecure);
	if (typeof scrub !== 'boolean') throw wrong(where, 'scrub', 'true or false', scrub);
	const fields = secretsOf(`${where}fields.`, rule.fields, fieldFault);
	const query = secretsOf(`${where}query.`, rule.query, parameterFault);
	if (fields.size + query.size === 0) throw new TypeError(`${where}there is nothing to inject`);
	return {
		...{ port, fields, query, placeholder, insecure, scrub },
		paths: paths === undefined ? null : texts(where, 'paths', paths, (path) => /^\/[\x21-\x7e]*$/.test(path)),
		methods: methods === undefined ? null : new Set(texts(where, 'methods', methods, isMethod)),
		clients: clients === undefined ? null : new AddressSet(`${where}clients`, texts(where, 'clients', clients)),
		users: users === undefined ? null : new Set(texts(where, 'users', users)),
	};
}

function secretsOf(where: string, given: unknown, fault: (name: string) => string | null): ReadonlyMap<string, Secret> {
	const secrets = new Map<string, Secret>();
	if (given === undefined) return secrets;
	checkRecord(where.slice(0, -1), given, 'an object of secrets');
	for (const [name, value] of Object.entries(given)) {
		const reason = fault(name);
		if (reason !== null) throw new TypeError(`${where}${shown(name)}: ${reason}`);
		// The value is not shown: it may be what should have been a secret.
		if (!isSecret(value))
			throw new TypeError(`${where}${name}: must be a secret: secret('NAME'), secret.file(…), secret.text\`…\``);
		secrets.set(name, value);
	}
	return secrets;
}

function fieldFault(name: string): string | null {
	if (!isToken(name)) return 'this is no name of a field';
	const flagged = (flags[tagOf(name)] as number) & (HOP_BY_HOP | FRAMING | PROXY_CREDENTIALS);
	return flagged !== 0 || name.toLowerCase() === 'host' ? 'this field is not ours to set' : null;
}

function parameterFault(name: string): string | null {
	return /^[\x20-\x7e]+$/.test(name) ? null : 'the name of a parameter must be visible ASCII';
}

const isMethod = (method: string): boolean => isToken(method) && method !== 'TRACE' && method !== 'CONNECT';

function texts(
	where: string,
	name: string,
	given: unknown,
	fits: (text: string) => boolean = (text) => text !== '',
): readonly string[] {
	const list: readonly unknown[] = Array.isArray(given) ? given : [];
	if (list.length > 0 && list.every((one) => typeof one === 'string' && fits(one))) return list as string[];
	const wanted: Readonly<Record<string, string>> = {
		paths: 'a list of paths that begin with /',
		methods: 'a list of methods, TRACE and CONNECT not among them',
	};
	throw wrong(where, name, wanted[name] ?? 'a list of at least one', given);
}

function checkRecord(where: string, given: unknown, wanted: string): asserts given is object {
	if (typeof given === 'object' && given !== null && !Array.isArray(given) && !isSecret(given)) return;
	throw new TypeError(`${where} must be ${wanted}`);
}

function wrong(where: string, option: string, wanted: string, given: unknown): TypeError {
	return new TypeError(`${where}${option} must be ${wanted}, not ${shown(given)}`);
}

function toStderr({ level, message, host }: InjectLogEntry): void {
	globalThis.process?.stderr.write(`turnabout: ${level}: inject: ${host}: ${message}\n`);
}
