import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type App, lint } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';
import { example } from './runnable.ts';

const folder = 'src/frameworks/node';
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const page = read('docs/frameworks.md');

const tables: [heading: string, file: string, type: string][] = [
	['Options of `fromNode` and `connectLayer`', 'from-node.ts', 'FromNodeOptions'],
	['Options of `fromNodeUpgrade`', 'from-node-upgrade.ts', 'FromNodeUpgradeOptions'],
	['Options of `toNode`', 'to-node.ts', 'ToNodeOptions'],
];

for (const [heading, file, type] of tables) {
	test(`docs/frameworks.md, ${heading}: every one, with the default that the source gives`, () => {
		const source = read(`${folder}/${file}`);
		const rows = tableUnder(page, heading);
		assert.deepEqual(
			rows.map(([name]) => name),
			membersOf(source, type),
		);
		for (const [name, value = ''] of rows) {
			const said = new RegExp(`Default: ([^\\n]*?)\\. \\*/\\n\\treadonly ${name}\\?`).exec(source)?.[1] ?? '';
			const plain = said.replaceAll(/[`,]/g, '').replace(/^none$/, '[]');
			assert.ok(plain.startsWith(value), `${name}: the page says ${value}, the source ${said}`);
		}
	});
}

test('docs/frameworks.md names the fields that add up in a connect layer', () => {
	const source = read(`${folder}/connect-layer.ts`);
	const list = /^const ADDED[^[]*\[([^\]]*)\]/m.exec(source)?.[1] ?? '';
	const names = [...list.matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name);
	assert.ok(names.length > 0);
	for (const name of names) assert.ok(page.toLowerCase().includes(name), name);
});

/** Where these frameworks are installed, if they are; the examples are run as if they lay there. */
const place = new URL('../node-frameworks/', import.meta.url);
const skip = existsSync(new URL('node_modules/express', place))
	? false
	: 'npm install in test/node-frameworks has not been run';

const examples: [framework: string, path: string, answer: string][] = [
	['express', '/hello', 'Hello from 192.0.2.7'],
	['koa', '/page', '{"path":"/page","ip":"192.0.2.7"}'],
	['fastify', '/hello/you', '{"hello":"you"}'],
];

for (const [framework, path, expected] of examples) {
	test(`the example for ${framework} in docs/frameworks.md answers`, { skip }, async () => {
		const blocks = [...page.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, text = '']) => text);
		const found = blocks.find((text) => text.includes(`from '${framework}'`)) ?? assert.fail('no example');
		const source = found.replace("import { shop } from './shop.ts';", 'const shop = () => new Response();');
		const exported = (await example(new URL(framework, place), 0, source).run())['default'];
		const { app = exported } = exported as { app?: unknown };
		const answer = await ask(lint(app as App), { url: path, remote: { kind: 'ip', host: '192.0.2.7', port: 1 } });
		assert.deepEqual([answer.status, await answer.text()], [200, expected]);
	});
}
