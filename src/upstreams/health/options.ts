/** How upstreams are looked after. Milliseconds. */
import { checkNames, checkObject, shown } from '../../names/index.ts';

export interface HealthOptions {
	/**
	 * Asked for by GET; or `tcp`: a connection that is accepted is enough, with its TLS where the URL has it; or `grpc`, or
	 * `grpc:a.Service`: the server says by grpc.health.v1 that it serves.
	 */
	readonly path: string;
	/** Host, when it is another than the upstream's own. */
	readonly host?: string;
	/** Which statuses are well. Default: 200 to 399. */
	readonly statuses?: readonly number[];
	/** Between two looks at one upstream, a tenth more or less. Default: 5,000. */
	readonly interval?: number;
	/** How long an answer may take. Default: 2,000. */
	readonly timeout?: number;
	/** Good answers in a row until it is asked again. Default: 2. */
	readonly up?: number;
	/** Bad ones in a row until it is not; the very first look decides alone. Default: 3. */
	readonly down?: number;
}

export interface HealthSettings {
	readonly path: string;
	readonly host: string | null;
	readonly statuses: ReadonlySet<number> | null;
	readonly interval: number;
	readonly timeout: number;
	readonly up: number;
	readonly down: number;
}

export function healthSettings(given: string | HealthOptions): HealthSettings {
	const options = typeof given === 'string' ? { path: given } : given;
	const { path, host = null, statuses, interval = 5_000, timeout = 2_000, up = 2, down = 3 } = options;
	return { path, host, statuses: statuses === undefined ? null : new Set(statuses), interval, timeout, up, down };
}

/** What can be looked at: a path, a connection, a server of gRPC or one of its services. */
export const HEALTH_PATH: RegExp = /^(?:\/.*|tcp|grpc(?::[\w.]{1,100})?)$/s;

const AMOUNTS = ['interval', 'timeout', 'up', 'down'] as const;

/** Throws TypeError or RangeError with the option's name and the reason. */
export function checkHealth(given: unknown): void {
	const options = typeof given === 'string' ? { path: given } : given;
	checkObject('upstreams: health', options, "{ path: '/health' }");
	checkNames('upstreams: health.', options, ['path', 'host', 'statuses', ...AMOUNTS]);
	const { path, host, statuses } = options as Partial<HealthOptions>;
	if (typeof path !== 'string' || !HEALTH_PATH.test(path))
		throw new TypeError(
			`upstreams: health.path must be a path that begins with /, "tcp", "grpc" or "grpc:SERVICE", not ${shown(path)}`,
		);
	if (host !== undefined && typeof host !== 'string')
		throw new TypeError(`upstreams: health.host must be text, not ${shown(host)}`);
	if (statuses !== undefined && !(Array.isArray(statuses) && statuses.every((one) => Number.isInteger(one))))
		throw new TypeError(`upstreams: health.statuses must be a list of statuses, not ${shown(statuses)}`);
	for (const name of AMOUNTS) {
		const value = (options as Partial<HealthOptions>)[name];
		if (value !== undefined && !(typeof value === 'number' && value >= 1))
			throw new RangeError(`upstreams: health.${name} must be a number from 1 up, not ${shown(value)}`);
	}
}
