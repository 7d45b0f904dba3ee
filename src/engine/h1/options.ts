/** What can be set on the engine, and what holds when it is not. */
import { inspect } from 'node:util';
import type { H1Limits } from '../../protocol/h1/index.ts';
import { h1Limits } from '../../protocol/h1/index.ts';
import { type ConnectionLimits, connectionLimits, type EngineTimeouts, engineTimeouts } from '../engine.ts';

/** Something worth telling the operator. */
export interface EngineLogEntry {
	readonly level: 'debug' | 'warn' | 'error';
	readonly message: string;
	/** The connection it happened on. */
	readonly connection: number;
	/** Method and target of the request it happened to, when there was one; the query is left out, since it may hold secrets. */
	readonly request?: string;
	readonly error?: unknown;
}

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

function logToStderr(entry: EngineLogEntry): void {
	if (entry.level === 'debug') return;
	const { error } = entry;
	const cause =
		error === undefined ? '' : `: ${error instanceof Error ? (error.stack ?? error.message) : inspect(error)}`;
	const request = entry.request === undefined ? '' : ` (${entry.request})`;
	process.stderr.write(`turnabout: ${entry.level}: ${entry.message}${request}${cause}\n`);
}
