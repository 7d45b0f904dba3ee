/** `turnabout reverse`: the reverse proxy. */
import { reverse } from '../proxy/reverse/index.ts';
import { run, StartError } from '../serve/index.ts';
import { command, type Command } from './command.ts';
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
	help: 'The Host that the upstream sees: the client’s own, or the URL’s. Default: keep.',
	read: (text: string): (typeof HOSTS)[number] => {
		const found = HOSTS.find((word) => word === text);
		if (found === undefined) throw new FlagError('no such choice', `Write ${HOSTS.join(' or ')}.`);
		return found;
	},
};

export const reverseCommand: Command = command({
	summary: 'Stand in front of one or more servers as a reverse proxy',
	usage: '--to URL [--to URL …] [--listen ADDR] [--host keep|upstream]\n[--access-log -|FILE|off] [--workers N] [--drain TIME]',
	about: `Takes requests and asks another server for the answers. What a proxy owes to both sides is done: hop-by-hop
fields end here, targets pass byte for byte, Via and Forwarded are added, 1xx responses, trailers, WebSockets and
event streams pass through, and an answer cut short never looks complete.`,
	flags: { to, listen, host, 'access-log': accessLog, workers, drain },
	positionals: [],
	examples: [
		['turnabout reverse --to http://127.0.0.1:3000', 'on http://127.0.0.1:8080'],
		[
			'turnabout reverse --to http://10.0.0.5 --to http://10.0.0.6 --listen :80 --workers auto',
			'two servers, all interfaces, all processors'],
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
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
	if (scheme === undefined) {
		const guess = `http://${/^\d+$/.test(text) ? `127.0.0.1:${text}` : text}`;
		throw new StartError(`--to ${text}: not a URL`, URL.canParse(guess) ? `Did you mean ${guess}?` : 'For example http://127.0.0.1:3000.');
	}
	if (scheme !== 'http' && scheme !== 'https') {
		throw new StartError(`--to ${text}: ${scheme}: is not spoken here`, 'Write a URL with http:// or https://.');
	}
	if (!URL.canParse(text)) throw new StartError(`--to ${text}: not a URL`, 'For example http://127.0.0.1:3000.');
	return text;
}
