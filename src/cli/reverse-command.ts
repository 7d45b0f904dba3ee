/** `turnabout reverse`: the reverse proxy. */
import { parseOrigin } from '../client/index.ts';
import { reverse } from '../proxy/reverse/index.ts';
import { messageOf, run, StartError } from '../serve/index.ts';
import { type Command, command } from './command.ts';
import { type Flag, FlagError, type RepeatedFlag } from './flags.ts';
import { planOf } from './serving.ts';
import { accessLog, accessLogOr, drain, listen, workers } from './shared-flags.ts';

const HOSTS = ['keep', 'upstream'] as const;

const to: RepeatedFlag<string> = {
	value: 'URL',
	help: 'The server to ask; several share the requests among them.',
	repeated: true,
	required: true,
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

export const reverseCommand: Command = command({
	summary: 'Stand in front of one or more servers as a reverse proxy',
	usage:
		'--to URL [--to URL …] [--listen ADDR] [--host keep|upstream]\n[--access-log -|FILE|off] [--workers N] [--drain TIME]',
	about: `Takes requests and asks another server for the answers. What a proxy owes to both sides is done: hop-by-hop
fields end here, targets pass byte for byte, Via and Forwarded are added, 1xx responses, trailers, WebSockets and
event streams pass through, and an answer cut short never looks complete.`,
	flags: { to, listen, host, 'access-log': accessLog, workers, drain },
	positionals: [],
	examples: [
		['turnabout reverse --to http://127.0.0.1:3000', 'on http://127.0.0.1:8080'],
		[
			'turnabout reverse --to http://10.0.0.5 --to http://10.0.0.6 --listen :80 --workers auto',
			'two servers, all interfaces, all processors',
		],
		['turnabout reverse --to https://example.org --host upstream', 'a site that goes by its own name'],
	],
	run: (values) => {
		const upstreams = values.to.map(checkUrl);
		return run({
			...planOf(values),
			prepare: () =>
				Promise.resolve({
					app: reverse(upstreams, values.host === undefined ? {} : { host: values.host }),
					accessLog: accessLogOr(values['access-log']),
				}),
		});
	},
});

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
