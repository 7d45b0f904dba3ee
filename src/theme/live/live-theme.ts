/**
 * A theme that follows its files: after an edit it is compiled anew, and pages that begin from then on have the new one.
 * An edit that breaks it changes nothing but what is told: the last good plan stays.
 */
import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { LoadedTheme } from '../compile-theme.ts';
import type { Plan } from '../plan/index.ts';
import { FileStamps } from './file-stamps.ts';
import { FolderWatch } from './folder-watch.ts';
import { nearTo, trailOf } from './trail.ts';

/** Milliseconds without an event until a save counts as done: editors take several steps. */
const SETTLE = 20;
/** Milliseconds more, once, for a file that has just been emptied or removed. */
const GRACE = 60;
/** Milliseconds after which events that do not stop are not waited for any longer. */
const PATIENCE = 400;

export interface LiveThemeOptions {
	/** Compiles the theme from its files; throws what is wrong with it. Tells `asked` of every path before it is looked for. */
	readonly load: (asked: (path: string) => void) => LoadedTheme;
	/** The path of the rules, or of the folder that they read from: followed even when nothing is there. */
	readonly entry: string;
	readonly watch: boolean;
	/** Told of every compilation after the first: null, or what is wrong. */
	readonly changed: (error: unknown) => void;
	/** Told when files cannot be followed. */
	readonly unwatched: (folder: string, error: Error) => void;
}

export class LiveTheme {
	private loaded: LoadedTheme;
	private readonly options: LiveThemeOptions;
	private readonly folders: FolderWatch;
	/** What the last good plan was made from, and what was looked for since. */
	private good: FileStamps = new FileStamps();
	private last: FileStamps = this.good;
	private timer: NodeJS.Timeout | null = null;
	/** When the first of the events was seen that are being waited for. */
	private since = 0;
	private graceGiven = false;
	private wrong: unknown = null;
	private closed = false;

	/** Throws what is wrong with the theme. */
	constructor(options: LiveThemeOptions) {
		this.options = options;
		this.folders = new FolderWatch({ touched: () => this.touched(), failed: options.unwatched });
		this.loaded = this.load();
		this.good = this.last;
		this.follow();
	}

	/** The last plan that could be made. */
	get plan(): Plan {
		return this.loaded.plan;
	}

	/** What is wrong with the files as they are now, or null. */
	get failure(): unknown {
		return this.wrong;
	}

	/** Compiles now. False when that failed; the plan is the one before then. */
	reload(): boolean {
		this.rest();
		try {
			this.loaded = this.load();
			this.good = this.last;
			this.wrong = null;
		} catch (error) {
			this.wrong = error;
		}
		this.follow();
		this.options.changed(this.wrong);
		return this.wrong === null;
	}

	close(): void {
		this.closed = true;
		this.rest();
		this.folders.close();
	}

	private load(): LoadedTheme {
		this.last = new FileStamps();
		return this.options.load((path) => this.last.note(path));
	}

	private follow(): void {
		const { entry, watch } = this.options;
		if (!watch || this.closed) return;
		const paths = new Set([...this.good.paths, ...this.last.paths]);
		if (paths.size === 0 && this.wrong === null) return;
		const near = nearTo(rootsOf(entry));
		const opened = this.folders.follow([entry, ...paths].flatMap((path) => trailOf(path, near)));
		// What was written between reading and watching has made no event.
		if (opened && this.last.outdated) this.touched();
	}

	private touched(): void {
		if (this.closed) return;
		const now = performance.now();
		if (this.timer === null) this.since = now;
		else clearTimeout(this.timer);
		this.wait(Math.max(0, Math.min(SETTLE, this.since + PATIENCE - now)));
	}

	private wait(milliseconds: number): void {
		this.timer = setTimeout(() => this.settled(), milliseconds);
		this.timer.unref();
	}

	private settled(): void {
		if (this.graceGiven || !this.good.emptied) {
			this.reload();
			return;
		}
		this.graceGiven = true;
		this.wait(GRACE);
	}

	private rest(): void {
		if (this.timer !== null) clearTimeout(this.timer);
		this.timer = null;
		this.graceGiven = false;
	}
}

/** The folder, under both names that it may have. */
function rootsOf(entry: string): string[] {
	const root = dirname(resolve(entry));
	try {
		return [root, realpathSync(root)];
	} catch {
		return [root];
	}
}
