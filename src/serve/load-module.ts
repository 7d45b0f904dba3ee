/**
 * Modules written by users, loaded as they are: TypeScript by Node's own type stripping. Whatever can be wrong with one
 * is said with its file, line and column.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nearest } from '../names/index.ts';
import { freshUrl, pathOfModule } from './fresh-modules.ts';
import { readModulesAsWritten } from './module-syntax.ts';
import { codeOf, isStartError, messageOf, StartError } from './start-error.ts';

/**
 * Imports a file by its path, or a package by its name, as seen from `folder`; `times`: how often it has been imported before, each of
 * which reads it and what it imports once more. Rejects with StartError.
 */
export async function loadModule(
	specifier: string,
	folder: string,
	times = 0,
): Promise<Readonly<Record<string, unknown>>> {
	const file = locate(specifier, folder);
	readModulesAsWritten();
	try {
		return (await import(freshUrl(pathToFileURL(file).href, times))) as Record<string, unknown>;
	} catch (error) {
		throw failure(specifier, file, folder, error);
	}
}

function locate(specifier: string, folder: string): string {
	const file = resolve(folder, specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier);
	if (existsSync(file)) {
		if (statSync(file).isFile()) return file;
		throw new StartError(
			`${specifier} is a folder, not a module`,
			`Name the file in it, for example ${specifier}/app.ts.`,
		);
	}
	if (!/^[./]|^file:/.test(specifier)) {
		try {
			return createRequire(resolve(folder, 'x.js')).resolve(specifier);
		} catch {
			// Neither a file nor a package: said below, in the same words for both.
		}
	}
	const near = existsSync(dirname(file)) ? nearest(basename(file), readdirSync(dirname(file))) : null;
	const hint =
		near === null ? `Looked for ${file}.` : `Did you mean ${relative(folder, resolve(dirname(file), near))}?`;
	throw new StartError(`no such module: ${specifier}`, hint);
}

function failure(specifier: string, file: string, folder: string, error: unknown): StartError {
	if (isStartError(error)) return error;
	const place = placeOf(error) ?? (error instanceof SyntaxError ? syntaxPlace(file) : null);
	const where =
		place === null ? specifier : `${relative(folder, place.file) || place.file}:${place.line}:${place.column}`;
	if (codeOf(error) === 'ERR_MODULE_NOT_FOUND') return missing(specifier, error);
	const name = error instanceof Error ? error.name : 'thrown';
	return new StartError(`${where}: ${name}: ${messageOf(error)}`, hintFor(error), error);
}

function missing(specifier: string, error: unknown): StartError {
	const [, what = '', importer = ''] = /'([^']+)' imported from (.+)$/.exec(messageOf(error)) ?? [];
	if (what === 'turnabout') {
		return new StartError(
			`no such module: turnabout (imported from ${importer})`,
			'Install it there: npm install turnabout.',
			error,
		);
	}
	return new StartError(`no such module: ${what || specifier} (imported from ${importer || specifier})`, null, error);
}

function hintFor(error: unknown): string | null {
	if (isRefusal(error)) return 'That is the call; what it takes is said with its types, and in the documentation.';
	if (codeOf(error) !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return null;
	return 'TypeScript is loaded by stripping its types: write it without enums, namespaces and parameter properties.';
}

interface SourcePlace {
	readonly file: string;
	readonly line: number;
	readonly column: number;
}

/** A line of a stack trace with a file in it; Node's own are `node:` and have none. */
const FRAME = /^\s+at (?:.*[( ])?((?:file:\/\/)?\/[^()\n]+?):(\d+):(\d+)\)?$/gm;

/** This package's code: an error thrown by it is shown at the line that called it. */
const OURS = resolve(import.meta.dirname, '..') + sep;

/** The copy that an app imports need not be this one. */
const isOurs = (file: string): boolean =>
	file.startsWith(OURS) || /\/node_modules\/turnabout\/(?:dist|src)\//.test(file);

/** Options that cannot be meant: this package has thrown it when something was made. */
function isRefusal(error: unknown): boolean {
	if (!(error instanceof TypeError || error instanceof RangeError)) return false;
	const [frame] = (error.stack ?? '').matchAll(FRAME);
	return frame !== undefined && isOurs(plain(frame[1] as string));
}

/** The first place of a stack trace that lies in a file of somebody else. */
function placeOf(error: unknown): SourcePlace | null {
	const stack = error instanceof Error ? (error.stack ?? '') : '';
	const shown = excerptPlace(stack);
	if (shown !== null) return shown;
	for (const [, path = '', line, column] of stack.matchAll(FRAME)) {
		const file = plain(path);
		if (!isOurs(file)) return { file, line: Number(line), column: Number(column) };
	}
	return null;
}

/** The place that V8 and Node show as an excerpt: `file:line`, the source, and a line of carets under the column. */
function excerptPlace(text: string): SourcePlace | null {
	const [, path, line] = /^((?:file:\/\/)?\/.+?):(\d+)\n/.exec(text) ?? [];
	if (path === undefined) return null;
	const caret = /^([ \t]*)\^+\s*$/m.exec(text)?.[1] ?? '';
	return { file: plain(path), line: Number(line), column: caret.length + 1 };
}

/** Node keeps the place of a JavaScript syntax error from the importer, but its `--check` prints it. */
function syntaxPlace(file: string): SourcePlace | null {
	const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 10_000 });
	return excerptPlace(stderr);
}

const plain = (path: string): string => (path.startsWith('file:') ? pathOfModule(path) : path);
