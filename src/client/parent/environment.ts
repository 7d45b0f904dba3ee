/** The parent that the environment names, as curl, wget and most others read it. */
import { noProxy } from './no-proxy.ts';
import { type Parent, type ParentOptions, parseParent } from './parent.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is to be reached; `tunnel` counts as https. */
export interface Place {
	readonly scheme: 'http' | 'https' | 'tunnel';
	/** Without brackets. */
	readonly host: string;
	readonly port: number;
}

/**
 * Reads HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, once; the names in small letters come first, and what is empty is not
 * set. HTTP_PROXY in capitals is passed over where REQUEST_METHOD is set: there, it is what a client sent as `Proxy:`
 * (CVE-2016-5385). Throws TypeError, naming the variable, for what cannot be read; never with user or password.
 */
export function parentFromEnvironment(env: Environment, options: ParentOptions = {}): (place: Place) => Parent | null {
	const all = parentIn(env, 'ALL_PROXY', options);
	const http = parentIn(env, 'HTTP_PROXY', options) ?? all;
	const https = parentIn(env, 'HTTPS_PROXY', options) ?? all;
	const [name, list] = valueIn(env, 'NO_PROXY') ?? ['', ''];
	const isDirect = naming(name, () => noProxy(list));
	return ({ scheme, host, port }) => {
		const parent = scheme === 'http' ? http : https;
		return parent === null || isDirect(host, port) ? null : parent;
	};
}

function parentIn(env: Environment, variable: string, options: ParentOptions): Parent | null {
	const found = valueIn(env, variable);
	if (found === null) return null;
	const [name, value] = found;
	const url = value.includes('://') ? value : `http://${value}`;
	const { tls, ...others } = options;
	const secure = url.toLowerCase().startsWith('https:') && tls !== undefined;
	return naming(name, () => parseParent(url, secure ? options : others));
}

function valueIn(env: Environment, variable: string): [string, string] | null {
	const names = [variable.toLowerCase(), variable];
	if (variable === 'HTTP_PROXY' && env['REQUEST_METHOD'] !== undefined) names.pop();
	for (const name of names) {
		const value = env[name]?.trim();
		if (value !== undefined && value !== '') return [name, value];
	}
	return null;
}

function naming<T>(variable: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw new TypeError(`${variable}: ${(error as Error).message}`, { cause: error });
	}
}
