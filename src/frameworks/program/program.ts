/** A program as an app: whatever speaks HTTP on a socket or port that we give it, in whatever language. */
import { type App, type Context, HttpError, noteApp } from '../../convention/index.ts';
import { type Reverse, type ReverseOptions, reverse } from '../../proxy/index.ts';
import { type ProgramOptions, type ProgramSettings, programSettings } from './options.ts';
import { type Place, placeFor } from './place.ts';
import { type ProgramStatistics, Supervisor } from './supervisor.ts';

export interface Program extends App {
	/** Starts it, and resolves when it answers; rejects with its last words. Whoever serves the app calls this; a first request does, too. */
	start(): Promise<void>;
	/** Ends it: SIGTERM, and SIGKILL to all its processes after the time-out. */
	stop(): Promise<void>;
	statistics(): ProgramStatistics;
}

/**
 * Runs a program and asks it: it is started with the server, asked by HTTP, started again when it ends, and stopped with
 * the server. While it is away requests wait for a while and are then answered 503. Throws TypeError for options that cannot be meant.
 */
export function program(options: ProgramOptions): Program {
	return run(programSettings(options));
}

/** `prepare` is called with the place once it is known: what it returns is added to the environment, above all else. */
export function run(
	settings: ProgramSettings,
	prepare: (place: Place) => Readonly<Record<string, string>> = () => ({}),
): Program {
	const runner = new Runner(settings, prepare);
	const app = (request: Request, context: Context): Response | Promise<Response> => runner.answer(request, context);
	noteApp(app, settings.name, 'Asks the program, which it keeps running.');
	return Object.assign(app, {
		start: () => runner.start(),
		stop: () => runner.stop(),
		statistics: () => runner.statistics(),
	});
}

const NOT_STARTED: ProgramStatistics = { state: 'stopped', pid: null, starts: 0, failures: 0 };

interface Running {
	readonly supervisor: Supervisor;
	readonly proxy: Reverse;
	readonly place: Place;
}

class Runner {
	private readonly settings: ProgramSettings;
	private readonly prepare: (place: Place) => Readonly<Record<string, string>>;
	private running: Running | null = null;
	private starting: Promise<void> | null = null;

	constructor(settings: ProgramSettings, prepare: (place: Place) => Readonly<Record<string, string>>) {
		this.settings = settings;
		this.prepare = prepare;
	}

	start(): Promise<void> {
		this.starting ??= this.begin().catch(async (error: unknown) => {
			await this.stop();
			throw error;
		});
		return this.starting;
	}

	async stop(): Promise<void> {
		const { running } = this;
		this.running = null;
		this.starting = null;
		if (running === null) return;
		await running.supervisor.stop();
		await running.proxy.close();
		running.place.remove();
	}

	answer(request: Request, context: Context): Response | Promise<Response> {
		const { running } = this;
		if (running?.supervisor.isReady === true) return running.proxy(request, context, context);
		return this.answerLater(request, context);
	}

	statistics(): ProgramStatistics {
		return this.running?.supervisor.statistics() ?? NOT_STARTED;
	}

	private async answerLater(request: Request, context: Context): Promise<Response> {
		if (this.running === null) await this.start();
		const { running } = this;
		const ready = await running?.supervisor.whenReady(this.settings.timeouts.wait);
		if (running === null || ready !== true) {
			const seconds = Math.max(1, Math.ceil(this.settings.timeouts.restart / 1000));
			const message = 'What answers here is being started again.';
			throw new HttpError(503, { message, expose: true, fields: { 'Retry-After': String(seconds) } });
		}
		return running.proxy(request, context, context);
	}

	private async begin(): Promise<void> {
		const place = await placeFor(this.settings.listen);
		const settings = { ...this.settings, env: { ...this.settings.env, ...this.prepare(place) } };
		const supervisor = new Supervisor(settings, place);
		this.running = { supervisor, proxy: reverse(place.url, asked(settings)), place };
		await supervisor.start();
	}
}

/** To the outside the program and we are one server: it is no hop of its own. */
function asked({ upstream, log }: ProgramSettings): ReverseOptions {
	return {
		via: false,
		proxyStatus: false,
		log: ({ message, request, error }) => log(`${message} (${request}): ${error.message}`),
		...upstream,
	};
}
