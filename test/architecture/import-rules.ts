/** Who may import whom: the tables first. Folders are those right under src/. */
import { dirname } from 'node:path/posix';
import { bareCode } from './code-text.ts';
import { importsOf, sources, type Tree } from './source-tree.ts';

/** All that these folders import of ours. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
	names: [],
	fields: [],
	bytes: ['fields'],
	coding: ['fields', 'bytes'],
	convention: ['fields', 'bytes'],
	protocol: ['fields', 'bytes'],
};

/** What the other folders never import; `*` stands for every folder without a row of its own above. */
const NEVER: Readonly<Record<string, readonly string[]>> = {
	'*': ['cli'],
	transport: ['protocol', 'engine', 'client', 'proxy', 'intercept', 'middleware', 'serve'],
	certificates: ['engine', 'client', 'proxy', 'intercept', 'middleware', 'serve'],
	engine: ['client', 'proxy', 'intercept', 'upstreams', 'cache', 'middleware', 'serve'],
	client: ['engine', 'proxy', 'intercept', 'middleware', 'serve'],
	proxy: ['engine', 'intercept', 'middleware', 'serve'],
	upstreams: ['engine', 'middleware', 'serve'],
	cache: ['engine', 'middleware', 'serve'],
	theme: ['engine', 'middleware', 'serve'],
	files: ['engine', 'middleware', 'serve'],
	middleware: ['engine', 'serve'],
	intercept: ['middleware', 'upstreams', 'cache', 'serve'],
	routing: ['engine', 'middleware', 'serve'],
	acme: ['engine', 'client', 'proxy', 'intercept', 'middleware', 'serve'],
};

/** Folders whose own folders do not know each other. */
const STRANGERS: readonly string[] = ['engine', 'middleware'];

/** Where `node:` modules, `Bun` and `Deno` may appear: beginnings of paths under src/. */
const PLATFORM: readonly string[] = [
	'transport/node/',
	'transport/bun/',
	'engine/h1/',
	'engine/h2/',
	'engine/engine-log',
	'engine/node-',
	'engine/socket-listener',
	'engine/tcp/',
	'engine/bun/',
	'engine/deno/',
	'bytes/node',
	'client/connect',
	'client/dial',
	'client/fastcgi/',
	'client/guarded/',
	'client/h2',
	'client/parent/dial-parent',
	'cache/stores',
	'coding/',
	'middleware/access-log/',
	'middleware/errors/development/',
	'middleware/maintenance/switch',
	'middleware/client-key',
	'middleware/rate-limit/redis-store',
	'middleware/sessions/',
	'middleware/api-key/',
	'middleware/basic-auth/',
	'middleware/bearer/',
	'middleware/client-certificate/',
	'middleware/forward-auth/',
	'middleware/sqlite-file',
	'middleware/seal',
	'middleware/oidc/pending-logins',
	'middleware/oidc/options',
	'middleware/transaction/sqlite/',
	'proxy/forward/pac/pac-program',
	'proxy/forward/pac/pac-thread',
	'proxy/forward/pac/system-addresses',
	'theme/files/',
	'theme/live/',
	'files/',
	'frameworks/',
	'reloaded/',
	'certificates/',
	'acme/',
	'upstreams/discovery/',
	'intercept/',
	'serve/',
	'observe/',
	'cli/',
];

/** Every rule gives back sentences, each beginning with the path of the file that breaks it. */
export type Rule = (tree: Tree) => string[];

const folderOf = (path: string): string => path.split('/').slice(1, -1)[0] ?? '';

/** Folders import only what the tables allow. */
export const layers: Rule = (tree) =>
	eachImport(tree, (from, to) => {
		const [folder, other] = [folderOf(from), folderOf(to)];
		if (folder === other || folder === '') return null;
		const only = ONLY[folder];
		if (only !== undefined) return only.includes(other) ? null : `${folder}/ imports nothing of ${other || 'src'}/`;
		const never = [...(NEVER['*'] ?? []), ...(NEVER[folder] ?? [])];
		return never.includes(other) ? `${folder}/ never imports ${other}/` : null;
	});

/** Engines do not import each other, nor do middleware. */
export const strangers: Rule = (tree) =>
	eachImport(tree, (from, to) => {
		const [one = '', other = ''] = [from.split('/').slice(1, 3), to.split('/').slice(1, 3)].map((parts) =>
			parts.join('/'),
		);
		const folder = folderOf(from);
		if (!STRANGERS.includes(folder) || folderOf(to) !== folder || one === other) return null;
		return other.endsWith('.ts') || one.endsWith('.ts') ? null : `${one}/ and ${other}/ do not know each other`;
	});

/** A folder is imported through its index.ts; files of the folders around are at hand. */
export const front: Rule = (tree) =>
	eachImport(tree, (from, to) => {
		const folder = dirname(to);
		if (to.endsWith('/index.ts') || `${dirname(from)}/`.startsWith(`${folder}/`)) return null;
		return `imports ${to}, past ${folder}/index.ts`;
	});

/** The folders of the theme engine from the bottom up: each imports only what stands before it (docs/decisions/the-theme-engine.md). */
const THEME_STOREYS: readonly (readonly string[])[] = [
	['diagnostics', 'tree'],
	['markup', 'css', 'xpath', 'files'],
	['rules', 'links'],
	['output'],
	['page'],
	['xslt'],
	['plan'],
	['explain', 'cases', 'live', 'http'],
	['includes', 'debug'],
];

/** Within theme/, nothing imports what stands above it or beside it; types are no building stones. */
export const storeys: Rule = (tree) => {
	const heights = new Map(
		THEME_STOREYS.flatMap((folders, height) => folders.map((folder) => [folder, height] as const)),
	);
	const storeyOf = (path: string): string | null => /^src\/theme\/([^/]+)\//.exec(path)?.[1] ?? null;
	return sources(tree).flatMap(([path, text]) => {
		const own = storeyOf(path);
		if (own === null) return [];
		const height = heights.get(own);
		if (height === undefined) return [`${path}: theme/${own}/ has no storey`];
		return importsOf(path, text).flatMap(({ file, typeOnly }) => {
			const other = file === null || typeOnly ? null : storeyOf(file);
			if (other === null || other === own || (heights.get(other) ?? 0) < height) return [];
			return [`${path}: theme/${own}/ does not stand on theme/${other}/`];
		});
	});
};

/** Modules of the platform stay where the table says. */
export const platform: Rule = (tree) =>
	sources(tree).flatMap(([path, text]) => {
		if (PLATFORM.some((start) => path.startsWith(`src/${start}`))) return [];
		const modules = importsOf(path, text).filter(({ specifier }) => /^(node|bun):|^bun$/.test(specifier));
		const globals = bareCode(text).match(/(?<![.\w'])(?:Bun|Deno)\s*\./g) ?? [];
		return [...modules.map(({ specifier }) => specifier), ...globals].map(
			(what) => `${path}: ${what} has no place here`,
		);
	});

/** The protocol has neither timers nor promises. */
export const sansIo: Rule = (tree) =>
	sources(tree).flatMap(([path, text]) => {
		if (!path.startsWith('src/protocol/')) return [];
		const words =
			bareCode(text).match(/\b(?:async|await|Promise|setTimeout|setInterval|setImmediate|queueMicrotask|process)\b/g) ??
			[];
		return [...new Set(words)].map((word) => `${path}: ${word} has no place in protocol/`);
	});

/** No file imports itself by any way round that is left when types are stripped. */
export const cycles: Rule = (tree) => {
	const graph = new Map(
		sources(tree).map(([path, text]) => [
			path,
			importsOf(path, text).flatMap(({ file, typeOnly }) => (file === null || typeOnly ? [] : [file])),
		]),
	);
	const done = new Set<string>();
	const found: string[] = [];
	const visit = (path: string, trail: readonly string[]): void => {
		const start = trail.indexOf(path);
		if (start !== -1) found.push([...trail.slice(start), path].join(' → '));
		if (start !== -1 || done.has(path)) return;
		for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
		done.add(path);
	};
	for (const path of graph.keys()) visit(path, []);
	return found;
};

/** Every import names a file that is there. */
export const present: Rule = (tree) =>
	eachImport(tree, (_, to) => (tree.has(to) ? null : `imports ${to}, which is not there`));

function eachImport(tree: Tree, judge: (from: string, to: string) => string | null): string[] {
	return sources(tree).flatMap(([path, text]) =>
		importsOf(path, text).flatMap(({ file }) => {
			const fault = file === null ? null : judge(path, file);
			return fault === null ? [] : [`${path}: ${fault}`];
		}),
	);
}
