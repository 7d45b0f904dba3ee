/** What engines tell the operator, and where it goes when nobody asks for it. */
import { inspect } from 'node:util';

/** Something worth telling the operator. */
export interface EngineLogEntry {
	readonly level: 'debug' | 'warn' | 'error';
	readonly message: string;
	/** The connection it happened on, when it was one. */
	readonly connection?: number;
	/** Method and target of the request it happened to, when there was one; the query is left out, since it may hold secrets. */
	readonly request?: string;
	readonly error?: unknown;
}

/** Warnings and errors, one line each, and the stack of an error behind it. */
export function logToStderr(entry: EngineLogEntry): void {
	if (entry.level === 'debug') return;
	const { error } = entry;
	const shown = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
	const cause = error === undefined ? '' : `: ${shown}`;
	const request = entry.request === undefined ? '' : ` (${entry.request})`;
	process.stderr.write(`turnabout: ${entry.level}: ${entry.message}${request}${cause}\n`);
}
