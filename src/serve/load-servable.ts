/** The app that a module exports, or that a configuration serves: what is looked at without being served. */
import type { Servable } from './define-config.ts';
import { loadApp } from './load-app.ts';
import { loadConfig } from './load-config.ts';
import { isStartError } from './start-error.ts';

export interface Loaded {
	readonly app: Servable;
	/** Where a configuration's access log goes; null without one. */
	readonly accessLog: string | null;
}

/**
 * The app of the module or the configuration at `path`, or of the configuration in `folder`. Rejects with StartError, in
 * the words of whichever it seems to be.
 */
export async function loadServable(path: string | null, folder: string): Promise<Loaded> {
	if (path === null) return configured(null, folder);
	try {
		return { app: await loadApp(path, folder), accessLog: null };
	} catch (error) {
		if (!isStartError(error)) throw error;
		// No app: a configuration then, or it is said what is wrong with it.
		return configured(path, folder);
	}
}

async function configured(path: string | null, folder: string): Promise<Loaded> {
	const { app, accessLog = 'off' } = (await loadConfig(path, folder)).config;
	if (typeof accessLog === 'string') return { app, accessLog: accessLog === 'off' ? null : accessLog };
	const { to = '-' } = accessLog;
	return { app, accessLog: typeof to === 'string' ? to : 'a log of its own' };
}
