/**
 * The variables of one request, as nginx's fastcgi_params and Caddy's php_fastcgi set them; RFC 3875 section 4.1 is what
 * both follow. Everything is a byte string (latin1). What the client says comes in under `HTTP_` only.
 */
import type { Address, Context, RawRequest } from '../../convention/index.ts';
import { flags, HOP_BY_HOP, PROXY_CREDENTIALS, tagOf, tags } from '../../fields/index.ts';
import { type PreparedName, pair, pairOf, parsePairs, preparedName } from '../../protocol/fastcgi/index.ts';
import type { FastCgiSettings } from './options.ts';

/** What is asked of which script. */
export interface ScriptRequest {
	readonly request: RawRequest;
	readonly context: Context;
	/** Path and query as they came, below the mount. */
	readonly target: string;
	/** Both decoded, below the root. */
	readonly script: string;
	readonly pathInfo: string;
}

const names = {
	documentUri: preparedName('DOCUMENT_URI'),
	scriptFilename: preparedName('SCRIPT_FILENAME'),
	scriptName: preparedName('SCRIPT_NAME'),
	pathInfo: preparedName('PATH_INFO'),
	pathTranslated: preparedName('PATH_TRANSLATED'),
	requestUri: preparedName('REQUEST_URI'),
	queryString: preparedName('QUERY_STRING'),
	requestMethod: preparedName('REQUEST_METHOD'),
	requestScheme: preparedName('REQUEST_SCHEME'),
	contentType: preparedName('CONTENT_TYPE'),
	contentLength: preparedName('CONTENT_LENGTH'),
	serverProtocol: preparedName('SERVER_PROTOCOL'),
	serverName: preparedName('SERVER_NAME'),
	serverPort: preparedName('SERVER_PORT'),
	serverAddr: preparedName('SERVER_ADDR'),
	remoteAddr: preparedName('REMOTE_ADDR'),
	remotePort: preparedName('REMOTE_PORT'),
	https: preparedName('HTTPS'),
} as const;

/** The same for every request. */
const CONSTANTS: readonly (readonly [string, string])[] = [
	['GATEWAY_INTERFACE', 'CGI/1.1'],
	['SERVER_SOFTWARE', 'turnabout'],
	// PHP built with --enable-force-cgi-redirect runs nothing without it.
	['REDIRECT_STATUS', '200'],
];

const OURS: ReadonlySet<string> = new Set(Object.values(names).map(({ name }) => name));

export class ParamsWriter {
	private readonly settings: FastCgiSettings;
	private readonly root: string;
	private readonly constants: string;
	/** Variables that the operator has set, in place of ours. */
	private readonly own: ReadonlyMap<string, string> | null;
	/** Whether one of them may stand among ours. */
	private readonly ownReplaces: boolean;

	constructor(settings: FastCgiSettings) {
		this.settings = settings;
		this.root = byteString(settings.root);
		const { env } = settings;
		this.own = env === null || typeof env === 'function' ? null : new Map(Object.entries(env));
		this.ownReplaces = [...(this.own?.keys() ?? [])].some((name) => name.startsWith('HTTP_') || OURS.has(name));
		this.constants = [...CONSTANTS, ['DOCUMENT_ROOT', this.root] as const]
			.filter(([name]) => !this.own?.has(name))
			.map(([name, value]) => pair(name, value))
			.join('');
	}

	/** All pairs, end to end; `length` is that of the body. */
	pairsFor(asked: ScriptRequest, length: number): string {
		const { env } = this.settings;
		const own = typeof env === 'function' ? new Map(Object.entries(env(asked.request, asked.context))) : this.own;
		let pairs = this.constants + this.requestPairs(asked, length) + connectionPairs(asked) + fieldPairs(asked.request);
		if (own === null || own.size === 0) return pairs;
		if (own !== this.own || this.ownReplaces) pairs = withoutNames(pairs, own);
		for (const [name, value] of own) pairs += pair(byteString(name), byteString(value));
		return pairs;
	}

	private requestPairs({ request, context, target, script, pathInfo }: ScriptRequest, length: number): string {
		const { root } = this;
		const query = target.indexOf('?');
		const scriptName = context.mount + script;
		const type = request.fields.get('content-type') ?? '';
		let pairs =
			pairOf(names.scriptFilename, root + script) +
			pairOf(names.scriptName, scriptName) +
			pairOf(names.documentUri, scriptName + pathInfo) +
			pairOf(names.requestUri, context.mount + target) +
			pairOf(names.queryString, query < 0 ? '' : target.slice(query + 1)) +
			pairOf(names.requestMethod, request.method) +
			pairOf(names.requestScheme, request.scheme) +
			pairOf(names.serverProtocol, `HTTP/${request.version === '2' ? '2.0' : request.version}`) +
			pairOf(names.contentType, type) +
			pairOf(names.contentLength, length > 0 || request.payload !== null ? String(length) : '');
		if (request.scheme === 'https') pairs += pairOf(names.https, 'on');
		if (pathInfo === '') return pairs;
		pairs += pairOf(names.pathInfo, pathInfo) + pairOf(names.pathTranslated, root + pathInfo);
		return pairs;
	}
}

function connectionPairs({ request, context }: ScriptRequest): string {
	const { remote, local } = context.connection;
	const authority = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(request.authority);
	const host = authority?.[1] ?? '';
	const standard = request.scheme === 'https' ? '443' : '80';
	const port = local.kind === 'ip' ? String(local.port) : (authority?.[2] ?? standard);
	return (
		pairOf(names.serverName, host === '' ? hostOf(local) : host) +
		pairOf(names.serverPort, port) +
		pairOf(names.serverAddr, hostOf(local)) +
		pairOf(names.remoteAddr, hostOf(remote)) +
		pairOf(names.remotePort, remote.kind === 'ip' ? String(remote.port) : '')
	);
}

function hostOf(address: Address): string {
	return address.kind === 'ip' ? address.host : '';
}

/** Names seen so far and their variables; null for fields that are left out. */
const variables = new Map<string, PreparedName | null>();
const MOST_VARIABLES = 512;
const LONGEST_KEPT = 64;

function variableOf(name: string): PreparedName | null {
	const known = variables.get(name);
	if (known !== undefined) return known;
	const variable = isPassed(name) ? preparedName(`HTTP_${name.toUpperCase().replaceAll('-', '_')}`) : null;
	// Clients choose names: they must not fill our memory.
	if (name.length <= LONGEST_KEPT) {
		if (variables.size >= MOST_VARIABLES) variables.clear();
		variables.set(name, variable);
	}
	return variable;
}

/**
 * Letters, digits and hyphens only: an underscore would let `X_Real_IP` pass for `X-Real-IP`. `Proxy` would become
 * HTTP_PROXY, which many libraries take for a setting of their own ("httpoxy"). What has a variable of its own has no other.
 */
function isPassed(name: string): boolean {
	if (!/^[A-Za-z0-9-]+$/.test(name) || name.toLowerCase() === 'proxy') return false;
	const tag = tagOf(name);
	if (tag === tags['content-length'] || tag === tags['content-type']) return false;
	return ((flags[tag] as number) & (HOP_BY_HOP | PROXY_CREDENTIALS)) === 0;
}

/** Lines of one name are joined (RFC 3875 section 4.1.18), cookies by what separates cookies. */
function fieldPairs({ fields }: RawRequest): string {
	const raw = fields.raw;
	const joined: PreparedName[] = [];
	const values: string[] = [];
	for (let i = 0; i < raw.length; i += 2) {
		const variable = variableOf(raw[i] as string);
		if (variable === null) continue;
		const at = joined.findIndex((one) => one.name === variable.name);
		if (at < 0) {
			joined.push(variable);
			values.push(raw[i + 1] as string);
		} else {
			values[at] += (variable.name === 'HTTP_COOKIE' ? '; ' : ', ') + raw[i + 1];
		}
	}
	let pairs = '';
	for (let i = 0; i < joined.length; i++) pairs += pairOf(joined[i] as PreparedName, values[i] as string);
	return pairs;
}

function withoutNames(pairs: string, names: ReadonlyMap<string, string>): string {
	return (parsePairs(pairs) ?? [])
		.filter(([name]) => !names.has(name))
		.map(([name, value]) => pair(name, value))
		.join('');
}

/** A text as the bytes of its UTF-8. */
function byteString(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of ASCII
	if (/^[\x00-\x7f]*$/.test(text)) return text;
	return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}
