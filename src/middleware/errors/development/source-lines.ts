/**
 * The lines around a place, from the file itself. Only source code of the project that is being developed is read: by what
 * it is called, and by where it really lies. Where Node maps sources (`--enable-source-maps`), stacks name the originals.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SourceLine {
	readonly number: number;
	readonly text: string;
	/** It is the place itself. */
	readonly here: boolean;
}

const CODE: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx']);
const AROUND = 5;
/** Bytes of a file, and characters of a line. */
const LARGEST = 2_000_000;
const WIDEST = 400;

/** Null where there is nothing to show: another's code, another kind of file, or none at all. */
export function sourceLines(file: string, line: number, root: string = process.cwd()): SourceLine[] | null {
	try {
		const path = realpathSync(file.startsWith('file:') ? fileURLToPath(file) : file);
		const base = realpathSync(root);
		const own = path.startsWith(base.endsWith(sep) ? base : base + sep);
		if (!own || path.includes(`${sep}node_modules${sep}`) || !CODE.has(extname(path))) return null;
		const { size } = statSync(path);
		if (size > LARGEST) return null;
		const lines = readFileSync(path, 'utf8').split('\n');
		if (line < 1 || line > lines.length) return null;
		const first = Math.max(1, line - AROUND);
		return lines.slice(first - 1, line + AROUND).map((text, index) => {
			return { number: first + index, text: text.slice(0, WIDEST), here: first + index === line };
		});
	} catch {
		return null;
	}
}
