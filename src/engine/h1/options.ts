/** What can be set on the engine, and what holds when it is not. */
import type { H1Limits } from '../../protocol/h1/index.ts';
import { h1Limits } from '../../protocol/h1/index.ts';
import { type ConnectionLimits, connectionLimits, type EngineTimeouts, engineTimeouts } from '../engine.ts';
import { type EngineLogEntry, logToStderr } from '../engine-log.ts';

export interface H1EngineOptions {
	readonly limits?: Partial<H1Limits & ConnectionLimits>;
	readonly timeouts?: Partial<EngineTimeouts>;
	/** Default: warnings and errors go to stderr, one line each. */
	readonly log?: (entry: EngineLogEntry) => void;
}

export interface Settings {
	readonly limits: H1Limits & ConnectionLimits;
	readonly timeouts: EngineTimeouts;
	readonly log: (entry: EngineLogEntry) => void;
}

export function settingsOf(options: H1EngineOptions): Settings {
	return {
		limits: { ...h1Limits, ...connectionLimits, ...options.limits },
		timeouts: { ...engineTimeouts, ...options.timeouts },
		log: options.log ?? logToStderr,
	};
}
