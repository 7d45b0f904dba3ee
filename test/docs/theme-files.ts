/** A folder with the files of a theme, for as long as a test needs it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ThemeFolder {
	path(name: string): string;
	remove(): void;
}

export function themeFiles(files: Readonly<Record<string, string>>): ThemeFolder {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-theme-'));
	for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
	return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
