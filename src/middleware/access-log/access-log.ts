/**
 * One line for every exchange when it is over, tunnels included: who asked for what, what was answered, how many bytes went
 * each way, and how long it took, upstreams and all.
 */
import { type App, type Layer, layer, type Outcome, raw, upstreamTimer } from '../../convention/index.ts';
import type { LineLogStatistics } from '../../observe/index.ts';
import { type Destination, destinationOf } from './destination.ts';
import { Entry, type EntryTaker } from './entry.ts';
import { type AccessLogOptions, type AccessLogSettings, accessLogSettings } from './options.ts';

export interface AccessLog extends Layer {
	/** Writes the lines that wait to be written; they wait for a fifth of a second at most. */
	flush(): void;
	/**
	 * Opens the file by its name again, after it was moved away. Throws the system's error when it cannot be opened, and goes on
	 * with the old one. The command does this on SIGHUP.
	 */
	reopen(): void;
	/** Opens the file again that `close` has closed: for a server that is started again. */
	start(): void;
	/** Writes the lines that wait and closes the file; exchanges that end later leave no line. */
	close(): void;
	/** Lines written, lines that nobody took, and exchanges left out by `sample`. */
	statistics(): LineLogStatistics & { readonly sampledOut: number };
}

/**
 * An access log. Credentials never get into it: neither Authorization nor Cookie is logged, and values of query parameters
 * that look like secrets are left out. Throws TypeError or RangeError with the option's name and the reason, the system's
 * error when the file cannot be opened.
 */
export function accessLog(options: AccessLogOptions = {}): AccessLog {
	const settings = accessLogSettings(options);
	const log = new Log(settings, destinationOf(settings));
	const where =
		typeof settings.to === 'string' ? (settings.to === '-' ? 'standard output' : settings.to) : 'a log of the app';
	const note = {
		name: 'accessLog',
		explain: () => ({ does: [`Writes a line to ${where} when the exchange is over (${settings.format}).`] }),
	};
	const made = layer(note, (next) => log.wrap(next));
	return Object.assign(made, {
		flush: () => log.destination.flush(),
		reopen: () => log.destination.reopen(),
		start: () => log.destination.open(),
		close: () => log.destination.close(),
		statistics: () => ({ ...log.destination.statistics(), sampledOut: log.sampledOut }),
	});
}

class Log implements EntryTaker {
	readonly destination: Destination;
	sampledOut = 0;
	private readonly settings: AccessLogSettings;

	constructor(settings: AccessLogSettings, destination: Destination) {
		this.settings = settings;
		this.destination = destination;
	}

	wrap(next: App): App {
		// The other formats have no place for it, and so nobody takes the time.
		const timed = this.settings.format === 'json';
		return (request, context, execution) => {
			const entry = new Entry(this, raw(request), context);
			context.onFinished(entry);
			if (timed) context.set(upstreamTimer, entry);
			return next(request, context, execution);
		};
	}

	entryDone(entry: Entry, outcome: Outcome): void {
		if (this.settings.sample === 1 || this.isWanted(entry, outcome)) this.destination.write(entry, outcome);
		else this.sampledOut++;
	}

	/** What went wrong is logged always. */
	private isWanted({ request, context }: Entry, outcome: Outcome): boolean {
		if (!outcome.ok || outcome.status >= 500) return true;
		const { sample } = this.settings;
		if (typeof sample === 'number') return Math.random() < sample;
		try {
			return sample(request, context, outcome);
		} catch {
			return true;
		}
	}
}
