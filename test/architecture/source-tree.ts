/** The files that the rules look at: real ones, or made up to see a rule fail. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { numberedStrings } from './code-text.ts';

/** Contents by path, relative to the root, with slashes. */
export type Tree = ReadonlyMap<string, string>;

export interface Import {
	/** As it is written. */
	readonly specifier: string;
	/** The file meant, relative to the root; null for packages and modules of the platform. */
	readonly file: string | null;
	/** Gone when types are stripped. */
	readonly typeOnly: boolean;
}

const STATEMENT = /\b(?:import(?!\s*\.)|export)\b(\s+type\b(?!\s+from\b))?[^;'"()]*?(?:\bfrom\s*)?'(\d+)'/g;
const CALL = /\bimport\s*\(\s*'(\d+)'/g;

/** Every text file of the repository that is, or could be, committed. */
export function readTree(root: string): Tree {
	const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
		cwd: root,
		encoding: 'utf8',
	});
	const text = /\.(ts|js|cjs|mjs|json|md|txt|html|css|yml|yaml|sh)$|^(bin\/turnabout|\.ci\/run|\.gitignore|LICENSE)$/;
	const paths = list.split('\0').filter((path) => text.test(path) && existsSync(`${root}/${path}`));
	return new Map(paths.map((path) => [path, readFileSync(`${root}/${path}`, 'utf8')]));
}

/** The TypeScript files under src/. */
export function sources(tree: Tree): [path: string, text: string][] {
	return [...tree].filter(([path]) => path.startsWith('src/') && path.endsWith('.ts'));
}

/** What a file imports or re-exports, in order. */
export function importsOf(path: string, text: string): Import[] {
	const { code, strings } = numberedStrings(text);
	const statements = [...code.matchAll(STATEMENT)].map(([, type, index]) =>
		made(path, strings[Number(index)] ?? '', type !== undefined),
	);
	return [
		...statements,
		...[...code.matchAll(CALL)].map(([, index]) => made(path, strings[Number(index)] ?? '', false)),
	];
}

function made(path: string, specifier: string, typeOnly: boolean): Import {
	const file = specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), specifier)) : null;
	return { specifier, file, typeOnly };
}
