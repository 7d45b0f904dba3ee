/**
 * Folders being watched for some of the names in them. Folders and not files, since editors replace a file by another of
 * the same name; a folder that was replaced itself is watched anew. Nothing here keeps the process alive.
 */
import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import type { Waypoint } from './trail.ts';

interface Watched {
	readonly watcher: FSWatcher;
	/** Which folder it was when watching began: another may have its name by now. */
	readonly identity: string;
	names: Set<string>;
	/** It has been moved or deleted, so the watcher sees nothing any more. */
	stale: boolean;
}

export interface FolderWatchOptions {
	/** Something about one of the names has changed. */
	readonly touched: () => void;
	/** A folder that is there cannot be watched: too many are, as a rule. */
	readonly failed: (folder: string, error: Error) => void;
}

export class FolderWatch {
	private readonly options: FolderWatchOptions;
	private readonly folders: Map<string, Watched> = new Map();

	constructor(options: FolderWatchOptions) {
		this.options = options;
	}

	/** Watches for these names and no others. True when it watches a folder that it did not before. */
	follow(waypoints: readonly Waypoint[]): boolean {
		const wanted = new Map<string, Set<string>>();
		for (const { folder, name } of waypoints) {
			const names = wanted.get(folder);
			if (names === undefined) wanted.set(folder, new Set([name]));
			else names.add(name);
		}
		for (const folder of this.folders.keys()) if (!wanted.has(folder)) this.leave(folder);
		let opened = false;
		for (const [folder, names] of wanted) opened = this.enter(folder, names) || opened;
		return opened;
	}

	close(): void {
		for (const folder of [...this.folders.keys()]) this.leave(folder);
	}

	private enter(folder: string, names: Set<string>): boolean {
		const identity = identityOf(folder);
		const known = this.folders.get(folder);
		if (known !== undefined && known.identity === identity && !known.stale) {
			known.names = names;
			return false;
		}
		this.leave(folder);
		if (identity === null) return false;
		try {
			const watcher = watch(folder, { persistent: false }, (event, name) => this.seen(folder, event, name));
			watcher.on('error', (error) => this.lost(folder, error));
			this.folders.set(folder, { watcher, identity, names, stale: false });
			return true;
		} catch (error) {
			this.lost(folder, error as Error);
			return false;
		}
	}

	private leave(folder: string): void {
		this.folders.get(folder)?.watcher.close();
		this.folders.delete(folder);
	}

	/** On Windows, a watched folder that is deleted is an error. */
	private lost(folder: string, error: Error): void {
		this.leave(folder);
		if (identityOf(folder) === null) this.options.touched();
		else this.options.failed(folder, error);
	}

	private seen(folder: string, event: string, name: string | null): void {
		const watched = this.folders.get(folder);
		if (watched === undefined) return;
		if (event === 'rename') {
			// Its own name is told when the folder itself has gone.
			if (name === null || name === basename(folder)) watched.stale = true;
			const inner = name === null ? undefined : this.folders.get(join(folder, name));
			if (inner !== undefined) inner.stale = true;
		}
		if (name === null || watched.stale || watched.names.has(name)) this.options.touched();
	}
}

function identityOf(folder: string): string | null {
	try {
		const { dev, ino, birthtimeMs } = statSync(folder);
		return `${dev} ${ino} ${birthtimeMs}`;
	} catch {
		return null;
	}
}
