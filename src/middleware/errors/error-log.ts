/** What is told of an error, and to whom. Whatever a log does, the answer to the client does not depend on it. */
import { errorText } from './error-text.ts';

export interface ErrorLogEntry {
	readonly level: 'error' | 'warn' | 'debug';
	readonly message: string;
	/** The request's id, where `requestId` stands around. */
	readonly id: string | null;
	/** The trace's, where `tracing` stands around. */
	readonly traceId?: string;
	/** Null where the engine does not know. */
	readonly method: string | null;
	/** The path as it came, without the query, since that may hold secrets. */
	readonly path: string | null;
	/** What the client was answered; null for a response that was cut short. */
	readonly status: number | null;
	readonly error: unknown;
}

/** A logger as pino's: an object first, then the message. */
export interface LeveledLogger {
	error(entry: object, message: string): void;
	warn(entry: object, message: string): void;
	debug(entry: object, message: string): void;
}

export type ErrorLog = (entry: ErrorLogEntry) => void;

export function isLogger(log: unknown): log is LeveledLogger {
	if (typeof log !== 'object' || log === null) return false;
	const { error, warn, debug } = log as Partial<LeveledLogger>;
	return [error, warn, debug].every((method) => typeof method === 'function');
}

/** A log that never throws, and whose promise, if it gives one, may be rejected. */
export function errorLogOf(log: ErrorLog | LeveledLogger | false | undefined): ErrorLog {
	if (log === false) return () => {};
	const tell = log === undefined ? toStderr : typeof log === 'function' ? log : toLogger(log);
	return (entry) => {
		try {
			const told: unknown = tell(entry);
			if (typeof (told as { then?: unknown } | null | undefined)?.then === 'function')
				(told as PromiseLike<unknown>).then(undefined, () => {});
		} catch {
			// There is nobody left to tell.
		}
	};
}

function toLogger(logger: LeveledLogger): ErrorLog {
	return ({ level, message, id, traceId, method, path, status, error }) => {
		const entry = {
			...(id !== null && { requestId: id }),
			...(traceId !== undefined && { traceId }),
			...(method !== null && { method, path }),
			...(status !== null && { status }),
			err: error,
		};
		// Called by its name, since loggers have methods.
		if (level === 'error') logger.error(entry, message);
		else if (level === 'warn') logger.warn(entry, message);
		else logger.debug(entry, message);
	};
}

/** Warnings and errors, with stacks; what peers did wrong is of interest to a debugger alone. */
function toStderr({ level, message, id, method, path, error }: ErrorLogEntry): void {
	if (level === 'debug') return;
	const request = method === null ? '' : ` (${printable(`${method} ${path}`)})`;
	const named = id === null ? '' : ` [${id}]`;
	globalThis.process?.stderr.write(`turnabout: ${level}: ${message}${request}${named}: ${errorText(error)}\n`);
}

/** Without what could end the line or confuse a terminal. */
function printable(text: string): string {
	return text.replace(/[^\x20-\x7e]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
