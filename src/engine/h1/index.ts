import type { Engine } from '../engine.ts';
import { H1Listener } from './listener.ts';
import { type H1EngineOptions, settingsOf } from './options.ts';

export type { EngineLogEntry } from '../engine-log.ts';
export type { H1EngineOptions } from './options.ts';

/** The HTTP/1.1 engine over node's sockets, plain or TLS. */
export function h1(options: H1EngineOptions = {}): Engine {
	const settings = settingsOf(options);
	return { name: 'h1', listen: (app, listen) => H1Listener.start(app, settings, listen) };
}
