/** A theme in a folder of its own, followed; what a test waits for are compilations, never a time. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { compileTheme } from '../../../src/theme/compile-theme.ts';
import { LiveTheme } from '../../../src/theme/live/index.ts';

export const RULES = 'theme: theme.html\nrules:\n  - fill: { theme: "#main", content: "#content" }\n';
export const themeWith = (words: string): string =>
	`<!DOCTYPE html><title>${words}</title><body><main id="main"></main></body>`;

export interface LiveFolder {
	readonly live: LiveTheme;
	path(name: string): string;
	write(name: string, text: string): void;
	/** All compilations after the first: what was wrong, or null. */
	readonly compiled: readonly unknown[];
	/** Resolves when a compilation has come, or comes, after which this holds. */
	until(holds: () => boolean): Promise<void>;
	/** The text of the theme in use. */
	words(): string;
}

/** An empty folder. */
export function emptyFolder(t: TestContext): (name: string) => string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-live-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return (name) => join(folder, name);
}

/** `rules`: their place in the folder. */
export function liveFolder(t: TestContext, files: Readonly<Record<string, string>>, rules = 'rules.yaml'): LiveFolder {
	const path = emptyFolder(t);
	const write = (name: string, text: string): void => {
		mkdirSync(dirname(path(name)), { recursive: true });
		writeFileSync(path(name), text);
	};
	for (const [name, text] of Object.entries(files)) write(name, text);
	return { ...follow(t, path(rules)), path, write };
}

/** Follows the rules at `entry`. */
export function follow(t: TestContext, entry: string): Omit<LiveFolder, 'path' | 'write'> {
	const compiled: unknown[] = [];
	let compilation = Promise.withResolvers<void>();
	const live = new LiveTheme({
		load: (asked) => compileTheme(entry, {}, asked),
		entry,
		watch: true,
		changed: (error) => {
			compiled.push(error);
			compilation.resolve();
			compilation = Promise.withResolvers();
		},
		unwatched: (folder, error) => {
			throw new Error(`${folder} is not watched`, { cause: error });
		},
	});
	t.after(() => live.close());
	return {
		live,
		compiled,
		until: async (holds) => {
			// Watching does not keep a process alive; waiting for it does.
			const awake = setInterval(() => {}, 1000);
			while (!holds()) await compilation.promise;
			clearInterval(awake);
		},
		words: () => live.plan.themes[0]?.bare ?? '',
	};
}
