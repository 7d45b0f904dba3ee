/**
 * A payload under watch: rules 4, 5 and 7, from both sides. Chunks go on as copies, and a copy is overwritten as soon as
 * its time is over, so that whoever keeps a lent chunk sees garbage here and not only in production.
 */
import { asError, copied, type Sink, type Source } from '../bytes/index.ts';
import type { Fields } from '../fields/index.ts';
import { LintError, type RuleNumber } from './lint-error.ts';

/** What the copy of a chunk is filled with when it has been given back. */
const POISON = 0xdb;

export class LintSource implements Source, Sink {
	readonly length: number | null;
	/** It was started or cancelled. */
	touched = false;
	/** It ended with an error. */
	failed = false;
	private readonly source: Source;
	/** 'request payload', 'response payload': for messages. */
	private readonly what: string;
	/** A Content-Length that the bytes must add up to. */
	private readonly declared: number | null;
	/** For what nobody could be told by an exception. */
	private readonly report: (error: LintError) => void;
	private sink: Sink | null = null;
	private bytes = 0;
	private paused = false;
	private over = false;
	private cancelled = false;
	/** A rule was broken: what follows from that is no news. */
	private condemned = false;
	private lent: { readonly original: Uint8Array; readonly copy: Uint8Array } | null = null;

	constructor(source: Source, what: string, declared: number | null, report: (error: LintError) => void) {
		this.length = source.length;
		this.source = source;
		this.what = what;
		this.declared = declared;
		this.report = report;
	}

	start(sink: Sink): void {
		if (this.cancelled) throw this.broken(4, 'was started after it had been cancelled');
		if (this.touched) throw this.broken(4, 'was started twice');
		this.touched = true;
		this.sink = sink;
		this.source.start(this);
	}

	resume(): void {
		if (!this.touched) throw this.broken(5, 'was resumed before it was started');
		this.giveBack();
		this.paused = false;
		this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.touched = true;
		this.cancelled = true;
		this.sink = null;
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		const { sink } = this;
		if (this.over) return this.violation(5, 'delivered a chunk after its end');
		if (this.cancelled || sink === null) return this.violation(4, 'delivered a chunk after it had been cancelled');
		if (this.paused) return this.violation(5, 'delivered a chunk after write() === false and before resume()');
		if (!(chunk instanceof Uint8Array)) return this.violation(5, 'delivered a chunk that is no Uint8Array');
		this.bytes += chunk.length;
		if (this.bytes > (this.length ?? Number.POSITIVE_INFINITY))
			return this.violation(7, 'delivered more than its length');
		if (this.bytes > (this.declared ?? Number.POSITIVE_INFINITY)) {
			return this.violation(6, 'is longer than its Content-Length');
		}
		return this.lend(sink, chunk);
	}

	end(trailers?: Fields): void {
		if (this.over) return void this.violation(5, 'ended twice');
		if (this.cancelled) return void this.violation(4, 'ended after it had been cancelled');
		if (this.length !== null && this.bytes < this.length) return void this.violation(7, 'ended before its length');
		if (this.declared !== null && this.bytes < this.declared) {
			return void this.violation(6, 'is shorter than its Content-Length');
		}
		const { sink } = this;
		this.close();
		if (trailers === undefined) sink?.end();
		else sink?.end(trailers);
	}

	fail(reason: Error): void {
		if (this.over) return void this.violation(5, 'failed after its end');
		if (this.cancelled) return;
		const { sink } = this;
		this.failed = true;
		this.close();
		if (!(reason instanceof Error)) this.report(this.broken(7, 'failed with something that is no Error'));
		sink?.fail(asError(reason));
	}

	private lend(sink: Sink, chunk: Uint8Array): boolean {
		const copy = copied(chunk);
		// Set first: the consumer may cancel or resume from within `write`.
		this.lent = { original: chunk, copy };
		this.paused = true;
		const more = sink.write(copy);
		if (typeof more !== 'boolean')
			this.report(new LintError(5, `The sink of a ${this.what} returned no boolean from write`));
		if (more) {
			this.paused = false;
			this.giveBack();
		}
		return more;
	}

	/** The consumer no longer needs the chunk; until now the producer had to leave it alone. */
	private giveBack(): void {
		const { lent } = this;
		this.lent = null;
		if (lent === null) return;
		const same = lent.original.every((byte, i) => byte === lent.copy[i]);
		lent.copy.fill(POISON);
		if (!same) this.report(this.broken(5, 'changed a chunk that was still lent'));
	}

	/** The producer broke a rule: the consumer hears of it as a failure, the producer is told to stop. */
	private violation(rule: RuleNumber, what: string): false {
		if (this.condemned) return false;
		this.condemned = true;
		const error = this.broken(rule, what);
		const { sink } = this;
		this.report(error);
		if (this.over || this.cancelled) return false;
		this.failed = true;
		this.close();
		this.source.cancel(error);
		sink?.fail(error);
		return false;
	}

	private close(): void {
		this.over = true;
		this.sink = null;
	}

	private broken(rule: RuleNumber, what: string): LintError {
		return new LintError(rule, `A ${this.what} ${what}`);
	}
}
