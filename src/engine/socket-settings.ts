/** What can be set on an engine that accepts sockets, and what holds when it is not. */
import { type H1Limits, h1Limits } from '../protocol/h1/index.ts';
import { amountsOf } from './check-amounts.ts';
import { type ConnectionLimits, connectionLimits, type EngineTimeouts, engineTimeouts } from './engine.ts';
import type { EngineSettings } from './engine-listener.ts';
import { type EngineLogEntry, logToStderr } from './engine-log.ts';

export interface SocketEngineOptions {
	readonly limits?: Partial<H1Limits & ConnectionLimits>;
	readonly timeouts?: Partial<EngineTimeouts>;
	/** Default: warnings and errors go to stderr, one line each. */
	readonly log?: (entry: EngineLogEntry) => void;
}

export interface SocketSettings extends EngineSettings {
	readonly limits: H1Limits & ConnectionLimits;
}

/** Throws TypeError or RangeError, naming the option that is none. */
export function socketSettings(options: SocketEngineOptions): SocketSettings {
	return {
		limits: amountsOf('limits', { ...h1Limits, ...connectionLimits }, options.limits),
		timeouts: amountsOf('timeouts', engineTimeouts, options.timeouts),
		log: options.log ?? logToStderr,
	};
}
