import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { PageReport } from '../../src/theme/explain/index.ts';
import { run } from './command-process.ts';
import { PAGE, rules, themeProject } from './theme-project.ts';

const SLOW = { timeout: 30_000 };
const EXPLAIN = ['theme', 'explain', '--rules', 'rules.xml'];

/** A server with pages; gone after the test. */
async function server(t: TestContext, listener: RequestListener): Promise<string> {
	const own = createServer(listener).listen(0, '127.0.0.1');
	await new Promise((settle) => own.once('listening', settle));
	t.after(() => {
		own.closeAllConnections();
		own.close();
	});
	return `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
}

test('theme explain says of each rule where it stands, what it matched, what it wrote', SLOW, async (t) => {
	const cwd = themeProject(t, {
		'rules.xml': rules('<drop css:theme="#side" if-path="/news"/><after css:theme="#side" css:content="h6"/>'),
	});
	const { status, stdout, stderr } = await run(t, [...EXPLAIN, 'page.html'], { cwd });
	assert.deepEqual([status, stderr], [0, '']);
	assert.match(stdout, /^Theme: theme\.html\n {2}theme\.html \(rules\.xml:2:2\): it has no condition$/m);
	assert.match(
		stdout,
		/^\+ rules\.xml:4:2 {2}replace theme-children '#main' content-children '#content'\n {4}1 in the theme, 1 in the content; wrote 9 characters in [\d.]+ ms$/m,
	);
	assert.match(stdout, /^- rules\.xml:5:2 .*\n.*its condition does not hold: if-path '\/news'$/m);
	assert.match(stdout, /^! rules\.xml:5:\d+ {2}after .*\n.*nothing matches in the content/m);
	assert.match(stdout, /^4 rules: 2 did something, 2 did not/m);
});

test('theme explain --json is for programs', SLOW, async (t) => {
	const { stdout } = await run(t, [...EXPLAIN, '--json', 'page.html'], { cwd: themeProject(t) });
	const report = JSON.parse(stdout) as PageReport;
	assert.equal(report.theme, 'theme.html');
	assert.deepEqual(report.rules[0]?.where, { file: 'rules.xml', line: 3, column: 2 });
});

test('theme explain fetches a page, with its path and query', SLOW, async (t) => {
	let asked = '';
	const url = await server(t, (request, response) => {
		asked = `${request.url} ${request.headers['accept-encoding']}`;
		response.setHeader('content-type', 'text/html; charset=iso-8859-1').end(Buffer.from(PAGE, 'latin1'));
	});
	const cwd = themeProject(t, { 'rules.xml': rules('<drop css:theme="#side" if-path="/news"/>') });
	const { status, stdout, stderr } = await run(t, [...EXPLAIN, '--json', `${url}/news?a=1`], { cwd });
	assert.deepEqual([status, stderr, asked], [0, '', '/news?a=1 identity']);
	const report = JSON.parse(stdout) as PageReport;
	assert.equal(report.rules[2]?.outcome, 'applied');
	assert.equal(report.rules[0]?.wrote, '<title>Grüße</title>'.length);
});

test('what is no page is refused: redirects, other types, nobody there', SLOW, async (t) => {
	const url = await server(t, (request, response) => {
		if (request.url === '/moved') response.writeHead(302, { location: '/there' }).end();
		else response.setHeader('content-type', 'application/json').end('{}');
	});
	const cwd = themeProject(t);
	const moved = await run(t, [...EXPLAIN, `${url}/moved`], { cwd });
	assert.equal(moved.status, 1);
	assert.match(moved.stderr, /redirects \(302\) to http:\/\/127\.0\.0\.1:\d+\/there\n {2}Name that/);
	const json = await run(t, [...EXPLAIN, `${url}/json`], { cwd });
	assert.match(json.stderr, /no page \(200, application\/json\)\n {2}Only text\/html is themed/);
	const nobody = await run(t, [...EXPLAIN, 'http://127.0.0.1:1/'], { cwd });
	assert.equal(nobody.status, 1);
	assert.match(nobody.stderr, /^turnabout: http:\/\/127\.0\.0\.1:1\/: .*\n {2}Is the server running\?/);
	const scheme = await run(t, [...EXPLAIN, 'ftp://127.0.0.1/'], { cwd });
	assert.match(scheme.stderr, /ftp:\/\/127\.0\.0\.1\/: not the URL of a page/);
});

test('what rules name by URL is fetched from the server of the page, and from no other', SLOW, async (t) => {
	const asked: string[] = [];
	const url = await server(t, (request, response) => {
		asked.push(request.url ?? '');
		response.setHeader('content-type', 'text/html').end(request.url === '/cart' ? '<b>cart</b>' : PAGE);
	});
	const more = '<replace css:theme="#side" href="/cart"/><after css:theme="#main" href="http://127.0.0.1:1/other"/>';
	const cwd = themeProject(t, { 'rules.xml': rules(more) });
	const { stdout, stderr } = await run(t, [...EXPLAIN, '--json', `${url}/`], { cwd });
	const report = JSON.parse(stdout) as PageReport;
	assert.deepEqual(asked, ['/', '/cart']);
	assert.deepEqual(
		report.rules.map(({ outcome }) => outcome),
		['applied', 'applied', 'applied', 'no-content'],
	);
	assert.match(stderr, /^turnabout: warning: http:\/\/127\.0\.0\.1:1\/other is not fetched: it is of another server$/m);
});
