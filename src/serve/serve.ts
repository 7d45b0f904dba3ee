/**
 * An app, served: resources started, listeners opened, and all of it taken down again in order. Quiet and local: it
 * prints nothing and touches no signal, so that it can be used in any program; run.ts adds what a process of our own needs.
 */
import type { App } from '../convention/index.ts';
import type { EngineLogEntry } from '../engine/h1/index.ts';
import type { Engine, Listener, ListenerStatistics } from '../engine/index.ts';
import { tcp } from '../engine/tcp/index.ts';
import { ProcessMeasures, RequestMeter } from '../observe/index.ts';
import type { Place } from './address.ts';
import { listenerMeasures, type Snapshot } from './admin/index.ts';
import { listenings } from './check-config.ts';
import { DEFAULT_DRAIN, type ServeOptions } from './define-config.ts';
import { engineByName, socksFault } from './engine-by-name.ts';
import { Generation } from './generation.ts';
import { type Listening, listen } from './listen.ts';
import { logLine, standardError } from './log-line.ts';
import { type Resource, tellStopping } from './resources.ts';
import { messageOf, StartError } from './start-error.ts';
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
	/**
	 * Has the app of `options` answer from now on, with its resources and its access log; everything else of them is left alone. What is under
	 * way, tunnels included, goes on with the app that has begun it. Rejects with StartError, and then nothing has changed.
	 */
	replace(options: ServeOptions): Promise<void>;
	statistics(): RunningStatistics;
	/** How this process is doing, as `/status` and `/metrics` tell it; requests are only measured with the option `admin`. */
	snapshot(): Promise<Snapshot>;
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
	const first = await Generation.begin(places, options, how, warn);
	const current: Current = { generation: first };
	const answer: App = (request, context) => current.generation.answer(request, context);
	const meter = options.admin === undefined ? null : new RequestMeter();
	const app = meter === null ? answer : meter.wrap(answer);
	const listeners: Listener[] = [];
	try {
		for (const place of places) listeners.push(await listen(speaking(engine, options, place, log), app, place));
	} catch (error) {
		await Promise.all(listeners.map((listener) => listener.close()));
		await first.stop();
		throw error;
	}
	const begin = (next: ServeOptions): Promise<Generation> => Generation.begin(places, next, how, warn);
	// The file of a socket that was passed on belongs to whoever has made it.
	const own = listeners.filter((_, index) => places[index]?.place.kind === 'unix');
	return new Server(listeners, own, current, begin, options.drain ?? DEFAULT_DRAIN, log, meter);
}

/** Who answers now. */
interface Current {
	generation: Generation;
}

class Server implements Running {
	readonly urls: readonly string[];
	readonly places: readonly Place[];
	private readonly listeners: readonly Listener[];
	private readonly current: Current;
	private readonly begin: (options: ServeOptions) => Promise<Generation>;
	/** Those that have been replaced, and still answer somebody. */
	private readonly retired: Set<Generation> = new Set();
	private readonly drain: number;
	private readonly log: (line: string) => void;
	private readonly meter: RequestMeter | null;
	private readonly process: ProcessMeasures | null;
	private readonly files: readonly (() => void)[];
	private stopped: Promise<void> | null = null;
	private released: Promise<void> | null = null;

	constructor(
		listeners: readonly Listener[],
		own: readonly Listener[],
		current: Current,
		begin: (options: ServeOptions) => Promise<Generation>,
		drain: number,
		log: (line: string) => void,
		meter: RequestMeter | null,
	) {
		this.urls = listeners.map((listener) => listener.url);
		this.places = listeners.flatMap(({ address }) => (address.kind === 'memory' ? [] : [address]));
		this.listeners = listeners;
		this.current = current;
		this.begin = begin;
		this.drain = drain;
		this.log = log;
		this.meter = meter;
		this.process = meter === null ? null : new ProcessMeasures();
		this.files = own.flatMap(({ address }) => (address.kind === 'unix' ? [ownSocket(address.path)] : []));
	}

	stop(drain: number = this.drain): Promise<void> {
		if (this.stopped !== null) return this.stopped;
		this.stopped = this.end((listener) => listener.drain(drain));
		void tellStopping(this.resources).then((failures) => this.logAll(failures));
		return this.stopped;
	}

	/** Of all who answer anybody. */
	private get resources(): readonly Resource[] {
		return [...new Set([this.current.generation, ...this.retired].flatMap(({ resources }) => resources))];
	}

	async replace(options: ServeOptions): Promise<void> {
		const next = await this.begin(options);
		if (this.stopped !== null) {
			this.logAll(await next.stop());
			return;
		}
		const before = this.current.generation;
		this.current.generation = next;
		this.retired.add(before);
		before.retire(() => {
			// Stopped with all others where the server has begun to stop.
			if (this.stopped !== null || !this.retired.delete(before)) return;
			void before.stop().then((failures) => this.logAll(failures));
		});
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

	snapshot(): Promise<Snapshot> {
		const { listeners } = this.statistics();
		const { parts } = this.current.generation;
		const status = { pid: process.pid, uptime: process.uptime(), listeners };
		return Promise.resolve({
			processes: [{ ...status, parts: parts.map(({ name, statistics }) => ({ name, statistics: statistics() })) }],
			measures: [
				...listenerMeasures(listeners),
				...(this.meter?.measures() ?? []),
				...(this.process?.measures() ?? []),
				...parts.flatMap((part) => part.measures?.() ?? []),
			],
		});
	}

	private async end(how: (listener: Listener) => Promise<void>): Promise<void> {
		const ended = await Promise.allSettled(this.listeners.map(how));
		for (const result of ended) if (result.status === 'rejected') this.log(`stopping: ${messageOf(result.reason)}`);
		for (const remove of this.files) remove();
		this.released ??= this.release();
		await this.released;
	}

	private async release(): Promise<void> {
		this.process?.stop();
		const late = Promise.withResolvers<unknown[]>();
		const patience = setTimeout(() => late.resolve([`a resource has not stopped within ${PATIENCE} ms`]), PATIENCE);
		const all = [this.current.generation, ...this.retired];
		const stopped = Promise.all(all.map((one) => one.stop())).then((failures) => failures.flat());
		const failures = await Promise.race([stopped, late.promise]);
		clearTimeout(patience);
		this.logAll(failures);
	}

	private logAll(failures: readonly unknown[]): void {
		for (const failure of failures) this.log(`stopping: ${messageOf(failure)}`);
	}
}

/** Who speaks at a place: nobody, where all that comes is a tunnel. */
function speaking(
	engine: Engine,
	{ limits, timeouts }: ServeOptions,
	{ tunnel }: Listening,
	log: (line: string) => void,
): Engine {
	if (tunnel === undefined) return engine;
	return tcp({ to: tunnel, ...(limits && { limits }), ...(timeouts && { timeouts }), log: reportTo(log) });
}

function reportTo(log: (line: string) => void): (entry: EngineLogEntry) => void {
	return (entry) => {
		const line = logLine(entry);
		if (line !== null) log(line);
	};
}

function engineOf(
	{ limits, timeouts, socks = false, engine }: ServeOptions,
	places: readonly Listening[],
	log: (line: string) => void,
): Promise<Engine> {
	const secure = places.some(({ tls }) => tls !== undefined);
	const name = typeof engine === 'string' ? engine : 'h1';
	return engineByName(name, {
		...(limits && { limits }),
		...(timeouts && { timeouts }),
		socks,
		secure,
		log: reportTo(log),
	});
}
