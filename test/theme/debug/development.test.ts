/** A theme in development: its pages listen for changes, its own paths answer them, and policies are heeded. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type App, lint, mount, respond } from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryAnswer } from '../../../src/engine/memory/index.ts';
import { CLIENT_SCRIPT } from '../../../src/theme/debug/client.ts';
import type { Theme, ThemeLogEntry } from '../../../src/theme/index.ts';
import { app, CONTENT, dataIn, developed, RULES, THEME, without } from './debug-page.ts';

const EVENTS = '/.turnabout/theme-events';
const notFound: App = () => respond(404);

const page = async (layer: Theme, url = '/', fields: Record<string, string> = {}): Promise<string> =>
	(await ask(lint(layer(app(fields))), url)).text();

interface Told {
	readonly event: string;
	readonly data: {
		readonly revision: string;
		readonly faults?: readonly { readonly frame: string; readonly where: string }[];
	};
}

/** The events of a stream, one by one. */
async function* events(answer: MemoryAnswer): AsyncGenerator<Told, void> {
	let text = '';
	for await (const chunk of answer.chunks()) {
		text += new TextDecoder().decode(chunk);
		for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
			const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
			text = text.slice(end + 2);
			if (event !== '') yield { event, data: JSON.parse(data) as Told['data'] };
		}
	}
}

function rulesFile(t: TestContext): { readonly path: string; write(text: string): void } {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-development-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	writeFileSync(join(folder, 'theme.html'), THEME);
	const path = join(folder, 'rules.yaml');
	const write = (text: string): void => writeFileSync(path, text);
	write(YAML);
	return { path, write };
}

const YAML = 'theme: theme.html\nrules:\n  - fill: { theme: "#main", content: "#content" }\n';

test('themed pages are told where to listen, others are left alone', async (t) => {
	const layer = developed(t);
	assert.deepEqual(dataIn(await page(layer)), { events: EVENTS, revision: layer.plan.revision, report: null });
	assert.equal(await (await ask(layer(app({ 'Content-Type': 'text/plain' })), '/')).text(), CONTENT);
	const skipping = developed(t, { ...RULES, skip: [{ path: '/login' }] });
	assert.equal(await page(skipping, '/login'), CONTENT);
});

test('the theme alone is told, too', async (t) => {
	const layer = developed(t);
	const bare = await page(layer, '/?theme=only');
	assert.equal(without(bare), THEME.replace('html>', 'html>\n'));
	assert.equal(dataIn(bare).revision, layer.plan.revision);
	assert.equal(await page(layer, '/?theme=off'), CONTENT);
});

test('below a mount, paths are those that the browser sees', async (t) => {
	const layer = developed(t);
	const answer = await ask(mount('/site', layer(app()))(notFound), '/site/');
	assert.equal(dataIn(await answer.text()).events, `/site${EVENTS}`);
});

test('where a policy forbids scripts in the page, it is a file of ours', async (t) => {
	const layer = developed(t);
	const strict = await page(layer, '/', { 'Content-Security-Policy': "default-src 'self'" });
	assert.ok(strict.includes(`<script src="${EVENTS}.js"></script>`));
	assert.ok(!strict.includes(CLIENT_SCRIPT));
	assert.match(await page(layer, '/', { 'Content-Security-Policy': "script-src 'nonce-abc'" }), /<script nonce="abc">/);
	const script = await ask(layer(notFound), `${EVENTS}.js`);
	assert.equal(script.fields.get('content-type'), 'text/javascript;charset=utf-8');
	assert.equal(await script.text(), CLIENT_SCRIPT);
});

test('a policy in the theme\u2019s own head counts as well', async (t) => {
	const meta = `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">`;
	const layer = developed(t, { ...RULES, theme: { html: THEME.replace('<title>', `${meta}<title>`) } });
	assert.ok((await page(layer)).includes(`<script src="${EVENTS}.js">`));
});

test('our own paths are answered before the app, to GET and HEAD alone', async (t) => {
	const layer = developed(t);
	const all = lint(layer(notFound));
	const head = await ask(all, { url: EVENTS, method: 'HEAD' });
	assert.deepEqual(
		[head.status, head.fields.get('content-type'), head.fields.get('cache-control'), head.payload],
		[200, 'text/event-stream', 'no-store', null],
	);
	assert.equal((await ask(all, { url: EVENTS, method: 'POST' })).status, 404);
	assert.equal((await ask(all, `${EVENTS}s`)).status, 404);
	const plain = developed(t, RULES, { development: false });
	assert.equal((await ask(plain(notFound), EVENTS)).status, 404);
});

test('the path is an option', async (t) => {
	const layer = developed(t, RULES, { eventsPath: '/live' });
	assert.equal(dataIn(await page(layer)).events, '/live');
	assert.equal((await ask(layer(notFound), { url: '/live', method: 'HEAD' })).status, 200);
	assert.throws(() => developed(t, RULES, { eventsPath: 'live?' }), RangeError);
});

test('browsers see files as the theme does, and no path of this machine', async (t) => {
	const { path, write } = rulesFile(t);
	const rule = '  - fill: { theme: "#main", content: "#content", when: { content: "#content" } }\n';
	write(`skip: [{ path: /login }]\n${YAML.replace('rules:\n', `rules:\n${rule}`)}`);
	for (const options of [{}, { root: dirname(path) }, { root: tmpdir() }]) {
		const inside = 'root' in options && options.root === tmpdir() ? `${basename(dirname(path))}/` : '';
		const text = await page(developed(t, path, options), '/?theme=debug');
		const { report } = dataIn(text);
		assert.equal(report?.theme, `${inside}theme.html`);
		assert.match(report?.rules[0]?.where ?? '', new RegExp(`^${inside}rules\\.yaml:4:`));
		assert.ok(!text.includes(tmpdir()));
	}
});

test('browsers are told of edits: broken with code frames, mended, and changed', { timeout: 20_000 }, async (t) => {
	const { path, write } = rulesFile(t);
	const lines: ThemeLogEntry[] = [];
	const layer = developed(t, path, { log: (line) => lines.push(line) });
	const told = events(await ask(layer(notFound), `${EVENTS}?again`));
	const next = async (): Promise<Told> => (await told.next()).value as Told;
	const { revision } = layer.plan;
	assert.deepEqual(await next(), { event: 'changed', data: { revision } });
	write(YAML.replace('fill', 'fil'));
	const broken = await next();
	assert.equal(broken.event, 'broken');
	assert.equal(broken.data.revision, revision);
	assert.equal(broken.data.faults?.[0]?.where, 'rules.yaml:3:5');
	assert.match(broken.data.faults?.[0]?.frame ?? '', /> 3 \| {3}- fil: .*\n {4}\| {5}\^\^\^/);
	write(YAML);
	assert.deepEqual(await next(), { event: 'changed', data: { revision } });
	write(`${YAML}  - drop: { theme: "#foot" }\n`);
	assert.notEqual((await next()).data.revision, revision);
	assert.deepEqual(
		lines.map(({ level, message }) => [level, message.split('\n')[0]]),
		[
			['error', 'the last edit is not used:'],
			['warn', 'the theme is fine again'],
		],
	);
	await told.return();
});

test('who comes while it is broken is told so', async (t) => {
	const { path, write } = rulesFile(t);
	const layer = developed(t, path, { watch: false });
	write('rules: [');
	assert.equal(layer.reload(), false);
	const told = events(await ask(layer(notFound), EVENTS));
	assert.equal((await told.next()).value?.event, 'broken');
	await told.return();
	rmSync(path);
	layer.reload();
	const gone = events(await ask(layer(notFound), EVENTS));
	assert.equal((await gone.next()).value?.data.faults?.length, 1);
	await gone.return();
});

test('there is a limit to listeners, and a client that leaves makes room', async (t) => {
	const layer = developed(t);
	const open = Array.from({ length: 64 }, () => exchange(layer(notFound), EVENTS));
	const answers = await Promise.all(open.map((one) => one.answer));
	const bodies = answers.map((answer) => answer.chunks());
	await Promise.all(bodies.map((body) => body.next()));
	const refused = await ask(layer(notFound), EVENTS);
	assert.deepEqual([refused.status, refused.fields.get('retry-after')], [503, '5']);
	await bodies[0]?.return();
	const next = await ask(layer(notFound), EVENTS);
	assert.equal(next.status, 200);
	for (const body of [...bodies, next.chunks()]) await body.return();
});

test('a close ends the streams', async (t) => {
	const layer = developed(t);
	const told = events(await ask(layer(notFound), EVENTS));
	await told.next();
	await layer.close();
	assert.equal((await told.next()).done, true);
});
