/**
 * One line for every exchange when it is over, tunnels included: who asked for what, what was answered, how many bytes went
 * each way, and how long it took, upstreams and all.
 */
import {
	type App,
	type Explanation,
	type Layer,
	layer,
	type Outcome,
	raw,
	upstreamTimer,
} from '../../convention/index.ts';
import { shown } from '../../names/index.ts';
import { checkFile, type LineLogStatistics } from '../../observe/index.ts';
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
	/** Opens the file; where no server does that, the first lines do. Throws the system's error behind the option's name. */
	start(): void;
	/** Throws what `start` would, as far as it can be known without making the file. */
	check(): void;
	/** Writes the lines that wait and closes the file; exchanges that end later leave no line. */
	close(): void;
	/** Lines written, lines that nobody took, and exchanges left out by `sample`. */
	statistics(): LineLogStatistics & { readonly sampledOut: number };
}

/**
 * An access log. Credentials never get into it: neither Authorization nor Cookie is logged, and values of query parameters
 * that look like secrets are left out. Throws TypeError or RangeError with the option's name and the reason.
 */
export function accessLog(options: AccessLogOptions = {}): AccessLog {
	const settings = accessLogSettings(options);
	const log = new Log(settings, destinationOf(settings));
	const { to } = settings;
	const made = layer({ name: 'accessLog', explain: () => explanation(settings) }, (next) => log.wrap(next));
	return Object.assign(made, {
		flush: () => log.destination.flush(),
		reopen: () => log.destination.reopen(),
		start: () => openedAs(to, () => log.destination.open()),
		check: () => openedAs(to, () => checkFile(to)),
		close: () => log.destination.close(),
		statistics: () => ({ ...log.destination.statistics(), sampledOut: log.sampledOut }),
	});
}

function explanation({ to, format, sample }: AccessLogSettings): Explanation {
	const where = typeof to === 'string' ? (to === '-' ? 'standard output' : to) : 'a log of the app';
	const share =
		sample === 1 ? '' : typeof sample === 'number' ? `, for ${sample * 100} of 100 exchanges` : ', if `sample` says so';
	return {
		does: [
			`Writes a line to ${where} in the format ${format} when the exchange is over${share}.`,
			'Passes the request on as it is.',
		],
	};
}

/** The system's words name a file, and not the option that it was given in. */
function openedAs(to: AccessLogSettings['to'], work: () => void): void {
	try {
		work();
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw Object.assign(new Error(`accessLog: to: ${shown(to)} cannot be opened: ${message}`, { cause: error }), {
			code,
		});
	}
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
