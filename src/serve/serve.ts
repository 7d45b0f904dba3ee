/**
 * An app, served: resources started, listeners opened, and all of it taken down again in order. Quiet and local: it
 * prints nothing and touches no signal, so that it can be used in any program; run.ts adds what a process of our own needs.
 */
import type { App } from '../convention/index.ts';
import type { EngineLogEntry } from '../engine/h1/index.ts';
import type { Engine, Listener, ListenerStatistics } from '../engine/index.ts';
import type { AccessLog, AccessLogOptions } from '../middleware/access-log/index.ts';
import type { Place } from './address.ts';
import { checkComposition, servedBy } from './check-composition.ts';
import { listenings } from './check-config.ts';
import { DEFAULT_DRAIN, type Servable, type ServeOptions } from './define-config.ts';
import { engineByName, socksFault } from './engine-by-name.ts';
import { type Listening, listen } from './listen.ts';
import { accessLogOf } from './load-servable.ts';
import { logLine, standardError } from './log-line.ts';
import { type Resource, resourcesOf, startAll, stopAll, tellStopping } from './resources.ts';
import { codeOf, isStartError, messageOf, StartError } from './start-error.ts';
import { ownSocket } from './unix-socket.ts';

/** Milliseconds that resources have for stopping, all together. */
const PATIENCE = 5000;

/** A server that is up. */
export interface Running {
	/** Where it listens: `http://127.0.0.1:8080`, `unix:/path`. */
	readonly urls: readonly string[];
	/** The same as places: the real port where 0 was asked for. */
	readonly places: readonly Place[];
	/**
	 * Stops accepting, ends idle connections, answers what is under way, and then stops the resources in reverse. What
	 * is left after `drain` milliseconds (default: the option) is cut off. Called again it gives the same promise.
	 */
	stop(drain?: number): Promise<void>;
	/** Cuts everything off now, then stops the resources. */
	close(): Promise<void>;
	/** Opens the files of logs by their names again, after they were moved away: `reopen` of all resources that have it. */
	reopen(): void;
	statistics(): RunningStatistics;
}

export interface RunningStatistics {
	/** One entry per listener, by URL. */
	readonly listeners: Readonly<Record<string, ListenerStatistics>>;
}

/** Serves `options.app`. Rejects with StartError when it cannot listen, and leaves nothing behind then. */
export async function serve(options: ServeOptions): Promise<Running> {
	return serveOn(listenings(options.listen), options, { workers: 1, source: null, knowsCertificates: true });
}

/** What is known of how an app is served, for the check of its layers. */
export interface How {
	readonly workers: number;
	/** The file that it comes from, for messages; null where there is none. */
	readonly source: string | null;
	/** Whether the places say all about client certificates. */
	readonly knowsCertificates: boolean;
	/** Takes warnings. Default: the log of the options. */
	readonly warn?: (line: string) => void;
}

/** As `serve`, with the addresses read already. */
export async function serveOn(places: readonly Listening[], options: ServeOptions, how: How): Promise<Running> {
	const { log = standardError } = options;
	const { warn = log } = how;
	const fault = socksFault(options);
	if (fault !== null) throw new StartError(fault);
	const engine = typeof options.engine === 'object' ? options.engine : await engineOf(options, places, log);
	const served = servedBy(places, how.workers);
	const known = how.knowsCertificates || served.asksForCertificates ? served : { ...served, asksForCertificates: null };
	for (const warning of checkComposition(options.app, known, how.source)) warn(`warn: ${warning}`);
	const resources = resourcesOf(options.app, options.resources);
	const app = logged(appOf(options.app), options.accessLog, resources);
	await startAll(resources).catch(startFailure);
	const listeners: Listener[] = [];
	try {
		for (const place of places) listeners.push(await listen(engine, app, place));
	} catch (error) {
		await Promise.all(listeners.map((listener) => listener.close()));
		await stopAll(resources);
		throw error;
	}
	return new Server(listeners, resources, options.drain ?? DEFAULT_DRAIN, log);
}

/** The app of anything that can be served. */
export function appOf(servable: Servable): App {
	// An object with `fetch` comes first: a function may have one, too, and then that is the fetch handler of the two.
	if ('fetch' in servable && typeof servable.fetch === 'function') {
		return (request, context, execution) => servable.fetch(request, context, execution);
	}
	return servable as App;
}

class Server implements Running {
	readonly urls: readonly string[];
	readonly places: readonly Place[];
	private readonly listeners: readonly Listener[];
	private readonly resources: readonly Resource[];
	private readonly drain: number;
	private readonly log: (line: string) => void;
	private readonly files: readonly (() => void)[];
	private stopped: Promise<void> | null = null;
	private released: Promise<void> | null = null;

	constructor(
		listeners: readonly Listener[],
		resources: readonly Resource[],
		drain: number,
		log: (line: string) => void,
	) {
		this.urls = listeners.map((listener) => listener.url);
		this.places = listeners.flatMap(({ address }) => (address.kind === 'memory' ? [] : [address]));
		this.listeners = listeners;
		this.resources = resources;
		this.drain = drain;
		this.log = log;
		this.files = listeners.flatMap(({ address }) => (address.kind === 'unix' ? [ownSocket(address.path)] : []));
	}

	stop(drain: number = this.drain): Promise<void> {
		if (this.stopped !== null) return this.stopped;
		this.stopped = this.end((listener) => listener.drain(drain));
		void tellStopping(this.resources).then((failures) => this.logAll(failures));
		return this.stopped;
	}

	close(): Promise<void> {
		const closed = this.end((listener) => listener.close());
		this.stopped ??= closed;
		return closed;
	}

	reopen(): void {
		for (const resource of this.resources) {
			try {
				resource.reopen?.();
			} catch (error) {
				this.log(`reopening: ${messageOf(error)}`);
			}
		}
	}

	statistics(): RunningStatistics {
		return { listeners: Object.fromEntries(this.listeners.map((listener) => [listener.url, listener.statistics()])) };
	}

	private async end(how: (listener: Listener) => Promise<void>): Promise<void> {
		const ended = await Promise.allSettled(this.listeners.map(how));
		for (const result of ended) if (result.status === 'rejected') this.log(`stopping: ${messageOf(result.reason)}`);
		for (const remove of this.files) remove();
		this.released ??= this.release();
		await this.released;
	}

	private async release(): Promise<void> {
		const late = Promise.withResolvers<unknown[]>();
		const patience = setTimeout(() => late.resolve([`a resource has not stopped within ${PATIENCE} ms`]), PATIENCE);
		const failures = await Promise.race([stopAll(this.resources), late.promise]);
		clearTimeout(patience);
		this.logAll(failures);
	}

	private logAll(failures: readonly unknown[]): void {
		for (const failure of failures) this.log(`stopping: ${messageOf(failure)}`);
	}
}

function engineOf(
	{ limits, timeouts, socks = false, engine }: ServeOptions,
	places: readonly Listening[],
	log: (line: string) => void,
): Promise<Engine> {
	const report = (entry: EngineLogEntry): void => {
		const line = logLine(entry);
		if (line !== null) log(line);
	};
	const secure = places.some(({ tls }) => tls !== undefined);
	const name = typeof engine === 'string' ? engine : 'h1';
	return engineByName(name, { ...(limits && { limits }), ...(timeouts && { timeouts }), socks, secure, log: report });
}

/** The app behind its access log, whose last lines are written when the server stops. */
function logged(app: App, wanted: string | AccessLogOptions | undefined, resources: Resource[]): App {
	let layer: AccessLog | null;
	try {
		layer = accessLogOf(wanted);
	} catch (error) {
		throw new StartError(messageOf(error), null, error);
	}
	if (layer === null) return app;
	resources.unshift(layer);
	return layer(app);
}

/** What the system says, a file that is not there for one, is for the person who started it; everything else is a bug with its stack. */
function startFailure(error: unknown): never {
	if (isStartError(error) || codeOf(error) === '') throw error;
	throw new StartError(`cannot start: ${messageOf(error)}`, null, error);
}
