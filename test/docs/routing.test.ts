import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatRoutes } from '../../src/cli/routes-command.ts';
import { type App, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { explainRoutes, routes } from '../../src/routing/index.ts';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';
import { examplesOf } from './runnable.ts';

const address = new URL('../../docs/routing.md', import.meta.url);
const page = readFileSync(address, 'utf8');

test('docs/routing.md names every option', () => {
	const documented = tableUnder(page, 'Options').map(([name]) => name);
	const source = readFileSync(new URL('../../src/routing/routes-options.ts', import.meta.url), 'utf8');
	assert.deepEqual(documented, membersOf(source, 'RoutesOptions'));
});

test('docs/routing.md says where each path comes to', async () => {
	const route: App = (_, context) => respond(200, null, (context as { route?: string }).route ?? '');
	const app = routes({ '/admin/*': route, '/*': route });
	const rows = tableUnder(page, 'What a path may look like');
	assert.ok(rows.length > 10);
	for (const [target = '', comesTo = ''] of rows) {
		const answer = await ask(app, { method: 'GET', target });
		const got = answer.status === 200 ? await answer.text() : `${answer.status} ${answer.fields.get('location') ?? ''}`;
		assert.equal(got.trim(), comesTo.replaceAll('`', ''), target);
	}
});

test('docs/routing.md shows what `turnabout routes` prints of its first example', async () => {
	const [first] = examplesOf(address);
	const app = (await first?.run())?.['default'] as App;
	// The example has an address beside the page; readers have it in a file.
	const rows = explainRoutes(app)?.map((row) => ({ ...row, where: `${row.where}`.replace(/[^/]*\.ts:/, 'app.ts:') }));
	const folder = join(import.meta.dirname, '../../docs');
	const shown = /^```\n(any[^]*?)^```$/m.exec(page)?.[1];
	assert.equal(formatRoutes(rows ?? [], folder), shown);
});
