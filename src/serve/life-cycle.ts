/**
 * From "listening" to the end of the process: what is said on standard error, which signals are obeyed, and what an
 * app's stray errors may do (nothing). The only place that handles signals.
 */
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import type { Reloading } from './reloading.ts';
import type { Running } from './serve.ts';
import { messageOf } from './start-error.ts';

/** What can be stopped by a signal: one server, or the processes that share its port. */
export type Stoppable = Pick<Running, 'urls' | 'stop' | 'close' | 'reopen'>;

type Say = (line: string) => void;

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Milliseconds in which a second signal is taken for the same one: Ctrl-C reaches every process of a terminal's job, and
 * npm and npx pass on what they got as well.
 */
const SAME_PRESS = 100;

/** Milliseconds between two looks at who our parent is. */
const PARENT_CHECK = 250;

/**
 * Says where it listens, and resolves to the process's exit status when it has ended: 0 after a drain, 128 and the
 * signal's number when a second signal cut it short.
 */
export function untilStopped(
	running: Stoppable,
	drain: number,
	say: Say,
	reloading?: Reloading | null,
): Promise<number> {
	// Asked now: a terminal that is gone is none any more.
	const onTerminal = [0, 1, 2].some((file) => isatty(file));
	return new Promise((resolve) => {
		let first: number | null = null;
		const finish = (status: number): void => {
			for (const signal of SIGNALS) process.off(signal, onSignal);
			process.off('SIGHUP', onHangUp);
			unwatch();
			resolve(status);
		};
		const begin = (why: string): void => {
			first = performance.now();
			void drained(running, drain, say, why).then(finish);
		};
		const onSignal = (signal: NodeJS.Signals): void => {
			if (first === null) return begin(signal);
			if (performance.now() - first < SAME_PRESS) return;
			say(`${signal} again: stopping at once`);
			// Sockets are dropped by the call itself; nobody waits for resources that may hang.
			running.close().catch(() => {});
			finish(128 + constants.signals[signal]);
		};
		// The end of its terminal; for a service that has none, that logs were moved away, or its configuration has changed.
		const onHangUp = (): void => {
			if (onTerminal) return onSignal('SIGHUP');
			running.reopen();
			reloading?.trigger();
		};
		const unwatch = watchParent(() => first === null && begin('npx has gone'));
		for (const signal of SIGNALS) process.on(signal, onSignal);
		process.on('SIGHUP', onHangUp);
		for (const url of running.urls) say(`listening on ${url}`);
	});
}

/** Stops in order; resolves to the exit status. */
async function drained(running: Stoppable, drain: number, say: Say, why: string): Promise<number> {
	const stopped = running.stop(drain);
	say(`${why}: answering what is under way, for at most ${drain / 1000} s`);
	try {
		await stopped;
		return 0;
	} catch (error) {
		say(`stopping: ${messageOf(error)}`);
		return 1;
	}
}

/**
 * npx starts us through a shell, and when npx is told to end it is that shell which dies, without passing the signal on.
 * There the end of the parent is the signal. Calls `gone`, until the result is called.
 */
function watchParent(gone: () => void): () => void {
	if (process.env['npm_lifecycle_event'] !== 'npx') return () => {};
	const parent = process.ppid;
	const timer = setInterval(() => process.ppid !== parent && gone(), PARENT_CHECK).unref();
	return () => clearInterval(timer);
}

/** From now on errors that nobody caught are said, and the process goes on. */
export function surviveStrayErrors(say: (line: string) => void): void {
	process.on('unhandledRejection', (reason) => say(`unhandled rejection: ${detail(reason)}`));
	process.on('uncaughtException', (error) => say(`uncaught exception: ${detail(error)}`));
	// A reader of our output that has gone away ends its log, not the server; and complaining about it would begin anew.
	process.stdout.on('error', () => {});
	process.stderr.on('error', () => {});
}

function detail(thrown: unknown): string {
	return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
