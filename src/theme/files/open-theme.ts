/** From the path of a rules file to the folder that it and all it names are read from. */
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { ThemeFiles, type ThemeFilesOptions } from './theme-files.ts';

export interface OpenTheme {
	readonly files: ThemeFiles;
	/** The rules, seen from the folder. */
	readonly entry: string;
}

/** Opens the folder of a rules file, or `root`, a folder around it. Throws ThemeFileError when there is no such folder. */
export function openTheme(
	path: string,
	root: string | null = null,
	options: Omit<ThemeFilesOptions, 'root'> = {},
): OpenTheme {
	if (root === null) return { files: new ThemeFiles({ ...options, root: dirname(path) }), entry: basename(path) };
	return { files: new ThemeFiles({ ...options, root }), entry: relative(resolve(root), resolve(path)) };
}

/** What the names of files in that folder begin with (`theme/`); '' for the working directory. `path` null: rules in code. */
export function folderPrefix(path: string | null, root: string | null = null): string {
	const prefix = join(root ?? (path === null ? '.' : dirname(path)), sep);
	return prefix === `.${sep}` ? '' : prefix;
}
