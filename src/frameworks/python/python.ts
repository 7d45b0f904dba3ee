/** Python apps as apps: a server of Python's own runs them as our child, and a shim tells them what only we know. */
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Place, type Program, programSettings, run } from '../program/index.ts';
import { type PythonOptions, pythonSettings } from './options.ts';
import { SHIM, serverCommand } from './servers.ts';
import { ASGI_SHIM, READY, TOLD, WSGI_SHIM } from './shim.ts';
import { telling } from './told.ts';
import { wholeBodies } from './whole-bodies.ts';

/**
 * A WSGI app (PEP 3333) such as `'shop.wsgi:application'`, Django's or Flask's, run by gunicorn or uWSGI, whichever is
 * installed. `name()` is called for the app. SCRIPT_NAME, the client's address and the scheme are right whatever stands
 * before. Throws TypeError for options that cannot be meant, and an Error that says what to install when there is no server.
 */
export function wsgi(app: string, options: PythonOptions = {}): Program {
	const made = python('wsgi', app, options, WSGI_SHIM);
	const { chunkedBody } = pythonSettings('wsgi', app, options);
	return Object.assign(wholeBodies(made, chunkedBody), {
		start: () => made.start(),
		stop: () => made.stop(),
		statistics: () => made.statistics(),
	});
}

/** An ASGI app such as `'site.asgi:application'`, FastAPI's or Starlette's, run by uvicorn or Hypercorn; otherwise as `wsgi`. */
export function asgi(app: string, options: PythonOptions = {}): Program {
	return python('asgi', app, options, ASGI_SHIM);
}

function python(kind: 'wsgi' | 'asgi', app: string, options: PythonOptions, shim: string): Program {
	const { server, programs, work } = pythonSettings(kind, app, options);
	const { cwd, env, ready, timeouts, log, upstream = {} } = options;
	const settings = programSettings(
		{
			command: serverCommand(kind, server, programs, work),
			listen: 'socket',
			name: app,
			...(cwd !== undefined && { cwd }),
			...(env !== undefined && { env }),
			...(ready !== undefined && { ready }),
			...(timeouts !== undefined && { timeouts }),
			...(log !== undefined && { log }),
			upstream: { ...upstream, rewrite: telling(upstream) },
		},
		kind,
	);
	// A server may accept connections long before it has loaded the app, or has found that it cannot.
	const asked = ready === undefined ? { ...settings, ready: '/', readyFields: { [TOLD]: READY } } : settings;
	const searched = env?.['PYTHONPATH'] ?? process.env['PYTHONPATH'];
	return run(asked, ({ folder }: Place) => {
		writeFileSync(join(folder, `${SHIM}.py`), shim);
		return {
			TURNABOUT_APP: app,
			PYTHONPATH: searched === undefined || searched === '' ? folder : `${folder}${delimiter}${searched}`,
			// Lines come when they are written, not when a buffer is full.
			PYTHONUNBUFFERED: '1',
		};
	});
}
