/** The servers that run Python apps, the best liked first, and how each is told what to do. */
import { findProgram } from './find-program.ts';

/** What is the same for all of them. */
export interface ServerWork {
	readonly workers: number;
	readonly threads: number;
	readonly args: readonly string[];
}

interface Server {
	/** Its arguments; `{socket}` is where it listens. */
	readonly words: (work: ServerWork) => readonly string[];
	/** What to type to have it. */
	readonly install: string;
}

/** The module of ours that loads the app. */
export const SHIM = 'turnabout_app';

const wsgiServers: Readonly<Record<string, Server>> = {
	gunicorn: {
		words: ({ workers, threads }) => [
			...['--bind', 'unix:{socket}', '--workers', String(workers), '--threads', String(threads)],
			...['--forwarded-allow-ips', '*', `${SHIM}:app`],
		],
		install: 'pip install gunicorn',
	},
	uwsgi: {
		// It closes after each answer and does not say so, which would cost a next request that must not be sent twice.
		words: ({ workers, threads }) => [
			...['--http-socket', '{socket}', '--buffer-size', '32768', '--add-header', 'Connection: close'],
			...['--master', '--need-app', '--die-on-term'],
			...['--processes', String(workers), '--threads', String(threads), '--module', `${SHIM}:app`],
		],
		install: 'pip install uwsgi',
	},
};

const asgiServers: Readonly<Record<string, Server>> = {
	uvicorn: {
		words: ({ workers }) => ['--uds', '{socket}', '--workers', String(workers), `${SHIM}:app`],
		install: 'pip install "uvicorn[standard]"',
	},
	hypercorn: {
		words: ({ workers }) => ['--bind', 'unix:{socket}', '--workers', String(workers), `${SHIM}:app`],
		install: 'pip install hypercorn',
	},
};

export const pythonServers: Readonly<Record<'wsgi' | 'asgi', Readonly<Record<string, Server>>>> = {
	wsgi: wsgiServers,
	asgi: asgiServers,
};

/** Debian's uwsgi knows Python by a plug-in only; pip's has it built in, and does not mind. */
const DEBIAN_UWSGI = '/usr/bin/uwsgi';

/**
 * The command that runs a server: the one named, or the first that is installed, in `folder` (a virtual environment's
 * programs) before all else. Throws an Error that says what to install when there is none.
 */
export function serverCommand(
	kind: 'wsgi' | 'asgi',
	named: string | undefined,
	folder: string | null,
	work: ServerWork,
): readonly [string, ...string[]] {
	const servers = pythonServers[kind];
	const names = named === undefined ? Object.keys(servers) : [named];
	for (const name of names) {
		const path = findProgram(name, folder);
		if (path === null) continue;
		const plugin = name === 'uwsgi' && path === DEBIAN_UWSGI ? ['--plugin', 'python3'] : [];
		return [path, ...plugin, ...(servers[name]?.words(work) ?? []), ...work.args];
	}
	const hints = names.map((name) => `${servers[name]?.install}`);
	throw new Error(`${kind}: ${names.join(' and ')} not found. Install one: ${hints.join(', or ')}.`);
}
