/** The app that a module exports, or that a configuration serves: what is looked at without being served. */
import { type AccessLog, accessLog } from '../middleware/access-log/index.ts';
import type { Config, Servable, ServeOptions } from './define-config.ts';
import { loadApp } from './load-app.ts';
import { loadConfig } from './load-config.ts';
import { isStartError } from './start-error.ts';

export interface Loaded {
	/** As it was named, or as it was found. */
	readonly file: string;
	readonly app: Servable;
	/** Null for a module that exports an app. */
	readonly config: Config | null;
	/** The access log that a configuration puts around everything; null without one. */
	readonly log: AccessLog | null;
}

/**
 * The app of the module or the configuration at `path`, or of the configuration in `folder`. Rejects with StartError, in
 * the words of whichever it seems to be.
 */
export async function loadServable(path: string | null, folder: string): Promise<Loaded> {
	if (path === null) return configured(null, folder);
	try {
		return { file: path, app: await loadApp(path, folder), config: null, log: null };
	} catch (error) {
		if (!isStartError(error)) throw error;
		// No app: a configuration then, or it is said what is wrong with it.
		return configured(path, folder);
	}
}

async function configured(path: string | null, folder: string): Promise<Loaded> {
	const { config, file } = await loadConfig(path, folder);
	return { file, app: config.app, config, log: accessLogOf(config.accessLog) };
}

/** The layer that the setting asks for; it opens nothing before it is started. Throws TypeError or RangeError. */
export function accessLogOf(setting: ServeOptions['accessLog']): AccessLog | null {
	if (setting === undefined || setting === 'off') return null;
	return accessLog(typeof setting === 'string' ? { to: setting } : setting);
}
