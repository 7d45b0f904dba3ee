/**
 * A parent: a proxy that we connect through. User and password are kept beside the object and never in it, so that whoever
 * prints a parent prints no secret; only the handshakes ask for them.
 */
import { checkNames, choices } from '../../names/index.ts';
import type { UpstreamTls } from '../options.ts';
import type { Origin } from '../origin.ts';

export interface ParentOptions {
	/** TLS to an `https` parent; verified by its name. */
	readonly tls?: UpstreamTls;
	/** Reach `http` origins by CONNECT, too, instead of asking the parent for them in absolute form. Default: false. */
	readonly tunnel?: boolean;
	/**
	 * Who looks up the names of origins. `parent`: it is handed the name. `here`: we look it up, the guard judges what was
	 * found, and the parent is handed the first address that passed; `http` origins go by CONNECT then. Default: `parent`.
	 */
	readonly names?: 'parent' | 'here';
	/** The address guard judges the parent's own address, too: for a parent that the operator did not choose. Default: false. */
	readonly guarded?: boolean;
}

export interface Parent {
	/** For messages: without user and password. */
	readonly name: string;
	readonly protocol: 'http' | 'https' | 'socks5';
	/** The parent itself, as it is dialled. */
	readonly origin: Origin;
	readonly tls: UpstreamTls;
	readonly tunnel: boolean;
	readonly names: 'parent' | 'here';
	readonly guarded: boolean;
}

export interface Credentials {
	readonly user: string;
	readonly password: string;
}

/** Whose credentials are whose; every parent that was made here is in it. */
const secrets = new WeakMap<Parent, { readonly credentials: Credentials | null }>();

const PORTS = { http: 80, https: 443, socks5: 1080 } as const;
const OPTIONS = ['tls', 'tunnel', 'names', 'guarded'] as const;
const WRITE =
	'Write http://host:port, https://host:port or socks5://host:port, with user:password@ before the host if need be.';

/**
 * Reads `http://`, `https://` or `socks5://[user:password@]host[:port]`; `socks5h` is the same as `socks5`, which leaves
 * names to the parent here. Without a port: 80, 443, 1080. Throws TypeError; its message never holds user or password.
 */
export function parseParent(text: string | URL, options: ParentOptions = {}): Parent {
	const { scheme, login, authority } = partsOf(String(text));
	const protocol = protocolOf(scheme, authority);
	const { host, port } = addressOf(authority, PORTS[protocol]);
	const bracketed = host.includes(':') ? `[${host}]` : host;
	const name = `${protocol}://${bracketed}:${port}`;
	const secure = protocol === 'https';
	const usual = port === PORTS[protocol];
	const parent: Parent = Object.freeze({
		name,
		protocol,
		origin: {
			name,
			secure,
			authority: usual ? bracketed : `${bracketed}:${port}`,
			host,
			port,
			socketPath: null,
			path: '',
		},
		...checked(options, protocol),
	});
	secrets.set(parent, { credentials: login === null ? null : credentialsIn(login, protocol) });
	return parent;
}

/** What `parseParent` read before the host. Throws TypeError for a parent that it did not make, such as a copy of one. */
export function credentialsOf(parent: Parent): Credentials | null {
	const secret = secrets.get(parent);
	if (secret === undefined)
		throw new TypeError('parent: not made by parseParent; a copy of one has lost its credentials.');
	return secret.credentials;
}

/** `parent` as options take it: a URL, what parseParent made of one, or nothing. */
export function parentOption(given: Parent | string | null | undefined): Parent | null {
	if (given === undefined || given === null) return null;
	if (typeof given === 'string') return parseParent(given);
	if (typeof given !== 'object') throw new TypeError(`parent: not a URL but ${typeof given}. ${WRITE}`);
	credentialsOf(given);
	return given;
}

function partsOf(text: string): { scheme: string; login: string | null; authority: string } {
	const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^/?#]*)@)?([^/?#@]*)(.*)$/s.exec(text);
	if (match === null) {
		const hint = /^[\w.-]+(?::\d+)?\/?$/.test(text) ? ` Did you mean http://${text}?` : '';
		throw new TypeError(`Not the URL of a parent proxy: ${withoutLogin(text)}.${hint} ${WRITE}`);
	}
	const [, scheme = '', login, authority = '', rest = ''] = match;
	if (rest !== '' && rest !== '/')
		throw new TypeError(
			`The URL of a parent proxy ends with its port: no path, no query, no fragment. A user or password with / ? # or @ in it is percent-encoded.`,
		);
	return { scheme: scheme.toLowerCase(), login: login ?? null, authority };
}

/** What may be shown of a text that could not be read. */
function withoutLogin(text: string): string {
	return text.includes('@')
		? `…${JSON.stringify(text.slice(text.lastIndexOf('@')))}`
		: JSON.stringify(text.slice(0, 80));
}

function protocolOf(scheme: string, authority: string): Parent['protocol'] {
	if (scheme === 'http' || scheme === 'https' || scheme === 'socks5') return scheme;
	if (scheme === 'socks5h') return 'socks5';
	if (scheme === 'socks') throw new TypeError(`socks: which version? Did you mean socks5://${authority}?`);
	if (scheme === 'socks4' || scheme === 'socks4a')
		throw new TypeError(`${scheme}: SOCKS4 has no passwords and no IPv6, and is not spoken to parents; use socks5.`);
	throw new TypeError(
		`A parent proxy is reached by ${choices(scheme, ['http', 'https', 'socks5'])}, not by ${scheme}:`,
	);
}

function addressOf(authority: string, usual: number): { host: string; port: number } {
	const match = /^(\[[^\]]*\]|[^:[\]]+)(?::(\d{0,5}))?$/.exec(authority);
	const port = match?.[2] === undefined || match[2] === '' ? usual : Number(match[2]);
	if (match === null || port < 1 || port > 65_535) throw badAddress(authority);
	try {
		const { hostname } = new URL(`http://${match[1]}/`);
		return { host: hostname.replace(/^\[|\]$/g, ''), port };
	} catch {
		throw badAddress(authority);
	}
}

function badAddress(authority: string): TypeError {
	if (authority === '') return new TypeError(`The URL of a parent proxy has no host. ${WRITE}`);
	const hint = /^[0-9a-f.]*:[0-9a-f.]*:/i.test(authority) ? ` An IPv6 address stands in brackets.` : '';
	return new TypeError(`Not the host and port of a parent proxy: ${JSON.stringify(authority)}.${hint}`);
}

function checked(options: ParentOptions, protocol: Parent['protocol']): Pick<Parent, (typeof OPTIONS)[number]> {
	checkNames('parent: ', options, OPTIONS);
	const { tls = {}, tunnel = false, names = 'parent', guarded = false } = options;
	if (options.tls !== undefined && protocol !== 'https')
		throw new TypeError(`parent: tls: there is none to an ${protocol} parent`);
	for (const [name, value] of Object.entries({ tunnel, guarded }))
		if (typeof value !== 'boolean') throw new TypeError(`parent: ${name}: not true or false`);
	if (names !== 'parent' && names !== 'here') throw new TypeError('parent: names: neither "parent" nor "here"');
	return { tls, tunnel, names, guarded };
}

/** No message from here quotes what it refuses. */
function credentialsIn(login: string, protocol: Parent['protocol']): Credentials {
	const colon = login.indexOf(':');
	let user: string;
	let password: string;
	try {
		user = decodeURIComponent(colon < 0 ? login : login.slice(0, colon));
		password = colon < 0 ? '' : decodeURIComponent(login.slice(colon + 1));
	} catch {
		throw new TypeError('The user or password of a parent proxy is not percent-encoded UTF-8; write % as %25.');
	}
	const lengths = [user, password].map((part) => new TextEncoder().encode(part).length);
	if (protocol === 'socks5' && lengths.some((length) => length < 1 || length > 255))
		throw new TypeError('A SOCKS5 parent takes a user and a password of 1 to 255 bytes each (RFC 1929).');
	if (protocol !== 'socks5' && user.includes(':'))
		throw new TypeError('The user of an HTTP parent proxy cannot hold a colon (RFC 7617 section 2).');
	if (protocol !== 'socks5' && /\p{Cc}/u.test(user + password))
		throw new TypeError(
			'The user and password of an HTTP parent proxy cannot hold control characters (RFC 7617 section 2).',
		);
	return { user, password };
}
