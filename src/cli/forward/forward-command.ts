/** `turnabout forward`: the forward proxy. */
import { auditLog, type ForwardOptions, forward } from '../../proxy/forward/index.ts';
import { isWorker, type Resource, run, type ServeOptions, speaksSocks } from '../../serve/index.ts';
import { admin } from '../admin-flag.ts';
import { atStart } from '../at-start.ts';
import { type Command, command } from '../command.ts';
import type { Flag, RepeatedFlag } from '../flags.ts';
import { planOf } from '../serving.ts';
import {
	accessLog,
	accessLogFormat,
	accessLogOr,
	listen as anyListen,
	drain,
	engine,
	proxyHeaderFrom,
	workers,
} from '../shared-flags.ts';
import { tlsCert, tlsDev, tlsKey } from '../tls-flags.ts';
import { UsageError } from '../usage-error.ts';
import { interceptFlags, interceptorOf, tellAuthority } from './intercept-flags.ts';
import { open, refuseOpenProxy } from './open-proxy.ts';
import { pacBeside } from './pac-beside.ts';
import { policyFlags, policyOf } from './policy-flags.ts';
import { guardedBy, user } from './users.ts';

/** The port that proxies have used since Squid. */
const ADDRESS = '127.0.0.1:3128';

const listen: RepeatedFlag<string> = {
	...anyListen,
	help: `Where to listen; may be given several times. Default: ${ADDRESS}.`,
};

const users: Flag<string> = {
	value: 'FILE',
	help: 'Who may use the proxy: a file of NAME:HASH lines, as\n`turnabout hash-password` and htpasswd make them; followed when it changes.',
	read: (text) => text,
};

const audit: Flag<string> = {
	value: 'FILE|-',
	help: 'One line of JSON per decision: who, where to, by which rule, how much.',
	read: (text) => text,
};

export const forwardCommand: Command = command({
	summary: 'Go out for clients as a forward proxy',
	usage:
		'[--listen ADDR] [--user NAME:PASSWORD …|--users FILE|--open]\n[--allow PATTERN …] [--deny PATTERN …] [--ports LIST]\n[--allow-private RANGE …] [--parent URL|env]\n[--intercept HOST …] [--no-intercept HOST …] [--audit FILE|-]\n[--access-log -|FILE|off] [--access-log-format FORMAT]\n[--tls-cert FILE [--tls-key FILE] …|--tls-dev] [--proxy-header-from ADDR …]\n[--workers N] [--drain TIME] [--admin ADDR] [--engine NAME]',
	about: `Takes requests in absolute-form and CONNECT from clients that have it set as their proxy (HTTP_PROXY and HTTPS_PROXY,
curl -x, a browser's settings), and goes out for them; on the same port it speaks SOCKS5, SOCKS4 and SOCKS4a, unless
--engine names another engine than h1. Loopback, private and other addresses that are not public are closed, by the
address that would be dialled and not by name; so are all ports but 80 and 443. What is refused is answered 403 with
the rule that did it. Where other machines reach it, it wants to know its users. /proxy.pac is a PAC file for browsers.`,
	flags: {
		listen,
		'tls-cert': tlsCert,
		'tls-key': tlsKey,
		'tls-dev': tlsDev,
		'proxy-header-from': proxyHeaderFrom,
		admin,
		user,
		users,
		open,
		...policyFlags,
		...interceptFlags,
		audit,
		'access-log': accessLog,
		'access-log-format': accessLogFormat,
		workers,
		drain,
		engine,
	},
	positionals: [],
	examples: [
		['turnabout forward', 'on http://127.0.0.1:3128, to public addresses'],
		['turnabout forward --allow "*.example.org" --allow registry.npmjs.org', 'to these hosts alone'],
		['turnabout forward --listen :3128 --users users --audit audit.log', 'for named users of other machines'],
	],
	run: async (values) => {
		if (values.user.length > 0 && values.users !== undefined)
			throw new UsageError('--user and --users: one of them', 'Put all users into the file.');
		const isOpen = values.user.length === 0 && values.users === undefined;
		if (values.open === true && !isOpen)
			throw new UsageError('--open and users: one of them', 'With --user or --users, only these are served.');
		const listening = values.listen.length > 0 ? values.listen : [ADDRESS];
		if (isOpen && values.open !== true) refuseOpenProxy(listening);
		const looking = interceptorOf(values);
		if (looking !== null && !isWorker()) await tellAuthority(looking.ca, values.intercept);
		return run({
			...(await planOf({ ...values, listen: listening })),
			prepare: async (): Promise<ServeOptions> => {
				const { audit: to } = values;
				const log = to === undefined ? null : auditLog({ to });
				const options: ForwardOptions = {
					...atStart(() => policyOf(values)),
					...(log !== null && { audit: log }),
					...(looking !== null && { intercept: looking.interceptor }),
				};
				const resources: Resource[] = [
					...(log === null ? [] : [log]),
					...(looking === null ? [] : [looking.interceptor]),
				];
				const guarded = atStart(() => guardedBy(values.user, values.users));
				return {
					app: pacBeside(guarded(forward(options))),
					accessLog: accessLogOr(values['access-log'], values['access-log-format']),
					resources,
					...(values.engine && { engine: values.engine }),
					socks: speaksSocks(values.engine ?? 'h1'),
				};
			},
		});
	},
});
