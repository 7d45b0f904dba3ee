/** What can be set on an engine whose runtime speaks HTTP, and what holds when it is not. The rest is the runtime's to bound. */
import { h1Limits } from '../protocol/h1/index.ts';
import { amountsOf } from './check-amounts.ts';
import { type EngineTimeouts, engineTimeouts, type ListenOptions } from './engine.ts';
import { type EngineLogEntry, logToStderr } from './engine-log.ts';

/** Limits that can be kept from outside the runtime. */
export interface FetchLimits {
	/** Bytes of the request-target; 414. */
	readonly target: number;
	/** Bytes of a request body, or Infinity; 413. */
	readonly bodyBytes: number;
}

/** Of the time-outs of all engines, those that can be kept from outside the runtime. */
export type FetchTimeouts = Pick<EngineTimeouts, 'bodyIdle' | 'keepAlive' | 'write' | 'total'>;

export interface FetchEngineOptions {
	readonly limits?: Partial<FetchLimits>;
	readonly timeouts?: Partial<FetchTimeouts>;
	/** Default: warnings and errors go to stderr, one line each. */
	readonly log?: (entry: EngineLogEntry) => void;
}

export interface FetchSettings {
	readonly limits: FetchLimits;
	readonly timeouts: EngineTimeouts;
	readonly log: (entry: EngineLogEntry) => void;
}

/** `kept`: the time-outs that this runtime lets us keep. Throws TypeError or RangeError, naming the option that is none. */
export function fetchSettings(options: FetchEngineOptions, kept: readonly (keyof FetchTimeouts)[]): FetchSettings {
	const { target, bodyBytes } = h1Limits;
	const defaults = Object.fromEntries(kept.map((name) => [name, engineTimeouts[name]])) as Partial<FetchTimeouts>;
	return {
		limits: amountsOf('limits', { target, bodyBytes }, options.limits),
		timeouts: { ...engineTimeouts, ...amountsOf('timeouts', defaults, options.timeouts) },
		log: options.log ?? logToStderr,
	};
}

/** Bytes before HTTP are none of these runtimes' servers. Throws TypeError. */
export function refuseBeginnings(server: string, { proxyHeaderFrom, passThrough }: ListenOptions): void {
	if (passThrough !== undefined) throw new TypeError(`passThrough: ${server} ends all TLS that it is given`);
	if (proxyHeaderFrom !== undefined) throw new TypeError(`proxyHeaderFrom: ${server} reads no PROXY headers`);
}
