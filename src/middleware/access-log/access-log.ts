/**
 * One line for every exchange when it is over, tunnels included: the combined format that log tools know, and the
 * milliseconds from the request's head to the end of the response.
 */
import type { App, Context, FinishedListener, Middleware, Outcome, RawRequest } from '../../convention/index.ts';
import { raw } from '../../convention/index.ts';
import { type LineLog, lineLog } from '../../observe/index.ts';
import { combinedLine } from './combined.ts';

export interface AccessLogOptions {
	/** `-` for stdout (default), or a file to append to. */
	readonly to?: string;
}

export interface AccessLog extends Middleware {
	/** Writes the lines that wait to be written; they wait for a fifth of a second at most. */
	flush(): void;
	/** Writes them and closes the file; exchanges that end later leave no line. */
	close(): void;
}

/**
 * An access log. Credentials never get into it: values of query parameters that look like secrets are left out. Throws
 * the system's error when the file cannot be opened.
 */
export function accessLog(options: AccessLogOptions = {}): AccessLog {
	const log = lineLog(options.to ?? '-');
	const layer =
		(next: App): App =>
		(request, context, execution) => {
			context.onFinished(new Entry(log, raw(request), context));
			return next(request, context, execution);
		};
	return Object.assign(layer, { flush: () => log.flush(), close: () => log.close() });
}

/** The global is an accessor, which would be asked for each line. */
const clock = performance;

/** What is remembered of an exchange until it is over. */
class Entry implements FinishedListener {
	private readonly log: LineLog;
	private readonly request: RawRequest;
	private readonly context: Context;
	private readonly began: number;

	constructor(log: LineLog, request: RawRequest, context: Context) {
		this.log = log;
		this.request = request;
		this.context = context;
		this.began = clock.now();
	}

	exchangeFinished(outcome: Outcome): void {
		const took = clock.now() - this.began;
		this.log.write(combinedLine(this.request, this.context.connection.remote, outcome, this.began, took));
	}
}
