/** Blocking callables as an app: each request runs in a thread of its own, and the loop serves others meanwhile. */
import { type App, type Context, noteApp, raw } from '../../convention/index.ts';
import { type ThreadsOptions, threadsSettings } from './options.ts';
import { Origins } from './origins.ts';
import { ThreadPool, type ThreadsStatistics } from './pool.ts';
import { PoolThread } from './pool-thread.ts';

export interface Threads extends App {
	/** Starts the threads. Rejects with StartError, naming the file and the reason, when the module cannot be loaded or exports nothing made by `blocking`. */
	start(): Promise<void>;
	/** Lets what is under way come to its end, for 3 seconds at most, and ends the threads. */
	stop(): Promise<void>;
	/** Loads the module in a thread and ends it again. Rejects as `start` does. */
	check(): Promise<void>;
	statistics(): ThreadsStatistics;
}

/**
 * An app that runs the blocking callable which `module` exports by default: `threads(new URL('./app.ts', import.meta.url))`.
 * Each thread loads the module for itself and runs one request at a time; concurrency is the number of threads. The app
 * is a resource, too: `serve` starts and stops its threads. Without that the first request starts them, and the process
 * stays up until `stop`. Throws TypeError, with the option's name, for options that make no sense or a module that is not there.
 */
export function threads(module: string | URL, options: ThreadsOptions = {}): Threads {
	const settings = threadsSettings(module, options);
	const pool = new ThreadPool(settings);
	const app = (request: Request, context: Context): Promise<Response> => pool.serve(raw(request), context);
	noteApp(app, 'threads', `Calls ${settings.file} in a thread.`);
	return Object.assign(app, {
		start: () => pool.start(),
		stop: () => pool.stop(),
		statistics: () => pool.statistics(),
		check: async () => {
			const thread = new PoolThread(settings, NOBODY, new Origins(settings.upstream));
			try {
				await thread.ready;
			} finally {
				await thread.stop();
			}
		},
	});
}

/** Of a thread that is only tried. */
const NOBODY = { threadFree() {}, threadLate() {}, threadGone() {} };
