/** `turnabout routes`: the tables that a module or a configuration exports. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { project, ROOT, run } from './command-process.ts';

const quick = { timeout: 40_000 };

/** The folder's own file, since the package's front door may be another copy. */
const ROUTING = pathToFileURL(join(ROOT, 'dist/routing/index.js')).href;

const APP = `import { routes } from '${ROUTING}';
function home() { return new Response('home'); }
const shop = routes({ '/:id': home });
export default routes({
  '/*': () => new Response(''),
  '/shop/*': shop,
  '/articles/:slug': { PUT: home, GET: home },
});
`;

const ROWS = [
	/^GET, PUT +\/articles\/:slug +home +app\.js:4$/,
	/^any +\/shop\/:id +home +app\.js:3$/,
	/^any +\/\* +\(app\) \(mounted\) +app\.js:4$/,
];

test('the routes of a module are shown in the order in which they are tried', quick, async (t) => {
	const cwd = project(t, { 'app.js': APP });
	const { status, stdout, stderr } = await run(t, ['routes', 'app.js'], { cwd });
	assert.equal(stderr, '');
	assert.equal(status, 0);
	const lines = stdout.trimEnd().split('\n');
	assert.equal(lines.length, ROWS.length);
	for (const [index, row] of ROWS.entries()) assert.match(lines[index] ?? '', row);
});

test('those of a configuration, and of tables behind middleware that are exported', quick, async (t) => {
	const cwd = project(t, {
		'app.js': APP,
		'turnabout.config.js': `import app from './app.js'; export default { app };`,
		'wrapped.js': `import table from './app.js'; export { table }; export default (...args) => table(...args);`,
		'hidden.js': `import table from './app.js'; export default (...args) => table(...args);`,
	});
	for (const args of [['routes'], ['routes', 'turnabout.config.js'], ['routes', 'wrapped.js']]) {
		const { status, stdout, stderr } = await run(t, args, { cwd });
		assert.equal(status, 0, stderr);
		assert.match(stdout.split('\n')[0] ?? '', ROWS[0] as RegExp);
	}
	const hidden = await run(t, ['routes', 'hidden.js'], { cwd });
	assert.equal(hidden.status, 1);
	assert.match(hidden.stderr, /hidden\.js exports no routes/);
});

test('a bad pattern and a bad option are found by `routes` and by `check`, with place and reason', quick, async (t) => {
	const transactions = pathToFileURL(join(ROOT, 'dist/middleware/transaction/index.js')).href;
	const cwd = project(t, {
		'app.js': APP.replace('/articles/:slug', '/articles/{slug}'),
		'turnabout.config.js': `import app from './app.js'; export default { app };`,
		'database.config.js': `import { sqlite, transaction } from '${transactions}';
export default { app: transaction(sqlite('nowhere/app.db'))(() => new Response()) };`,
	});
	for (const args of [['routes', 'app.js'], ['routes'], ['check']]) {
		const { status, stderr } = await run(t, args, { cwd });
		assert.equal(status, 1);
		assert.match(stderr, /routes: "\/articles\/\{slug\}": "\{slug\}": did you mean ":slug"\?/);
	}
	const { status, stderr } = await run(t, ['check', 'database.config.js'], { cwd });
	assert.equal(status, 1);
	assert.match(stderr, /sqlite: path "nowhere\/app\.db": there is no folder nowhere/);
	assert.equal((await run(t, ['routes'], { cwd: project(t) })).status, 1);
});
