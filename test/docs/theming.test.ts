/** docs/theming.md: its rules are run on its content and give the pages it shows, and its tables are those of the source. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { resourcesOf, stopAll } from '../../src/serve/resources.ts';
import { settingsOf } from '../../src/theme/http/options.ts';
import { reasons } from '../../src/theme/http/skip.ts';
import { fragmentSettings } from '../../src/theme/includes/fragment-options.ts';
import { formatDiagnostics, ThemeError, theme } from '../../src/theme/index.ts';
import { ACTION_KEYS } from '../../src/theme/rules/data-vocabulary.ts';
import { LINK_PLACES } from '../../src/theme/rules/links-from-data.ts';
import { ATTRIBUTES, CONDITIONS } from '../../src/theme/rules/vocabulary.ts';
import { tableUnder } from './markdown-table.ts';
import { example } from './runnable.ts';
import { themeFiles } from './theme-files.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/theming.md');

interface Block {
	readonly language: string;
	/** What the block is here for: theme, content, rules, page, mistake. */
	readonly part: string;
	readonly line: number;
	readonly text: string;
}

const blocks = [...page.matchAll(/^```(\w+) (theme|content|rules|page|mistake)\n([^]*?)^```$/gm)].map(
	({ index, 1: language = '', 2: part = '', 3: text = '' }): Block => {
		return { language, part, line: page.slice(0, index).split('\n').length, text };
	},
);

const textOf = (part: string): string => blocks.find((block) => block.part === part)?.text ?? '';

/** The files of the page's examples; the themes it does not show are like the one it does. */
function filesWith({ language, text }: Block): ReturnType<typeof themeFiles> & { readonly rules: string } {
	const name = `rules.${language}`;
	const hasTheme = language === 'xml' || /^theme:/m.test(text);
	const rules = hasTheme ? text : `theme: theme.html\n${text}`;
	const [shown, other] = [textOf('theme'), textOf('theme').replace('<footer>', '<footer>Another theme. ')];
	const files = themeFiles({ [name]: rules, 'theme.html': shown, 'print.html': other, 'mobile.html': other });
	return { ...files, rules: files.path(name) };
}

const HTML = { 'content-type': 'text/html' };

/** The page that is shown for the rules of a block. */
function pageBehind(at: number): Block | undefined {
	const rest = blocks.slice(at + 1);
	const end = rest.findIndex(({ part }) => part === 'rules');
	return rest.slice(0, end < 0 ? rest.length : end).find(({ part }) => part === 'page');
}

/** The application behind: the page's content, and a cart. */
const old: App = (request) => {
	const [path] = raw(request).target.split('?');
	if (path === '/cart') return respond(200, HTML, '<p class="count">2 things</p><p>and more</p>');
	return path === '/weather' ? respond(503) : respond(200, HTML, textOf('content'));
};

for (const [at, block] of blocks.entries()) {
	if (block.part !== 'rules') continue;
	test(`the rules in line ${block.line} have no mistakes, and give the page that is shown`, async () => {
		const { rules, remove } = filesWith(block);
		try {
			const layer = theme(rules, { watch: false, log: () => {} });
			assert.deepEqual(layer.warnings, []);
			const text = await (await ask(layer(old), '/')).text();
			const shown = pageBehind(at)?.text.trimEnd().split('\n') ?? [];
			for (const line of shown) assert.ok(text.includes(line), `${line}\nis not in\n${text}`);
			await layer.close();
		} finally {
			remove();
		}
	});
}

test('the mistake that is shown is told as it is shown', () => {
	const [wrong, told] = blocks.filter(({ part }) => part === 'mistake');
	const { rules, remove } = filesWith({ ...(wrong as Block), text: `theme: theme.html\n${wrong?.text}` });
	try {
		theme(rules, { watch: false });
		assert.fail('There is no mistake');
	} catch (error) {
		assert.ok(error instanceof ThemeError);
		const said = formatDiagnostics(error.diagnostics).replace(/^\S*rules\.yaml:3/, 'rules.yaml:2');
		for (const line of told?.text.trim().split('\n') ?? [])
			assert.ok(said.includes(line), `${line}\nis not in\n${said}`);
	} finally {
		remove();
	}
});

/** The names that a cell lists, in backquotes. */
const names = (cell = ''): string[] => cell.match(/[\w-]+(?=`)|^[\w-]+$/g) ?? [];

/** The rows of the second table under a heading. */
function secondTableUnder(heading: string): readonly (readonly string[])[] {
	const [first = '', second = ''] = (page.split(`\n### ${heading}\n`)[1] ?? '').split(/\n\n(?=\|)/).slice(1);
	assert.notEqual(first, '');
	return tableUnder(`# x\n${second.split('\n\n')[0]}`, 'x');
}

/** The members of an interface in a source file. */
function membersOf(path: string, name: string): string[] {
	const body = new RegExp(`^export interface ${name}\\b.*\\{$([^]*?)^\\}$`, 'm').exec(read(path))?.[1] ?? '';
	return [...body.matchAll(/^\treadonly (\w+)\??:/gm)].map((match) => match[1] ?? '');
}

const RULES_INPUT = 'src/theme/rules/rules-input.ts';
const firsts = (heading: string): string[] => tableUnder(page, heading).map(([first = '']) => first);

test('the table of actions has each with its keys', () => {
	const rows = tableUnder(page, 'Actions').filter(([first = '']) => first in ACTION_KEYS);
	const documented = rows.slice(0, Object.keys(ACTION_KEYS).length).map(([name = '', keys]) => [name, names(keys)]);
	assert.deepEqual(documented, Object.entries(ACTION_KEYS));
	const explained = secondTableUnder('Actions').flatMap(([cell]) => names(cell));
	const told = ['copy', 'merge', 'drop', 'replace', 'separator', 'when', 'rules'];
	assert.deepEqual(new Set([...explained, ...told]), new Set(Object.values(ACTION_KEYS).flat()));
});

test('the keys of a set of rules, the tests of a condition, and the places of links are all there', () => {
	assert.deepEqual(firsts('Rules in YAML').toSorted(), membersOf(RULES_INPUT, 'RulesInput').toSorted());
	assert.deepEqual(firsts('Conditions'), membersOf(RULES_INPUT, 'WhenTests').toSorted(byTable('Conditions')));
	assert.deepEqual(firsts('Where links are mapped'), LINK_PLACES);
});

const byTable = (heading: string): ((a: string, b: string) => number) => {
	const order = firsts(heading);
	return (a, b) => order.indexOf(a) - order.indexOf(b);
};

test('the elements of rules in XML have their attributes, and there are no other conditions', () => {
	const conditions: readonly string[] = CONDITIONS;
	const documented = tableUnder(page, 'Elements').map(([name = '', attributes]) => [name, names(attributes)]);
	const own = Object.entries(ATTRIBUTES).map(([name, all]) => [name, all.filter((one) => !conditions.includes(one))]);
	assert.deepEqual(documented, own);
	for (const condition of conditions) assert.match(page, new RegExp(`\`${condition}\``));
});

test('every instruction of XSLT is named, and no other', () => {
	const table =
		/new Map<string, Compiler>\(\[([^]*?)^\]\)/m.exec(read('src/theme/xslt/xsl-instructions.ts'))?.[1] ?? '';
	const known = [...table.matchAll(/^\t\['([\w-]+)'/gm)].map(([, name]) => name);
	const documented = [...page.matchAll(/`xsl:([\w-]+)`/g)].map(([, name]) => name);
	assert.ok(known.length > 15);
	assert.deepEqual(new Set(documented.filter((name) => name !== 'import')), new Set(known));
});

test('every option is there, with its default', () => {
	const source = [
		...membersOf('src/theme/compile-theme.ts', 'ThemeSourceOptions'),
		...membersOf('src/theme/plan/plan.ts', 'PlanOptions'),
	];
	assert.deepEqual(firsts('Options for rules').toSorted(), source.toSorted());
	const forPages = new Set([
		...membersOf('src/theme/http/options.ts', 'HttpThemeOptions'),
		...membersOf('src/theme/theme.ts', 'ThemeOptions'),
	]);
	forPages.delete('parameters');
	assert.deepEqual(new Set(firsts('Options for pages')), forPages);
	assert.deepEqual(
		firsts('Options for fragments'),
		membersOf('src/theme/includes/fragment-options.ts', 'FragmentOptions'),
	);
	defaultsAre('Options for pages', settingsOf({}));
	defaultsAre('Options for fragments', { ...fragmentSettings({}), credentials: 'same-app' });
});

function defaultsAre(heading: string, defaults: object): void {
	const plain = Object.entries(defaults).filter(([, value]) => ['number', 'string', 'boolean'].includes(typeof value));
	const documented = new Map(tableUnder(page, heading).map(([name = '', value = '']) => [name, value]));
	assert.ok(plain.length > 3);
	for (const [name, value] of plain) {
		assert.equal(documented.get(name), String(value), name);
	}
}

test('every reason for which a page is not themed is there', () => {
	const exceptions = [...read('src/theme/http/eligible.ts').matchAll(/\{ reason: '([\w-]+)'/g)].map(
		([, reason]) => reason,
	);
	const passed = ['request', 'rules'];
	assert.deepEqual(new Set(firsts('What is not themed')), new Set([...exceptions, ...passed, ...Object.keys(reasons)]));
});

test('every code of a mistake is there', () => {
	const root = fileURLToPath(new URL('../../src/theme/', import.meta.url));
	const codes = new Set<string>();
	for (const file of globSync('{rules,plan,xslt,files}/**/*.ts', { cwd: root })) {
		const source = read(`src/theme/${file}`);
		const said =
			/(?:\b(?:error|warn|passedOver|tell)\(\s*|code: |\? | : |\| |= |\()'((?:[a-z]+-)+[a-z]+|conflict|unreachable|xpointer|network)'/g;
		const places = /(?:\.(?:error|warn|passedOver)|\btell)\(|tellSyntax\(|code: '|type ThemeFileFault/;
		for (const line of source.split(/;\n/)) {
			if (!places.test(line)) continue;
			for (const [, code = ''] of line.matchAll(said)) codes.add(code);
		}
	}
	assert.ok(codes.size > 40);
	const missing = [...codes].filter((code) => !firsts('Mistakes').includes(code));
	assert.deepEqual(missing, []);
	for (const code of firsts('Mistakes')) {
		const known = globSync('**/*.ts', { cwd: root }).some((file) => read(`src/theme/${file}`).includes(`'${code}'`));
		assert.ok(known, `${code} is nowhere in the source`);
	}
});

test('what stands in the theme is emptied or removed when the content has nothing for it', async () => {
	const html = '<title>T</title><p id="a">a</p><p id="b">b</p>';
	const rules = [{ fill: { theme: '#a', content: 'ul' } }, { replace: { theme: '#b', content: 'ul' } }];
	const text = await (await ask(theme({ theme: { html }, rules })(old), '/')).text();
	assert.match(text, /<p id="a"><\/p>$/);
});

test('onError: fail leaves the whole page unthemed', async () => {
	const rules = [{ include: { theme: '#a', href: '/weather', onError: 'fail' } }] as const;
	const layer = theme({ theme: { html: '<title>T</title><p id="a">a</p>' }, rules }, { log: () => {} });
	assert.equal(await (await ask(layer(old), '/')).text(), textOf('content'));
});

const DEMO = fileURLToPath(new URL('../../examples/demo/theme/rules.yaml', import.meta.url));

for (const path of ['README.md', 'docs/theming.md']) {
	const text = read(path);
	for (const { index, 1: source = '' } of text.matchAll(/^```ts\n([^]*?)^```$/gm)) {
		if (!source.includes("'./theme/rules.yaml'")) continue;
		const line = text.slice(0, index).split('\n').length;
		test(`the example in ${path}, line ${line}, runs with rules of ours`, async (t) => {
			const page = new URL(`../../${path}`, import.meta.url);
			const module = await example(page, line, source.replace('./theme/rules.yaml', DEMO)).run();
			const [made] = Object.values(module) as [App | { app: App }];
			if (typeof made !== 'function') t.after(() => stopAll(resourcesOf(made.app)));
			assert.equal(typeof (typeof made === 'function' ? made : made.app), 'function');
		});
	}
}

test('the rules in README.md have no mistakes', () => {
	const rules = /^```yaml\n([^]*?)^```$/m.exec(read('README.md'))?.[1] ?? '';
	const { path, remove } = themeFiles({ 'rules.yaml': rules, 'theme.html': textOf('theme') });
	try {
		assert.deepEqual(theme(path('rules.yaml'), { watch: false }).warnings, []);
	} finally {
		remove();
	}
});
