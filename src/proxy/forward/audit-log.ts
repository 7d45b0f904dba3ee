/** The audit as lines of JSON, on standard output, at the end of a file, or for a function. */
import { checkNames, shown } from '../../names/index.ts';
import { asciiJson, CalledLog, checkFile, type LineLog, type LineLogStatistics, lineLog } from '../../observe/index.ts';
import type { AuditRecord } from './audit.ts';

export interface AuditLogOptions {
	/** `-` for standard output, a file to append to, or a function of the line. Default: `-`. */
	readonly to?: string | ((line: string) => void);
}

/** For `forward({ audit })`. */
export interface AuditLog {
	(record: AuditRecord): void;
	/** Writes the lines that wait to be written; they wait for a fifth of a second at most. */
	flush(): void;
	/** Opens the file by its name again, after it was moved away. Throws the system's error, and goes on with the old one. */
	reopen(): void;
	/** Opens the file, also again after `close`; without it the first line does. Throws the system's error, with the option's name. */
	start(): void;
	/** Throws what `start` would, as far as it can be known without making the file. */
	check(): void;
	/** Writes the lines that wait and closes the file. */
	close(): void;
	statistics(): LineLogStatistics;
}

/**
 * One line of JSON for each decision. A server closes and reopens it when it is one of its `resources`; nothing
 * is opened before. Throws TypeError for a place that is none.
 */
export function auditLog(options: AuditLogOptions = {}): AuditLog {
	if (typeof options !== 'object' || options === null) throw new TypeError('auditLog: the options are no object');
	checkNames('auditLog: ', options, ['to']);
	const { to = '-' } = options;
	if (typeof to !== 'function' && (typeof to !== 'string' || to === ''))
		throw new TypeError(`auditLog: to must be a file's path, - for standard output, or a function, not ${shown(to)}`);
	const lines: LineLog = typeof to === 'string' ? lineLog(to) : new CalledLog(to);
	// Names of users come from outside, and in any script.
	const write = (record: AuditRecord): void => lines.write(asciiJson(JSON.stringify(record)));
	return Object.assign(write, {
		flush: () => lines.flush(),
		reopen: () => lines.reopen(),
		start: () => openedAs(to, () => lines.open()),
		check: () => openedAs(to, () => checkFile(to)),
		close: () => lines.close(),
		statistics: () => lines.statistics(),
	});
}

/** The system's words name a file, and not the option that it was given in. */
function openedAs(to: string | ((line: string) => void), work: () => void): void {
	try {
		work();
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw Object.assign(new Error(`auditLog: to: ${shown(to)} cannot be opened: ${message}`, { cause: error }), {
			code,
		});
	}
}
