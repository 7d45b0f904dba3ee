/** What can be set on `intercept`. */
import { type EngineTimeouts, engineTimeouts } from '../engine/index.ts';
import { checkNames, shown } from '../names/index.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import { type HostList, hostList } from './host-list.ts';

/** One line about a tunnel that could not be looked into. */
export interface InterceptLogEntry {
	readonly level: 'error' | 'warn';
	readonly message: string;
	/** Whom the tunnel is for. */
	readonly host: string;
	/** The client's address. */
	readonly client: string;
	readonly error?: unknown;
}

export interface InterceptOptions {
	/** Whose tunnels are looked into: `api.example.com`, `*.example.com` for the names below, `*` for all. No default: nothing is looked into unasked. */
	readonly hosts: readonly string[];
	/** Those among them that are left alone; written in the same way. Default: none. */
	readonly except?: readonly string[];
	/** Who signs the certificates that clients are shown. */
	readonly ca: CertificateAuthority;
	/**
	 * What a client gets that names another server by SNI than by CONNECT (domain fronting): nothing (`refuse`, the default), or
	 * the server that SNI names (`follow`), for which the policy is then asked with each request.
	 */
	readonly mismatch?: 'refuse' | 'follow';
	/**
	 * What a client gets that has refused our certificate a short while ago: the same certificate again (`refuse`, the
	 * default), or its tunnel unread (`pass`). With `pass` every client can keep its tunnels from being looked into.
	 */
	readonly pinned?: 'refuse' | 'pass';
	/** Milliseconds that such a client is remembered. Default: 600,000. */
	readonly remember?: number;
	/**
	 * What becomes of a tunnel in which no TLS is spoken: its requests are read as HTTP (`http`, the default), it is passed
	 * through unread (`pass`), or it ends (`refuse`). One whose client says nothing at first always ends.
	 */
	readonly plain?: 'http' | 'pass' | 'refuse';
	/** Speak HTTP/2 with clients that can. Default: true. */
	readonly http2?: boolean;
	/** Certificates that are kept in memory, each some 30 KB. Default: 1,000. */
	readonly certificates?: number;
	/** Days that a certificate is good, from 2 to 90. Default: 30. */
	readonly days?: number;
	/** Milliseconds for the first bytes of a tunnel, and again for the handshake. Default: 10,000. */
	readonly handshake?: number;
	/** As of the engines, for what is spoken inside. */
	readonly timeouts?: Partial<EngineTimeouts>;
	/** Default: one line on standard error. */
	readonly log?: (entry: InterceptLogEntry) => void;
}

export interface InterceptSettings {
	readonly hosts: HostList;
	readonly except: HostList;
	readonly ca: CertificateAuthority;
	readonly mismatch: 'refuse' | 'follow';
	readonly pinned: 'refuse' | 'pass';
	readonly remember: number;
	readonly plain: 'http' | 'pass' | 'refuse';
	readonly http2: boolean;
	readonly certificates: number;
	readonly days: number;
	readonly handshake: number;
	readonly timeouts: Partial<EngineTimeouts>;
	readonly log: (entry: InterceptLogEntry) => void;
}

const NAMES: readonly (keyof InterceptOptions)[] = [
	'hosts',
	'except',
	'ca',
	'mismatch',
	'pinned',
	'remember',
	'plain',
	'http2',
	'certificates',
	'days',
	'handshake',
	'timeouts',
	'log',
];

/** Throws TypeError or RangeError with the option's name and the reason. */
export function interceptSettings(options: InterceptOptions): InterceptSettings {
	if (typeof options !== 'object' || options === null) throw new TypeError('intercept: the options are no object');
	checkNames('intercept: ', options, NAMES);
	const { ca, http2 = true, timeouts = {}, log = logToStderr } = options;
	if (typeof ca?.load !== 'function')
		throw new TypeError(`intercept: ca must be made by certificateAuthority(), not ${shown(ca)}`);
	if (typeof http2 !== 'boolean') throw new TypeError(`intercept: http2 must be true or false, not ${shown(http2)}`);
	if (typeof log !== 'function') throw new TypeError(`intercept: log must be a function, not ${shown(log)}`);
	if (typeof timeouts !== 'object' || timeouts === null)
		throw new TypeError(`intercept: timeouts must be an object, not ${shown(timeouts)}`);
	checkNames('intercept: timeouts.', timeouts, Object.keys(engineTimeouts));
	return {
		hosts: hostList('intercept: hosts', options.hosts),
		except: hostList('intercept: except', options.except ?? []),
		ca,
		mismatch: oneOf('mismatch', options.mismatch ?? 'refuse', ['refuse', 'follow']),
		pinned: oneOf('pinned', options.pinned ?? 'refuse', ['refuse', 'pass']),
		remember: whole('remember', options.remember ?? 600_000, 1),
		plain: oneOf('plain', options.plain ?? 'http', ['http', 'pass', 'refuse']),
		http2,
		certificates: whole('certificates', options.certificates ?? 1_000, 1),
		days: whole('days', options.days ?? 30, 2, 90),
		handshake: whole('handshake', options.handshake ?? 10_000, 1),
		timeouts,
		log,
	};
}

function oneOf<T>(name: string, value: T, values: readonly T[]): T {
	if (values.includes(value)) return value;
	const words = values.map((one) => shown(one)).join(' or ');
	throw new TypeError(`intercept: ${name} must be ${words}, not ${shown(value)}`);
}

function whole(name: string, value: unknown, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
	if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
	const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} up` : `from ${least} to ${most}`;
	throw new RangeError(`intercept: ${name} must be a whole number ${range}, not ${shown(value)}`);
}

function logToStderr({ level, message, host, client }: InterceptLogEntry): void {
	process.stderr.write(`turnabout: ${level}: ${message} [${host}, ${client}]\n`);
}
