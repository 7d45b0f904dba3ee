/** Where lines or objects go, and what can be done with it. */
import type { Outcome } from '../../convention/index.ts';
import { CalledLog, type LineLog, type LineLogStatistics, lineLog } from '../../observe/index.ts';
import { combinedLine, commonLine } from './combined.ts';
import type { Entry } from './entry.ts';
import { jsonEntry, jsonLine, levelOf, messageOf } from './json-line.ts';
import { type AccessLogger, type AccessLogSettings, type ExtraFields, isLogger } from './options.ts';

export interface Destination {
	write(entry: Entry, outcome: Outcome): void;
	flush(): void;
	reopen(): void;
	close(): void;
	open(): void;
	statistics(): LineLogStatistics;
}

/** Opens nothing yet. */
export function destinationOf(settings: AccessLogSettings): Destination {
	const { to } = settings;
	return isLogger(to) ? new LoggerDestination(settings, to) : new LineDestination(settings, linesOf(to));
}

function linesOf(to: string | ((line: string) => void)): LineLog {
	return typeof to === 'string' ? lineLog(to) : new CalledLog(to);
}

class LineDestination implements Destination {
	private readonly settings: AccessLogSettings;
	private readonly lines: LineLog;

	constructor(settings: AccessLogSettings, lines: LineLog) {
		this.settings = settings;
		this.lines = lines;
	}

	write(entry: Entry, outcome: Outcome): void {
		const { format, redact } = this.settings;
		if (format === 'json') this.lines.write(jsonLine(entry, outcome, redact, extraOf(this.settings, entry, outcome)));
		else this.lines.write((format === 'common' ? commonLine : combinedLine)(entry, outcome, redact));
	}

	flush(): void {
		this.lines.flush();
	}

	reopen(): void {
		this.lines.reopen();
	}

	close(): void {
		this.lines.close();
	}

	open(): void {
		this.lines.open();
	}

	statistics(): LineLogStatistics {
		return this.lines.statistics();
	}
}

class LoggerDestination implements Destination {
	private readonly settings: AccessLogSettings;
	private readonly logger: AccessLogger;
	private lines = 0;
	private dropped = 0;
	private closed = false;

	constructor(settings: AccessLogSettings, logger: AccessLogger) {
		this.settings = settings;
		this.logger = logger;
	}

	write(entry: Entry, outcome: Outcome): void {
		if (this.closed) return;
		const { logger, settings } = this;
		const level = levelOf(outcome);
		const message = messageOf(entry, outcome);
		try {
			const object = jsonEntry(entry, outcome, settings.redact, extraOf(settings, entry, outcome));
			if (level === 30) logger.info(object, message);
			else if (level === 40) logger.warn(object, message);
			else logger.error(object, message);
			this.lines++;
		} catch {
			this.dropped++;
		}
	}

	flush(): void {
		(this.logger as { flush?: () => void }).flush?.();
	}

	reopen(): void {}

	close(): void {
		this.flush();
		this.closed = true;
	}

	open(): void {
		this.closed = false;
	}

	statistics(): LineLogStatistics {
		return { lines: this.lines, dropped: this.dropped };
	}
}

/** A function that fails costs what it would have said, and not the line. */
function extraOf(settings: AccessLogSettings, entry: Entry, outcome: Outcome): ExtraFields | null {
	if (settings.fields === null) return null;
	try {
		return settings.fields?.(entry.request, entry.context, outcome) ?? null;
	} catch {
		return null;
	}
}
