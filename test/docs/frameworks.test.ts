import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';

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
