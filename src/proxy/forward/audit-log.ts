/** The audit as lines of JSON, on standard output or at the end of a file. */
import { type LineLog, type LineLogStatistics, lineLog } from '../../observe/index.ts';
import type { AuditRecord } from './audit.ts';

export interface AuditLogOptions {
	/** `-` for standard output, or a file to append to. Default: `-`. */
	readonly to?: string;
}

/** For `forward({ audit })`. */
export interface AuditLog {
	(record: AuditRecord): void;
	/** Writes the lines that wait to be written; they wait for a fifth of a second at most. */
	flush(): void;
	/** Opens the file by its name again, after it was moved away. Throws the system's error, and goes on with the old one. */
	reopen(): void;
	/** Opens the file again that `close` has closed. */
	start(): void;
	/** Writes the lines that wait and closes the file. */
	close(): void;
	statistics(): LineLogStatistics;
}

/**
 * One line of JSON for each decision. A server closes and reopens it when it is one of its `resources`. Throws TypeError
 * for a place that is none, the system's error when the file cannot be opened.
 */
export function auditLog(options: AuditLogOptions = {}): AuditLog {
	const { to = '-' } = options;
	if (typeof to !== 'string' || to === '')
		throw new TypeError("auditLog: to must be a file's path, or - for standard output");
	const lines: LineLog = openLog(to);
	const write = (record: AuditRecord): void => lines.write(JSON.stringify(record));
	return Object.assign(write, {
		flush: () => lines.flush(),
		reopen: () => lines.reopen(),
		start: () => lines.open(),
		close: () => lines.close(),
		statistics: () => lines.statistics(),
	});
}

function openLog(to: string): LineLog {
	try {
		return lineLog(to);
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw Object.assign(new Error(`auditLog: to: ${to} cannot be opened: ${message}`, { cause: error }), { code });
	}
}
