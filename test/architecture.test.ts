/**
 * The rules of the house that no compiler knows. Each is tried twice: on this repository, where it must find nothing, and
 * on a made-up tree, where it must find exactly what is wrong.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { growthOf } from './architecture/ambiguity.ts';
import { bareCode, pieces } from './architecture/code-text.ts';
import { linearExpressions } from './architecture/expression-rules.ts';
import { readExpression } from './architecture/expression-syntax.ts';
import { longest, median, namedExports, names, noPrivatePaths } from './architecture/file-rules.ts';
import {
	cycles,
	front,
	layers,
	platform,
	present,
	type Rule,
	sansIo,
	storeys,
	strangers,
} from './architecture/import-rules.ts';
import { importsOf, readTree, type Tree } from './architecture/source-tree.ts';

const ROOT = resolve(import.meta.dirname, '..');
const repository = readTree(ROOT);

interface Case {
	readonly name: string;
	readonly rule: Rule;
	/** Files that keep the rule. */
	readonly kept: Readonly<Record<string, string>>;
	/** Files that break it. */
	readonly broken: Readonly<Record<string, string>>;
	/** What is found in those. */
	readonly found: readonly string[];
}

const cases: readonly Case[] = [
	{
		name: 'folders import only what lies below them',
		rule: layers,
		kept: {
			'src/bytes/a.ts': "import type { F } from '../fields/index.ts';",
			'src/proxy/b.ts': "import { c } from '../client/index.ts'; // import { h1 } from '../engine/h1/index.ts';",
			'src/cli/c.ts': "import { s } from '../serve/index.ts';",
		},
		broken: {
			'src/fields/a.ts': "import type { S } from '../bytes/index.ts';",
			'src/protocol/h1/a.ts': "import { App } from '../../convention/index.ts';",
			'src/transport/a.ts': "export { x } from '../protocol/h1/index.ts';",
			'src/proxy/a.ts': "const engine = await import('../engine/h1/index.ts');",
			'src/serve/a.ts': "import '../cli/index.ts';",
		},
		found: [
			'src/fields/a.ts: fields/ imports nothing of bytes/',
			'src/protocol/h1/a.ts: protocol/ imports nothing of convention/',
			'src/transport/a.ts: transport/ never imports protocol/',
			'src/proxy/a.ts: proxy/ never imports engine/',
			'src/serve/a.ts: serve/ never imports cli/',
		],
	},
	{
		name: 'engines do not know each other, nor do middleware',
		rule: strangers,
		kept: {
			'src/engine/h1/a.ts': "import { Engine } from '../engine.ts'; import './b.ts';",
			'src/engine/index.ts': "export { h1 } from './h1/index.ts';",
		},
		broken: {
			'src/engine/h1/a.ts': "import { memory } from '../memory/index.ts';",
			'src/middleware/auth/a.ts': "import { s } from '../sessions/index.ts';",
		},
		found: [
			'src/engine/h1/a.ts: engine/h1/ and engine/memory/ do not know each other',
			'src/middleware/auth/a.ts: middleware/auth/ and middleware/sessions/ do not know each other',
		],
	},
	{
		name: 'a folder is imported through its index.ts',
		rule: front,
		kept: {
			'src/engine/h1/a.ts':
				"import '../engine.ts'; import '../../bytes/index.ts'; import './b.ts'; import '../../protocol/h1/index.ts';",
		},
		broken: {
			'src/engine/h1/a.ts': "import type { S } from '../../bytes/source.ts';",
			'src/fields/index.ts': "export { item } from './structured/item.ts';",
		},
		found: [
			'src/engine/h1/a.ts: imports src/bytes/source.ts, past src/bytes/index.ts',
			'src/fields/index.ts: imports src/fields/structured/item.ts, past src/fields/structured/index.ts',
		],
	},
	{
		name: 'the theme engine is built from the bottom up',
		rule: storeys,
		kept: {
			'src/theme/plan/a.ts': "import { b } from '../tree/index.ts'; import type { C } from '../live/index.ts';",
			'src/theme/theme.ts': "import { d } from './includes/index.ts';",
		},
		broken: {
			'src/theme/tree/a.ts': "import { b } from '../markup/index.ts';",
			'src/theme/css/a.ts': "import { b } from '../xpath/index.ts';",
			'src/theme/cellar/a.ts': '',
		},
		found: [
			'src/theme/tree/a.ts: theme/tree/ does not stand on theme/markup/',
			'src/theme/css/a.ts: theme/css/ does not stand on theme/xpath/',
			'src/theme/cellar/a.ts: theme/cellar/ has no storey',
		],
	},
	{
		name: 'modules of the platform stay where they are named',
		rule: platform,
		kept: {
			'src/cli/a.ts': "import { parseArgs } from 'node:util';",
			'src/bytes/node.ts': "import { Readable } from 'node:stream';",
			'src/fields/a.ts': "const word = 'Deno.serve'; // Bun.serve\nexport const Denominator = 1;",
		},
		broken: {
			'src/protocol/h1/a.ts': "import type { Buffer } from 'node:buffer';",
			'src/convention/a.ts': 'export const x = Bun.version, y = Deno . version;',
		},
		found: [
			'src/protocol/h1/a.ts: node:buffer has no place here',
			'src/convention/a.ts: Bun. has no place here',
			'src/convention/a.ts: Deno . has no place here',
		],
	},
	{
		name: 'the protocol has neither timers nor promises',
		rule: sansIo,
		kept: {
			'src/protocol/h1/a.ts': '// no Promise here\nexport const promised = "async";',
			'src/client/a.ts': 'await setTimeout(f);',
		},
		broken: { 'src/protocol/h1/a.ts': 'export async function a() { await b; setTimeout(c); await d; }' },
		found: [
			'src/protocol/h1/a.ts: async has no place in protocol/',
			'src/protocol/h1/a.ts: await has no place in protocol/',
			'src/protocol/h1/a.ts: setTimeout has no place in protocol/',
		],
	},
	{
		name: 'nothing imports itself by a way round',
		rule: cycles,
		kept: {
			'src/a.ts': "import { b } from './b.ts';",
			'src/b.ts': "import type { A } from './a.ts'; export type { A } from './a.ts'; import { c } from './c.ts';",
			'src/c.ts': "import './d.ts';",
			'src/d.ts': '',
		},
		broken: {
			'src/a.ts': "import './d.ts'; import { b } from './b.ts';",
			'src/b.ts': "export * from './c.ts';",
			'src/c.ts': "const later = () => import('./a.ts');",
			'src/d.ts': "import { type D } from './d.ts';",
		},
		found: ['src/d.ts → src/d.ts', 'src/a.ts → src/b.ts → src/c.ts → src/a.ts'],
	},
	{
		name: 'what is imported is there',
		rule: present,
		kept: { 'src/a.ts': "import './b.ts'; import 'node:net';", 'src/b.ts': '' },
		broken: { 'src/a.ts': "import './b.ts';" },
		found: ['src/a.ts: imports src/b.ts, which is not there'],
	},
	{
		name: 'no regular expression takes longer than in proportion to what it reads',
		rule: linearExpressions,
		kept: {
			'src/a.ts': "const a = /^[a-z]+(?:-[a-z]+)*$/, b = /x(.*)$/s, c = [/\\d{1,3}/g, '/(a+)+$/']; // /(a+)+$/",
			'src/theme/css/b.ts': 'x.replace(/\\s+$/, y);',
			'test/c.ts': 'const d = /(a+)+$/;',
		},
		broken: {
			'src/a.ts': 'x.replace(/\\s+$/, y);',
			'src/theme/css/b.ts': 'const e = /(?:\\w+\\s?)*$/;',
			'src/c.ts': 'new RegExp(`${x}+$`);',
		},
		found: [
			'src/a.ts: /\\s+$/ takes polynomial time',
			'src/theme/css/b.ts: /(?:\\w+\\s?)*$/ takes exponential time',
			'src/c.ts: an expression is made at run time',
		],
	},
	{
		name: 'no file is longer than 400 lines',
		rule: longest,
		kept: { 'src/a.ts': 'x\n'.repeat(400), 'test/b.ts': 'x\n'.repeat(500) },
		broken: { 'src/a.ts': 'x\n'.repeat(401) },
		found: ['src/a.ts: 401 lines'],
	},
	{
		name: 'the median file has fewer than 150 lines',
		rule: median,
		kept: { 'src/a.ts': 'x\n'.repeat(149), 'src/b.ts': 'x\n'.repeat(10), 'src/c.ts': 'x\n'.repeat(300) },
		broken: { 'src/a.ts': 'x\n'.repeat(150), 'src/b.ts': 'x\n'.repeat(10), 'src/c.ts': 'x\n'.repeat(300) },
		found: ['src: the median file has 150 lines'],
	},
	{
		name: 'names are kebab-case and say something',
		rule: names,
		kept: { 'src/client/connection-options.ts': '', 'test/h1/head.test.ts': '', 'docs/README.md': '' },
		broken: { 'src/bytes/utils.ts': '', 'src/Engine/a.ts': '', 'test/test-helpers/a.ts': '', 'src/my_file.ts': '' },
		found: [
			'src/bytes/utils.ts: utils says nothing',
			'src/Engine/a.ts: Engine is not kebab-case',
			'test/test-helpers/a.ts: test-helpers says nothing',
			'src/my_file.ts: my_file is not kebab-case',
		],
	},
	{
		name: 'the library exports names, no defaults',
		rule: namedExports,
		kept: { 'src/a.ts': '// export default\nexport const s = "export default";', 'examples/a.ts': 'export default 1;' },
		broken: { 'src/a.ts': 'export default 1;', 'src/b.ts': 'export { b as default };' },
		found: ['src/a.ts: has a default export', 'src/b.ts: has a default export'],
	},
	{
		name: 'no place of one machine is mentioned',
		rule: noPrivatePaths,
		kept: {
			'docs/a.md': 'see ../shared and /tmp/x, https://example.org/work/x, ~/work/x, /work',
			'bin/turnabout': '/usr/bin/env',
		},
		broken: {
			'docs/a.md': ['see /work', 'main'].join('/'),
			'src/a.ts': ['// /home', 'me/x'].join('/'),
			'test/a.ts': ["'/root", ".npm'"].join('/'),
		},
		found: ['docs/a.md: mentions /work/m…', 'src/a.ts: mentions /home/me/x…', 'test/a.ts: mentions /root/.…'],
	},
];

for (const { name, rule, kept, broken, found } of cases) {
	test(`architecture: ${name}`, () => {
		assert.deepEqual(rule(repository), []);
	});

	test(`architecture, on trial: ${name}`, () => {
		assert.deepEqual(rule(treeOf(kept)), []);
		assert.deepEqual(rule(treeOf(broken)), found);
	});
}

test('architecture: the rules have something to look at', () => {
	const paths = [...repository.keys()];
	for (const path of ['src/fields/index.ts', 'src/serve/serve.ts', 'bin/turnabout', 'test/architecture.test.ts']) {
		assert.ok(paths.includes(path), path);
	}
	const edges = importsOf('src/serve/serve.ts', repository.get('src/serve/serve.ts') ?? '');
	assert.ok(edges.some(({ file }) => file === 'src/engine/index.ts'));
	assert.ok(edges.some(({ file }) => file === 'src/serve/listen.ts'));
});

test('architecture: code is told from what only looks like it', () => {
	const source =
		"a = `x ${b + `'${c}'`} /* no */`; /* 'y' */ d = /['\"/]/g.test('//') / 2; // \"\ne = \"it's\" + f / g / h;";
	assert.equal(
		pieces(source)
			.map(({ text }) => text)
			.join(''),
		source,
	);
	assert.equal(bareCode(source), "a = '';   d = ''.test('') / 2;  \ne = '' + f / g / h;");
	const all =
		"import a, { b } from './a.ts';\nimport type { C } from './c.ts';\nimport './d.ts';\nexport * as e from './e.ts';\n";
	assert.deepEqual(
		importsOf(
			'src/x.ts',
			`${all}// import './f.ts';\nconst g = import("./g.ts"), h = 'import "./h.ts"', i = [import.meta.url, './i.ts'];`,
		).map(({ file, typeOnly }) => [file, typeOnly]),
		[
			['src/a.ts', false],
			['src/c.ts', true],
			['src/d.ts', false],
			['src/e.ts', false],
			['src/g.ts', false],
		],
	);
});

/** Textbook cases, and some that only look like them. */
const growths: readonly [source: string, growth: 'linear' | 'polynomial' | 'exponential'][] = [
	['^(a+)+$', 'exponential'],
	['(a|a)*b', 'exponential'],
	['^(?:a|aa)+$', 'exponential'],
	['(?:x+x+)+y', 'exponential'],
	['^(?:[\\w-]+:?)*$', 'exponential'],
	['^(?:.*,)*$', 'exponential'],
	['^(?:a?a?)*b', 'exponential'],
	['(?=(a+)+b)', 'exponential'],
	['\\s+$', 'polynomial'],
	['^\\s*(.*?)\\s*$', 'polynomial'],
	['a.*b', 'polynomial'],
	['^\\d+\\d+$', 'polynomial'],
	['"(?:[^"\\\\]|\\\\.)*"', 'polynomial'],
	['^[ \\t]*(?:x)?[ \\t]*,', 'polynomial'],
	['(\\w+)@\\1', 'polynomial'],
	['^\\s+$', 'linear'],
	['^\\s*\\S', 'linear'],
	['^(?:[a-z]+-)*[a-z]+$', 'linear'],
	['^"(?:[^"\\\\]|\\\\.)*"$', 'linear'],
	['^(?:a*,)*$', 'linear'],
	['a.*', 'linear'],
	['[?#][^]*$', 'linear'],
	['^(?:x(?:\\/|$))*$', 'linear'],
	['\\bcharset=', 'linear'],
];
for (const [source, growth] of growths) {
	test(`architecture, on trial: /${source}/ is ${growth}`, () => {
		assert.equal(growthOf(readExpression(source, ''), true), growth);
	});
}

test('architecture: the linter refuses functions over 40 lines and file names that are not kebab-case', {
	timeout: 30_000,
}, (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-lint-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const body = (lines: number): string =>
		`export function f(): void {\n${'\tg();\n'.repeat(lines - 2)}}\ndeclare function g(): void;\n`;
	writeFileSync(join(folder, 'fits.ts'), body(40));
	assert.deepEqual(lint(folder), []);
	writeFileSync(join(folder, 'tooLong.ts'), body(41));
	assert.deepEqual(lint(folder), ['eslint(max-lines-per-function)', 'unicorn(filename-case)']);
});

function lint(folder: string): string[] {
	const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
	const { stdout } = spawnSync(process.execPath, [oxlint, '-c', join(ROOT, '.oxlintrc.json'), '-f', 'json', folder], {
		encoding: 'utf8',
		timeout: 20_000,
	});
	const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
	return diagnostics.map(({ code }) => code).toSorted();
}

function treeOf(files: Readonly<Record<string, string>>): Tree {
	return new Map(Object.entries(files));
}
