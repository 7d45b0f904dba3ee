/** `turnabout serve`: an app from a module. */
import { loadApp, run } from '../serve/index.ts';
import { admin } from './admin-flag.ts';
import { type Command, command } from './command.ts';
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
import { tlsCert, tlsDev, tlsKey } from './tls-flags.ts';

export const serveCommand: Command = command({
	summary: 'Serve an app: any module that exports a fetch handler',
	usage:
		'MODULE [--listen ADDR]\n[--tls-cert FILE [--tls-key FILE] …|--tls-dev] [--proxy-header-from ADDR …]\n[--access-log -|FILE|off] [--access-log-format FORMAT]\n[--workers N] [--drain TIME] [--admin ADDR] [--engine NAME]',
	about: `Serves the app that MODULE exports: its default export is a function that takes a Request and returns a
Response, or an object with such a function as fetch (a Hono, h3 or Elysia application, a Worker). TypeScript is loaded
as it is. MODULE is a file, or a package installed here.`,
	flags: {
		listen,
		'tls-cert': tlsCert,
		'tls-key': tlsKey,
		'tls-dev': tlsDev,
		'proxy-header-from': proxyHeaderFrom,
		admin,
		'access-log': accessLog,
		'access-log-format': accessLogFormat,
		workers,
		drain,
		engine,
	},
	positionals: ['MODULE'],
	examples: [
		['turnabout serve app.ts', 'on http://127.0.0.1:8080'],
		['turnabout serve ./server/main.js --listen :3000 --workers 4', 'four processes, all interfaces'],
		['turnabout serve app.ts --listen unix:/run/app.sock', 'behind another server of this machine'],
	],
	run: async (values, [module = '']) =>
		run({
			...(await planOf(values)),
			source: module,
			prepare: async () => ({
				app: await loadApp(module, process.cwd()),
				accessLog: accessLogOr(values['access-log'], values['access-log-format']),
				...(values.engine && { engine: values.engine }),
			}),
		}),
});
