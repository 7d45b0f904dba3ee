/** `turnabout explain`: the way of a request through an app or a configuration, without sending it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { project, ROOT, run } from './command-process.ts';

const quick = { timeout: 40_000 };

/** The folder's own file, since the package's front door may be another copy. */
const INDEX = pathToFileURL(join(ROOT, 'dist/index.js')).href;

const APP = `import { fromNode, layer, mount, reverse, routes, stack } from '${INDEX}';
const guard = layer({
  name: 'guard',
  explain: (request) => ({
    does: ['Looks at the field X-Key.'],
    ...(request.fields.has('x-key') ? {} : { answers: '401' }),
  }),
}, (next) => (request, context) => next(request, context));
function show() { return new Response('article'); }
export const pages = routes({ 'GET /articles/:slug': show, 'PUT /articles/:slug': show }, { otherwise: fromNode(function shop() {}) });
const site = reverse('http://cms.internal:8080/site', { name: 'front' });
export default stack(guard, mount('/old', site))(pages);
`;
const CONFIG = `import app from './app.js'; export default { app, accessLog: '-' };`;

const explained = (t: TestContext, ...args: readonly string[]): ReturnType<typeof run> =>
	run(t, ['explain', ...args], { cwd: project(t, { 'app.js': APP, 'turnabout.config.js': CONFIG }) });

test('the layers are shown in order, then the route with its parameters, then who answers', quick, async (t) => {
	const { status, stdout, stderr } = await explained(t, 'GET', '/articles/a%20b', 'app.js', '--header', 'X-Key: 1');
	assert.equal(stderr, '');
	assert.equal(status, 0);
	assert.equal(
		stdout,
		`1 guard
    Looks at the field X-Key.
2 mount /old
    The path is not below /old.
3 routes
    Takes the route GET /articles/:slug, with slug = "a b".
4 show
    Answers; it says nothing of itself.
`,
	);
});

test('a layer that would answer itself is the last', quick, async (t) => {
	const { stdout } = await explained(t, 'GET', '/articles/a', 'app.js');
	assert.equal(stdout, '1 guard\n    Looks at the field X-Key.\n    Answers 401.\n');
});

test('a proxy says what it would ask, and each field it would add or remove, with the section', quick, async (t) => {
	const fields = ['X-Key: 1', 'Connection: X-Hop', 'X-Hop: 1', 'Proxy-Authorization: Basic eDp5'];
	const headers = fields.flatMap((field) => ['--header', field]);
	const { stdout } = await explained(
		t,
		'GET',
		'http://shop.example/old/x?y',
		'app.js',
		...headers,
		'--from',
		'192.0.2.7',
	);
	for (const line of [
		'    Takes /old off the path.',
		'    Asks http://cms.internal:8080 for GET /site/x?y, with Host shop.example.',
		'    - request Connection  (RFC 9110 section 7.6.1)',
		'    - request X-Hop  (RFC 9110 section 7.6.1)',
		'    - request Proxy-Authorization  (RFC 9110 section 11.7.2)',
		'    + request Forwarded: for=192.0.2.7;host=shop.example;proto=http  (RFC 7239 section 4)',
		'    + request X-Forwarded-Prefix: /old  (in use, specified nowhere)',
		'    + request Via: 1.1 front  (RFC 9110 section 7.6.3)',
		'    + response Via: 1.1 front  (RFC 9110 section 7.6.3)',
	])
		assert.ok(stdout.split('\n').includes(line), `${line}\n---\n${stdout}`);
	assert.doesNotMatch(stdout, /eDp5/);
	const loop = await explained(t, 'GET', '/old/x', 'app.js', '--header', 'X-Key: 1', '--header', 'Via: 1.1 front');
	assert.match(loop.stdout, /Finds its own name, front, in Via[^]*Answers 502 Bad Gateway: a loop\./);
});

test('what no route takes is said with its status', quick, async (t) => {
	const key = ['--header', 'X-Key: 1'];
	assert.match(
		(await explained(t, 'POST', '/articles/a', 'app.js', ...key)).stdout,
		/\+ response Allow: GET, HEAD, OPTIONS, PUT {2}\(RFC 9110 section 10\.2\.1\)\n {4}Answers 405 Method Not Allowed\.$/m,
	);
	const other = (await explained(t, 'GET', '/cart', 'app.js', ...key)).stdout;
	assert.match(
		other,
		/Has no route for this: `otherwise` answers\.\n4 fromNode\(shop\)\n {4}Calls an app written for node:http\./,
	);
	assert.match(
		(await explained(t, 'GET', '/articles/a/', 'app.js', ...key)).stdout,
		/\+ response Location: \/articles\/a {2}\(RFC 9110 section 10\.2\.2\)\n {4}Answers 308 Permanent Redirect\./,
	);
});

test('a configuration is explained with its access log, and as JSON for programs', quick, async (t) => {
	const { stdout } = await explained(t, 'GET', '/articles/a', '--json', '--header', 'x-key: 1');
	const steps = JSON.parse(stdout) as readonly { name: string; does: string[] }[];
	assert.deepEqual(
		steps.map(({ name }) => name),
		['accessLog', 'guard', 'mount /old', 'routes', 'show'],
	);
	assert.deepEqual(steps.at(-1), { name: 'show', does: [], fields: [], answers: null, last: true });
	assert.deepEqual(steps[0]?.does, [
		'Writes a line to standard output in the format combined when the exchange is over.',
		'Passes the request on as it is.',
	]);
});

test('what cannot be asked is refused in words', quick, async (t) => {
	for (const [args, said] of [
		[['G ET', '/'], /G ET: not a method/],
		[['GET', 'shop'], /shop: not a URL/],
		[['GET', '/', '--header', 'nothing'], /--header nothing: not a field/],
		[['GET', '/', '--from', '010.0.0.1'], /--from 010\.0\.0\.1: not an IP address/],
		[['GET'], /URL is missing/],
	] as const) {
		const { status, stderr } = await explained(t, ...args);
		assert.equal(status, 2);
		assert.match(stderr, said);
	}
	const none = await run(t, ['explain', 'GET', '/'], { cwd: project(t) });
	assert.equal(none.status, 1);
	assert.match(none.stderr, /there is no turnabout\.config\.ts here/);
});

const PROXY = `import { allow, byRule, certificateAuthority, deny, firstOf, forward, intercept } from '${INDEX}';
const policy = firstOf(deny({ hosts: ['ads.example'] }), allow({ hosts: ['*.example', '10.0.0.0/8'] }));
const parent = byRule([{ hosts: ['far.example'], parent: 'http://user:secret@parent.example:3128' }]);
const looking = intercept({ hosts: ['api.example'], ca: certificateAuthority() });
export default forward({ name: 'front', policy, parent, intercept: looking });
`;

const throughProxy = async (t: TestContext, ...args: readonly string[]): Promise<string> => {
	const { status, stdout, stderr } = await run(t, ['explain', ...args], { cwd: project(t, { 'proxy.js': PROXY }) });
	assert.equal(status, 0, stderr);
	return stdout;
};

test('a forward proxy says whom it would ask and by which way, and what becomes of each field', quick, async (t) => {
	const fields = [
		'--header',
		'Proxy-Authorization: Basic eDp5',
		'--header',
		'Connection: X-Hop',
		'--header',
		'X-Hop: 1',
	];
	assert.equal(
		await throughProxy(t, '--proxy', 'GET', 'http://far.example/a?b', 'proxy.js', ...fields),
		`1 forward
    Asks far.example for GET /a?b, with Host far.example, through http://parent.example:3128.
    Allowed by: allow *.example. Its addresses are looked up then, and have to pass the guard.
    - request Proxy-Authorization  (RFC 9110 section 11.7.2)
    - request Connection  (RFC 9110 section 7.6.1)
    - request X-Hop  (RFC 9110 section 7.6.1)
    + request Via: 1.1 front  (RFC 9110 section 7.6.3)
    - response Connection, and what it names  (RFC 9110 section 7.6.1)
    + response Via: 1.1 front  (RFC 9110 section 7.6.3)
`,
	);
});

for (const [what, args, expected] of [
	['a tunnel', ['CONNECT', 'www.example:443'], /Opens a tunnel to www\.example:443, directly\./],
	['a tunnel that is looked into', ['CONNECT', 'api.example:443'], /Looks into the tunnel to api\.example:443/],
	[
		'a rule against it',
		['--proxy', 'GET', 'http://ads.example/'],
		/Refuses ads\.example: deny ads\.example\.\n {4}Answers 403/,
	],
	['a port that is closed', ['CONNECT', 'www.example:25'], /Refuses www\.example:25: port 25\.\n {4}Answers 403/],
	['an address that is private', ['CONNECT', '10.1.2.3:443'], /Closed by the guard: private\.\n {4}Answers 403/],
	['no port', ['CONNECT', 'www.example'], /needs a port, such as example\.org:443\.\n {4}Answers 400/],
	['a request for the proxy itself', ['GET', '/'], /for one to the proxy itself, by its target/],
] as const) {
	test(`a forward proxy explains ${what}`, quick, async (t) => {
		const [first, ...others] = args;
		const all = first === '--proxy' ? [...args, 'proxy.js'] : [first, ...others, 'proxy.js'];
		assert.match(await throughProxy(t, ...all), expected);
	});
}
