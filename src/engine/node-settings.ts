/** What can be set on an engine over node's HTTP, and what holds when it is not. */
import { type H1Limits, h1Limits } from '../protocol/h1/index.ts';
import { amountsOf } from './check-amounts.ts';
import { type ConnectionLimits, connectionLimits, type EngineTimeouts, engineTimeouts } from './engine.ts';
import { type EngineLogEntry, logToStderr } from './engine-log.ts';
import type { NodeSettings } from './node-listener.ts';

export interface NodeEngineOptions {
	/**
	 * Those of the HTTP/1.1 engine. node has limits of its own for what a chunk's extensions and trailers may cost; of the
	 * rest `target`, `fieldCount`, `headBytes` and `bodyBytes` hold, and all of connections.
	 */
	readonly limits?: Partial<H1Limits & ConnectionLimits>;
	readonly timeouts?: Partial<EngineTimeouts>;
	/** Default: warnings and errors go to stderr, one line each. */
	readonly log?: (entry: EngineLogEntry) => void;
}

/** Throws TypeError or RangeError, naming the option that is none. */
export function nodeSettings(options: NodeEngineOptions): NodeSettings {
	return {
		limits: amountsOf('limits', { ...h1Limits, ...connectionLimits }, options.limits),
		timeouts: amountsOf('timeouts', engineTimeouts, options.timeouts),
		log: options.log ?? logToStderr,
	};
}
