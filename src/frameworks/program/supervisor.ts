/**
 * Keeps a program running: starts it, waits until it answers, starts it again when it has ended, later each time, and
 * stops it in the end. Who asks meanwhile can wait for the next time that it answers.
 */
import { messageOf, StartError } from '../../serve/index.ts';
import { Child } from './child.ts';
import type { ProgramSettings } from './options.ts';
import type { Place } from './place.ts';
import { untilReady } from './readiness.ts';

export type ProgramState = 'stopped' | 'starting' | 'ready' | 'waiting';

export interface ProgramStatistics {
	readonly state: ProgramState;
	readonly pid: number | null;
	/** How often it was started. */
	readonly starts: number;
	/** How often it ended without being told to. */
	readonly failures: number;
}

/** Milliseconds; a program that ran for so long has recovered, and its next end is a first one. */
const RECOVERED = 60_000;

export class Supervisor {
	private readonly settings: ProgramSettings;
	private readonly place: Place;
	private child: Child | null = null;
	private state: ProgramState = 'stopped';
	private starts = 0;
	private failures = 0;
	/** Failures since it last ran for a while. */
	private row = 0;
	private timer: NodeJS.Timeout | null = null;
	private waiting: (() => void)[] = [];

	constructor(settings: ProgramSettings, place: Place) {
		this.settings = settings;
		this.place = place;
	}

	get isReady(): boolean {
		return this.state === 'ready';
	}

	/** Resolves when it answers; rejects with StartError and its last words when it has ended or been given up before. */
	async start(): Promise<void> {
		const { settings, place } = this;
		place.clear();
		this.state = 'starting';
		this.starts++;
		const child = new Child(settings, place);
		this.child = child;
		const begun = Date.now();
		void child.ended.then((how) => this.ended(child, how, begun));
		const stop = new AbortController();
		const late = setTimeout(
			() => stop.abort(new Error(`does not answer after ${settings.timeouts.start} ms`)),
			settings.timeouts.start,
		);
		void child.ended.then((how) => stop.abort(new Error(how)));
		try {
			await untilReady(place, settings, stop.signal);
		} catch (error) {
			const words = child.lastWords === '' ? '' : `\n${child.lastWords}`;
			child.kill();
			throw new StartError(`${settings.name} ${messageOf(error)}${words}`, null, error);
		} finally {
			clearTimeout(late);
		}
		if (this.child !== child || child.pid === null) throw new StartError(`${settings.name} was stopped`);
		this.state = 'ready';
		for (const told of this.waiting.splice(0)) told();
	}

	/** Resolves to true when it answers, to false after `patience` milliseconds or when it is stopped. */
	whenReady(patience: number): Promise<boolean> {
		if (this.isReady) return Promise.resolve(true);
		return new Promise((resolve) => {
			const timer = setTimeout(() => {
				this.waiting = this.waiting.filter((one) => one !== told);
				resolve(false);
			}, patience);
			const told = (): void => {
				clearTimeout(timer);
				resolve(this.isReady);
			};
			this.waiting.push(told);
		});
	}

	async stop(): Promise<void> {
		const { child } = this;
		this.child = null;
		this.state = 'stopped';
		if (this.timer !== null) clearTimeout(this.timer);
		for (const told of this.waiting.splice(0)) told();
		await child?.stop(this.settings.timeouts.stop);
	}

	statistics(): ProgramStatistics {
		return { state: this.state, pid: this.child?.pid ?? null, starts: this.starts, failures: this.failures };
	}

	/** A life is over. `child` is no longer ours when we have stopped it. */
	private ended(child: Child, how: string, begun: number): void {
		if (this.child !== child) return;
		const { timeouts, log } = this.settings;
		const neverReady = this.state === 'starting' && this.starts === 1;
		this.failures++;
		this.row = Date.now() - begun >= RECOVERED ? 1 : this.row + 1;
		this.state = 'waiting';
		// Whoever started it is told, and decides; it has never worked.
		if (neverReady) {
			this.state = 'stopped';
			this.child = null;
			return;
		}
		const pause = Math.min(timeouts.restart * 2 ** (this.row - 1), timeouts.longestRestart);
		log(`${how}; it is started again in ${Math.round(pause)} ms`);
		this.timer = setTimeout(() => this.startAgain(), pause);
	}

	private startAgain(): void {
		this.start().catch((error: Error) => {
			// When it has ended, that has been dealt with; when it does not answer, it has been killed, and ends.
			if (this.state !== 'stopped') this.settings.log(error.message);
		});
	}
}
