import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './command-process.ts';

/** Command lines that are not understood: status 2, the reason, the hint. */
const rows: readonly (readonly [args: string, reason: string, hint: RegExp])[] = [
	[
		'',
		'which command?',
		/There are reverse, forward, through, serve, run, check, routes, explain, status, theme, hash-password, api-key, ca, install-service; `turnabout help` tells more\./,
	],
	['revers', 'revers: no such command', /Did you mean reverse\?/],
	['frobnicate', 'frobnicate: no such command', /^ {2}`turnabout help` shows them all\.$/m],
	['toString', 'toString: no such command', /`turnabout help`/],
	['--listen 8080', '--listen: flags come after the command', /turnabout reverse --listen …/],
	['help revers', 'revers: no such command', /Did you mean reverse\?/],
	['reverse', '--to URL is missing', /`turnabout help reverse` shows an example\./],
	[
		'reverse --lisen 8080',
		'--lisen: no such flag',
		/Did you mean --listen\? `turnabout help reverse` shows them all\./,
	],
	['reverse --to=http://a -x', '-x: no such flag', /`turnabout help reverse` shows them all\./],
	['reverse --to http://a --cache-size 1MB', '--cache-size: there is no --cache', /--cache --cache-size/],
	['reverse --to http://a --cache --cache-size much', '--cache-size much: not an amount of bytes', /64MB/],
	[
		'reverse --to http://a --admin :9180',
		'--admin: other machines reach :9180; give it a token, or an address of this machine alone',
		/TURNABOUT_ADMIN_TOKEN/,
	],
	['reverse --to http://a --to-file list', '--to and --to-file: one of them', /into the file/],
	['reverse --to http://a --balance random', '--balance random: no such way to balance', /round-robin, least-active/],
	['reverse --to http://a --health health', '--health health: neither a path, tcp nor grpc', /\/health/],
	['reverse --to http://a --retries many', '--retries many: not a number of retries', /whole number/],
	['reverse --to', '--to: the value is missing', /Write --to URL\./],
	['reverse --to --listen 8080', '--to: the value is missing', /Write --to URL\./],
	['reverse --to=', '--to: the value is missing', /Write --to URL\./],
	['reverse --to http://a --host client', '--host client: no such choice', /Write keep or upstream\./],
	['reverse --to http://a --host keep --host keep', '--host: given twice', /can be given once/],
	['reverse --to http://a --workers 0', '--workers 0: not a number of processes', /a whole number from 1 up, or auto/],
	[
		'reverse --to http://a --workers two',
		'--workers two: not a number of processes',
		/a whole number from 1 up, or auto/,
	],
	['reverse --to http://a --engine htpt2', '--engine htpt2: no such engine', /Did you mean http2\?/],
	['reverse --to http://a --drain 10', '--drain 10: not a time', /500ms, 10s, 2m/],
	['reverse --to http://a --listen 99999', '--listen 99999: 99999 is not a port', /0 to 65535/],
	['reverse --to http://a --listen ::1', '--listen ::1: an IPv6 address needs brackets and a port', /\[::1\]:8080/],
	['reverse --to http://a --listen localhost', '--listen localhost: the port is missing', /localhost:8080/],
	[
		'reverse --to http://a --listen http://localhost:80',
		'--listen http://localhost:80: a URL, where an address is wanted',
		/scheme/,
	],
	['reverse --to http://a extra', 'extra: one argument too many', /Usage: turnabout reverse --to URL/],
	[
		'reverse --to http://a --listen unix:/tmp/x.sock --workers 2',
		'--workers 2: several processes cannot share unix:/tmp/x.sock',
		/Listen on a port, or leave out --workers\./,
	],
	['serve', 'MODULE is missing', /Usage: turnabout serve MODULE/],
	['serve a.ts b.ts', 'b.ts: one argument too many', /Usage: turnabout serve MODULE/],
	['serve a.ts --to http://a', '--to: no such flag', /`turnabout help serve` shows them all\./],
	['run a.ts b.ts', 'b.ts: one argument too many', /Usage: turnabout run \[CONFIG\]/],
	['theme', 'theme: which of its commands?', /There are apply, check, explain, test, convert; `turnabout help theme`/],
	['them', 'them: no such command', /Did you mean theme\?/],
	['theme aply', 'theme aply: no such command', /Did you mean theme apply\? `turnabout help theme` shows them all\./],
	['help theme chekc', 'theme chekc: no such command', /Did you mean theme check\?/],
	['theme --strict check', '--strict: flags come after the command', /There are apply, check/],
	['theme apply', '--rules FILE is missing', /`turnabout help theme apply` shows an example\./],
	['theme apply --rules a.xml', 'CONTENT is missing', /Usage: turnabout theme apply --rules FILE/],
	['theme apply --rule a.xml b.html', '--rule: no such flag', /Did you mean --rules\? `turnabout help theme apply`/],
	[
		'theme apply --rules a.xml --param section b.html',
		'--param section: the value is missing',
		/Write section=VALUE; section= is the empty value\./,
	],
	['theme apply --rules a.xml --param 1=x b.html', '--param 1=x: not the name of a parameter', /section=news/],
	['theme apply --rules a.xml --path news b.html', '--path news: a path begins with a slash', /Write \/news\./],
	['theme apply --rules a.xml --mode html4 b.html', '--mode html4: no such mode', /Write html or xhtml\./],
	['theme test --compat xdv dir', '--compat xdv: no such choice', /Write diazo or off\./],
	['theme check --strict=yes rules.xml', '--strict: takes no value', /Write --strict alone\./],
	['theme check --strict', 'FILE is missing', /Usage: turnabout theme check FILE/],
	['theme check a.xml b.xml', 'b.xml: one argument too many', /Usage: turnabout theme check FILE/],
	['theme test', 'DIR … is missing', /Usage: turnabout theme test DIR …/],
	['theme explain page.html', '--rules FILE is missing', /`turnabout help theme explain`/],
	['theme convert', 'RULES.xml is missing', /Usage: turnabout theme convert RULES\.xml/],
	['reverse --to http://a --development', '--development: there is no --theme', /--theme rules\.xml --development/],
	['reverse --to http://a --theme-root .', '--theme-root: there is no --theme', /--theme rules\.xml/],
	['reverse --to http://a --theme-param x', '--theme-param x: the value is missing', /Write x=VALUE/],
	['check --listen 8080', '--listen: no such flag', /`turnabout help check` shows them all\./],
];

for (const [args, reason, hint] of rows) {
	test(`usage error: turnabout ${args}`, { timeout: 20_000 }, async (t) => {
		const { status, stdout, stderr } = await run(t, args.split(' ').filter(Boolean));
		assert.equal(status, 2);
		assert.equal(stdout, '');
		assert.equal(stderr.split('\n')[0], `turnabout: ${reason}`);
		assert.match(stderr.slice(stderr.indexOf('\n') + 1), hint);
		assert.equal(stderr.trimEnd().split('\n').length, 2, 'two lines: what is wrong, what to do');
	});
}
