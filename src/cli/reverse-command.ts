/** `turnabout reverse`: the reverse proxy. */
import { parseOrigin } from '../client/index.ts';
import type { App } from '../convention/index.ts';
import type { ReverseOptions } from '../proxy/reverse/index.ts';
import { messageOf, run, StartError } from '../serve/index.ts';
import { admin } from './admin-flag.ts';
import { atStart } from './at-start.ts';
import { balance, health, http, proxyTo, retries, sticky, toFile } from './balance-flags.ts';
import { cached, cacheOf, cacheRfc, cacheSize } from './cache-flags.ts';
import { type Command, command } from './command.ts';
import { type Flag, FlagError, onOff, type RepeatedFlag } from './flags.ts';
import { planOf } from './serving.ts';
import {
	accessLog,
	accessLogFormat,
	accessLogOr,
	drain,
	engine,
	listen,
	proxyHeaderFrom,
	workers,
} from './shared-flags.ts';
import { parameter, prefix } from './theme/index.ts';
import { type ThemeFlags, themeLayer } from './theme-layer.ts';
import { tlsCert, tlsDev, tlsKey } from './tls-flags.ts';
import { UsageError } from './usage-error.ts';

const HOSTS = ['keep', 'upstream'] as const;

const to: RepeatedFlag<string> = {
	value: 'URL',
	help: 'The server to ask; several share the requests among them.',
	repeated: true,
	read: (text: string): string => text,
};

const host: Flag<(typeof HOSTS)[number]> = {
	value: 'keep|upstream',
	help: 'The Host that the upstream sees: the client’s, or the URL’s own. Default: keep.',
	read: (text: string): (typeof HOSTS)[number] => {
		const found = HOSTS.find((word) => word === text);
		if (found === undefined) throw new FlagError('no such choice', `Write ${HOSTS.join(' or ')}.`);
		return found;
	},
};

const theme: Flag<string> = {
	value: 'FILE',
	help: 'Rules of a theme for all pages: .xml (Diazo’s language), .yaml or .yml.',
	read: (text) => text,
};

const themeRoot: Flag<string> = {
	value: 'DIR',
	help: 'The folder that no file of the theme is read outside of. Default: that of the rules.',
	read: (text) => text,
};

const development: Flag<boolean> = onOff(
	'Pages follow edits of the theme and show its errors;\n?theme=debug, off and only show more. For anybody who asks: not for the open.',
);

export const reverseCommand: Command = command({
	summary: 'Stand in front of one or more servers as a reverse proxy',
	usage:
		'--to URL [--to URL …]|--to-file FILE [--listen ADDR]\n[--host keep|upstream] [--http 1.1|2|negotiate]\n[--balance NAME] [--health PATH|tcp|grpc] [--retries N] [--sticky]\n[--cache [--cache-size BYTES] [--cache-rfc]]\n[--tls-cert FILE [--tls-key FILE] …|--tls-dev] [--proxy-header-from ADDR …]\n[--access-log -|FILE|off] [--access-log-format FORMAT]\n[--workers N] [--drain TIME] [--admin ADDR] [--engine NAME]\n[--theme FILE [--theme-root DIR] [--theme-param NAME=VALUE …]\n[--theme-prefix URL] [--development]]',
	about: `Takes requests and asks another server for the answers. What a proxy owes to both sides is done: hop-by-hop
fields end here, targets pass byte for byte, Via and Forwarded are added, 1xx responses, trailers, WebSockets and
event streams pass through, and an answer cut short never looks complete.

Of several servers, one that fails is left alone for a while, and a request that may be sent again goes to another.

With --theme, pages come in a theme: FILE has the rules, in YAML or in Diazo's XML. Files of the theme are followed
while it runs; an edit that breaks them is told, and not used. \`turnabout help theme\` lists what helps to write rules.`,
	flags: {
		to,
		'to-file': toFile,
		http,
		balance,
		health,
		retries,
		sticky,
		cache: cached,
		'cache-size': cacheSize,
		'cache-rfc': cacheRfc,
		listen,
		'tls-cert': tlsCert,
		'tls-key': tlsKey,
		'tls-dev': tlsDev,
		'proxy-header-from': proxyHeaderFrom,
		admin,
		host,
		'access-log': accessLog,
		'access-log-format': accessLogFormat,
		workers,
		drain,
		engine,
		theme,
		'theme-root': themeRoot,
		'theme-param': parameter,
		'theme-prefix': prefix,
		development,
	},
	positionals: [],
	examples: [
		['turnabout reverse --to http://127.0.0.1:3000', 'on http://127.0.0.1:8080'],
		[
			'turnabout reverse --to http://10.0.0.5 --to http://10.0.0.6 --listen :80 --workers auto',
			'two servers, all interfaces, all processors',
		],
		['turnabout reverse --to https://example.org --host upstream', 'a site that goes by its own name'],
		['turnabout reverse --to http://127.0.0.1:8000 --theme theme/rules.xml', 'its pages in a theme'],
	],
	run: async (values) => {
		const to = values.to.map(checkUrl);
		if (to.length === 0 && values['to-file'] === undefined)
			throw new UsageError('--to URL is missing', '`turnabout help reverse` shows an example.');
		if (to.length > 0 && values['to-file'] !== undefined)
			throw new UsageError('--to and --to-file: one of them', 'Write all servers into the file.');
		const flags: ThemeFlags = {
			rules: values.theme,
			root: values['theme-root'],
			parameters: values['theme-param'],
			prefix: values['theme-prefix'],
			development: values.development,
		};
		const themed = themeLayer(flags);
		const cacheLayer = cacheOf(values);
		return run({
			...(await planOf(values)),
			prepare: async () => {
				const proxy = atStart(() => proxyTo(to, values, reverseOptions(values.host, values.http)));
				const app = cacheLayer === null ? proxy : (cacheLayer(proxy) as App);
				const served = {
					accessLog: accessLogOr(values['access-log'], values['access-log-format']),
					...(values.engine && { engine: values.engine }),
				};
				return themed === null ? { app, ...served } : { ...(await themed(app)), ...served };
			},
		});
	},
});

function reverseOptions(host: ReverseOptions['host'], http: ReverseOptions['http']): ReverseOptions {
	return { ...(host !== undefined && { host }), ...(http !== undefined && { http }) };
}

/** The URL as it is. Throws StartError unless it names a server. */
function checkUrl(text: string): string {
	const shown = `--to ${text.replace(/\/\/[^/@]*@/, '//…@')}`;
	if (!/^([a-z][a-z0-9+.-]*:\/\/|unix:)/i.test(text)) {
		const guess = `http://${/^\d+$/.test(text) ? `127.0.0.1:${text}` : text}`;
		const hint = URL.canParse(guess) ? `Did you mean ${guess}?` : 'For example http://127.0.0.1:3000.';
		throw new StartError(`${shown}: not a URL`, hint);
	}
	try {
		parseOrigin(text);
	} catch (error) {
		throw new StartError(`${shown}: ${messageOf(error)}`, null, error);
	}
	return text;
}
