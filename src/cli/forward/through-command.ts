/** `turnabout through`: one program, behind a forward proxy of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import { noProxy } from '../../client/index.ts';
import { forward } from '../../proxy/forward/index.ts';
import { StartError, serve, standardError } from '../../serve/index.ts';
import { atStart } from '../at-start.ts';
import { type Command, command } from '../command.ts';
import { FlagError, type RepeatedFlag } from '../flags.ts';
import { DeniedHosts } from './denied.ts';
import { interceptFlags, interceptorOf } from './intercept-flags.ts';
import { policyFlags, policyOf } from './policy-flags.ts';
import { proxyEnvironment } from './proxy-environment.ts';
import { type TrustBundle, trustBundle } from './trust-bundle.ts';
import { guardedBy } from './users.ts';

/** As shells have them. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const direct: RepeatedFlag<string> = {
	value: 'HOST',
	help: 'A host that the program reaches without the proxy, as NO_PROXY has it: a name and\nall below it, an address or a range. Default: none, whatever NO_PROXY says.',
	repeated: true,
	read: (text) => {
		try {
			noProxy(text);
		} catch (error) {
			throw new FlagError((error as Error).message, 'Write example.org, 192.0.2.7 or 10.0.0.0/8.');
		}
		return text;
	},
};

export const throughCommand: Command = command({
	summary: 'Run a program whose requests go through a forward proxy',
	usage:
		'[--allow PATTERN …] [--deny PATTERN …] [--ports LIST]\n[--allow-private RANGE …] [--parent URL|env] [--direct HOST …]\n[--intercept HOST …] [--no-intercept HOST …] -- COMMAND [ARGS]…',
	about: `Starts a forward proxy on a free port, for this program alone, and runs COMMAND with HTTP_PROXY, HTTPS_PROXY,
ALL_PROXY, NO_PROXY and NODE_USE_ENV_PROXY set, and with --intercept with the variables by which programs learn whom to
trust. When it has ended, says what was denied and how to allow it. A program that does not look at these variables is
not held back: this is for programs that mean well.`,
	flags: { ...policyFlags, ...interceptFlags, direct },
	positionals: ['COMMAND', '[ARGS]…'],
	statuses:
		'Exit status: that of COMMAND; 128 and the number of the signal that ended it; 127 when it was not found, 126\nwhen it cannot be run; 1 when the proxy could not start; 2 when the command line was not understood.',
	examples: [
		['turnabout through --allow registry.npmjs.org -- npm install', 'and nowhere else'],
		['turnabout through --deny "*.tracker.example" -- curl https://example.org/', 'anywhere but there'],
	],
	run: async (values, positionals) => {
		const denied = new DeniedHosts();
		const looking = interceptorOf(values);
		const proxy = forward({
			...atStart(() => policyOf(values)),
			...(looking !== null && { intercept: looking.interceptor }),
			audit: denied.note,
			log: () => {},
		});
		// Other programs of this machine reach the port, too; the password is this program's alone.
		const password = randomBytes(16).toString('hex');
		const app = guardedBy([{ name: 'through', password }], undefined)(proxy);
		const resources = looking === null ? [] : [looking.interceptor];
		const running = await serve({ app, listen: '127.0.0.1:0', socks: true, resources });
		let trust: TrustBundle | null = null;
		try {
			if (looking !== null) trust = trustBundle(process.env, (await looking.ca.load()).pem);
			const url = (running.urls[0] as string).replace('://', `://through:${password}@`);
			const environment = proxyEnvironment({ ...process.env, ...trust?.variables }, url, values.direct);
			return await ended(positionals, environment);
		} finally {
			trust?.remove();
			await running.close();
			for (const line of denied.lines()) standardError(line);
		}
	},
});

/** Runs the program to its end; resolves to its exit status. */
function ended([name = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(name, args, { stdio: 'inherit', env });
		const stop = passSignals(child);
		child.once('error', (error: NodeJS.ErrnoException) => {
			stop();
			const found = error.code !== 'ENOENT';
			standardError(`${name}: ${found ? error.message : 'there is no such command'}`);
			if (error.code === 'ENOENT' || error.code === 'EACCES') return resolve(found ? NOT_EXECUTABLE : NOT_FOUND);
			reject(new StartError(`${name} cannot be started: ${error.message}`, null, error));
		});
		child.once('exit', (status, signal) => {
			stop();
			resolve(signal === null ? (status ?? 1) : 128 + constants.signals[signal]);
		});
	});
}

/**
 * A signal is the program's to act on: we end behind it. One that a terminal sends reaches the program by itself; twice is
 * what shells send, too.
 */
function passSignals(child: ChildProcess): () => void {
	const pass = (signal: NodeJS.Signals): void => {
		if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
	};
	for (const signal of SIGNALS) process.on(signal, pass);
	return () => {
		for (const signal of SIGNALS) process.off(signal, pass);
	};
}
