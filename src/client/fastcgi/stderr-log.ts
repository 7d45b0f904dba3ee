/**
 * What scripts write to their standard error, as lines for the log. Scripts can write without end: lines are cut, so many
 * a second are let through, and how many were not is said with the next one that is.
 */
import type { FastCgiLogEntry } from './options.ts';

/** Characters of one line. */
const LONGEST = 2_048;
const LINES = 10;
const PERIOD = 1_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what could confuse a terminal or end a line
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/g;

/** One for each app. */
export class StderrLog {
	private readonly log: (entry: FastCgiLogEntry) => void;
	private readonly upstream: string;
	private began = 0;
	private lines = 0;
	private dropped = 0;

	constructor(upstream: string, log: (entry: FastCgiLogEntry) => void) {
		this.upstream = upstream;
		this.log = log;
	}

	line(text: string, request: string): void {
		const now = performance.now();
		if (now - this.began >= PERIOD || this.began === 0) {
			this.began = now;
			this.lines = 0;
		}
		if (++this.lines > LINES) {
			this.dropped++;
			return;
		}
		const { upstream, dropped } = this;
		this.dropped = 0;
		const before = dropped === 0 ? '' : `(${dropped} lines left out) `;
		const message = before + text.replace(CONTROL, '?').slice(0, LONGEST);
		try {
			this.log({ level: 'warn', message, upstream, request });
		} catch {
			// A log that fails must not cost the exchange.
		}
	}
}

/** One for each request: pieces become lines. */
export class StderrLines {
	private readonly log: StderrLog;
	private readonly request: string;
	private rest = '';
	private cut = false;

	constructor(log: StderrLog, request: string) {
		this.log = log;
		this.request = request;
	}

	/** A piece, one byte in each code unit. */
	write(text: string): void {
		let at = 0;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
			this.add(text.slice(at, end));
			this.end();
			at = end + 1;
		}
		this.add(text.slice(at));
	}

	/** The last line may have no end. */
	end(): void {
		const line = this.rest.trimEnd();
		this.rest = '';
		this.cut = false;
		if (line !== '') this.log.line(Buffer.from(line, 'latin1').toString(), this.request);
	}

	private add(text: string): void {
		if (this.cut) return;
		this.rest += text;
		if (this.rest.length <= LONGEST) return;
		this.rest = this.rest.slice(0, LONGEST);
		this.cut = true;
	}
}
