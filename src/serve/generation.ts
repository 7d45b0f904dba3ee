/**
 * An app as it is served, with what it has brought along, for as long as anybody is answered by it. When another takes its place,
 * exchanges that it has begun, tunnels among them, go on to their end; then what only it has used is stopped.
 */
import { type App, type Context, type FinishedListener, partsOf } from '../convention/index.ts';
import type { AccessLog, AccessLogOptions } from '../middleware/access-log/index.ts';
import type { Measured } from '../observe/index.ts';
import { tunnels } from '../proxy/tunnels/index.ts';
import { checkComposition, servedBy } from './check-composition.ts';
import type { Servable, ServeOptions } from './define-config.ts';
import type { Listening } from './listen.ts';
import { accessLogOf } from './load-servable.ts';
import { type Resource, resourcesOf, startAll, stopAll } from './resources.ts';
import type { How } from './serve.ts';
import { codeOf, isStartError, messageOf, StartError } from './start-error.ts';

export class Generation implements FinishedListener {
	readonly resources: readonly Resource[];
	/** What of it has something to tell. */
	readonly parts: readonly Part[];
	private readonly app: App;
	private active = 0;
	/** Called when nobody is answered by it any more, once it has been replaced. */
	private whenOver: (() => void) | null = null;

	private constructor(app: App, resources: readonly Resource[], parts: readonly Part[]) {
		this.app = app;
		this.resources = resources;
		this.parts = parts;
	}

	/** Checks the app and starts what belongs to it. Rejects with StartError, and leaves nothing behind then. */
	static async begin(
		places: readonly Listening[],
		options: ServeOptions,
		how: How,
		warn: (line: string) => void,
	): Promise<Generation> {
		const served = servedBy(places, how.workers);
		const known =
			how.knowsCertificates || served.asksForCertificates ? served : { ...served, asksForCertificates: null };
		for (const warning of checkComposition(options.app, known, how.source)) warn(`warn: ${warning}`);
		const resources = resourcesOf(options.app, options.resources);
		const app = logged(withTunnels(appOf(options.app), places, resources), options.accessLog, resources);
		await startAll(resources).catch(startFailure);
		return new Generation(app, resources, partsWithin(options.app));
	}

	answer(request: Request, context: Context): Response | Promise<Response> {
		this.active++;
		context.onFinished(this);
		return this.app(request, context, context);
	}

	exchangeFinished(): void {
		this.active--;
		if (this.active === 0) this.whenOver?.();
	}

	/** Another has taken its place. `over`: told once nobody is answered by it any more. */
	retire(over: () => void): void {
		this.whenOver = over;
		if (this.active === 0) over();
	}

	/** Resolves to what was thrown. */
	stop(): Promise<unknown[]> {
		return stopAll(this.resources);
	}
}

/** A part of an app that counts something. */
export interface Part extends Partial<Measured> {
	readonly name: string;
	readonly statistics: () => unknown;
}

/** Layers and apps that have statistics, each once. */
function partsWithin(servable: object): Part[] {
	const found = new Map<object, Part>();
	for (const { app, composition } of partsOf(servable)) {
		const name = composition?.note.name ?? 'app';
		for (const candidate of [composition?.layer, app]) {
			const { statistics, measures } = (candidate ?? {}) as {
				statistics?: () => unknown;
				measures?: Measured['measures'];
			};
			if (candidate === null || candidate === undefined || typeof statistics !== 'function') continue;
			found.set(candidate, { name, statistics, ...(typeof measures === 'function' && { measures }) });
		}
	}
	return [...found.values()];
}

/** The app of anything that can be served. */
export function appOf(servable: Servable): App {
	// An object with `fetch` comes first: a function may have one, too, and then that is the fetch handler of the two.
	if ('fetch' in servable && typeof servable.fetch === 'function') {
		return (request, context, execution) => servable.fetch(request, context, execution);
	}
	return servable as App;
}

/** Connections that are tunnels by their listener are none of the app's. */
function withTunnels(app: App, places: readonly Listening[], resources: Resource[]): App {
	if (places.every(({ tunnel, passThrough }) => tunnel === undefined && passThrough === undefined)) return app;
	const opened = tunnels();
	resources.push(opened);
	return (request, context, execution) =>
		context.connection.protocol === 'tcp' ? opened(request, context) : app(request, context, execution);
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
