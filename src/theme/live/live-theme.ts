/**
 * A theme that follows its files: after an edit it is compiled anew, and pages that begin from then on have the new one.
 * An edit that breaks it changes nothing but what is told: the last good plan stays.
 */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type LoadedTheme } from '../compile-theme.ts';
import type { Plan } from '../plan/index.ts';

/** Milliseconds that an editor may take for one save of several steps. */
const SETTLE = 25;

export interface LiveThemeOptions {
	/** Compiles the theme from its files; throws what is wrong with it. */
	readonly load: () => LoadedTheme;
	readonly watch: boolean;
	/** Told of every compilation after the first: null, or what is wrong. */
	readonly changed: (error: unknown) => void;
}

export class LiveTheme {
	private loaded: LoadedTheme;
	private readonly options: LiveThemeOptions;
	private readonly watchers: Map<string, FSWatcher> = new Map();
	private timer: NodeJS.Timeout | null = null;
	private wrong: unknown = null;
	private closed = false;

	/** Throws what is wrong with the theme. */
	constructor(options: LiveThemeOptions) {
		this.options = options;
		this.loaded = options.load();
		if (options.watch) this.watchFiles();
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
		try {
			this.loaded = this.options.load();
			this.wrong = null;
		} catch (error) {
			this.wrong = error;
		}
		if (this.options.watch && !this.closed) this.watchFiles();
		this.options.changed(this.wrong);
		return this.wrong === null;
	}

	close(): void {
		this.closed = true;
		if (this.timer !== null) clearTimeout(this.timer);
		for (const watcher of this.watchers.values()) watcher.close();
		this.watchers.clear();
	}

	/** Folders are watched, not files: editors replace a file by another of the same name. */
	private watchFiles(): void {
		const folders = new Set(this.loaded.paths.map((path) => dirname(path)));
		for (const folder of folders) {
			if (this.watchers.has(folder)) continue;
			try {
				const watcher = watch(folder, { persistent: false }, (_event, name) => this.touched(folder, name));
				watcher.on('error', () => this.unwatch(folder));
				this.watchers.set(folder, watcher);
			} catch {
				// The folder has gone; the next compilation says so.
			}
		}
	}

	private unwatch(folder: string): void {
		this.watchers.get(folder)?.close();
		this.watchers.delete(folder);
	}

	private touched(folder: string, name: string | null): void {
		const ours = this.loaded.paths.some(
			(path) => dirname(path) === folder && (name === null || basename(path) === name),
		);
		// While something is wrong, any file may be the one that was missing.
		if ((!ours && this.wrong === null) || this.closed) return;
		if (this.timer !== null) clearTimeout(this.timer);
		this.timer = setTimeout(() => this.reload(), SETTLE);
		this.timer.unref();
	}
}
