/** Lines for people on standard error: what the engine has to report, and everything the command says. */
import type { EngineLogEntry } from '../engine/h1/index.ts';
import { messageOf } from './start-error.ts';

/** Writes a line to standard error behind the command's name. */
export function standardError(line: string): void {
	process.stderr.write(`turnabout: ${line}\n`);
}

/** An engine's entry as a line, or null for what is of interest to a debugger alone: the faults of peers. */
export function logLine({ level, message, request, error }: EngineLogEntry): string | null {
	if (level === 'debug') return null;
	const during = request === undefined ? '' : ` (${request})`;
	const cause =
		error === undefined ? '' : `: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`;
	return `${level}: ${message}${during}${cause}`;
}
