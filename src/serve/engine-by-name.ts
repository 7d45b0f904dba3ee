/** The engines that a name can ask for, on the command line and in a configuration. Each is loaded when it is asked for. */
import type { AlsoSpoken, EngineLogEntry } from '../engine/h1/index.ts';
import type { ConnectionLimits, Engine, EngineTimeouts } from '../engine/index.ts';
import type { H1Limits } from '../protocol/h1/index.ts';
import { messageOf, StartError } from './start-error.ts';

/** What every engine takes. */
export interface EngineSettings {
	readonly limits?: Partial<H1Limits & ConnectionLimits>;
	readonly timeouts?: Partial<EngineTimeouts>;
	readonly log?: (entry: EngineLogEntry) => void;
	/** Speak SOCKS on the same port. Only h1 can. */
	readonly socks?: boolean;
	/** There are listeners with TLS: HTTP/2 is spoken there, too. Default: false. */
	readonly secure?: boolean;
}

const engines = {
	h1: async ({ socks, secure, ...settings }: EngineSettings): Promise<Engine> => {
		const { h1 } = await import('../engine/h1/index.ts');
		const also: AlsoSpoken[] = [];
		if (socks === true) also.push((await import('../engine/socks/index.ts')).socks());
		if (secure === true) also.push((await import('../engine/h2/index.ts')).alsoHttp2(settings));
		return h1({ ...settings, also });
	},
	'node-http': async (settings: EngineSettings): Promise<Engine> =>
		(await import('../engine/node-http/index.ts')).nodeHttp(settings),
	http2: async (settings: EngineSettings): Promise<Engine> => (await import('../engine/h2/index.ts')).http2(settings),
	bun: (settings: EngineSettings): Promise<Engine> =>
		foreign('Bun', 'bun bin/turnabout …', async () => (await import('../engine/bun/index.ts')).bunServe(settings)),
	deno: (settings: EngineSettings): Promise<Engine> =>
		foreign('Deno', 'deno run -A bin/turnabout …', async () =>
			(await import('../engine/deno/index.ts')).denoServe(settings),
		),
} as const;

/** A name of an engine. */
export type EngineName = keyof typeof engines;

/** All of them; the first is the default. */
export const ENGINES: readonly EngineName[] = Object.keys(engines) as EngineName[];

/** Whether an engine has that name. */
export function isEngineName(value: unknown): value is EngineName {
	return typeof value === 'string' && Object.hasOwn(engines, value);
}

/**
 * The engine of that name. Rejects with TypeError or RangeError for a setting that it refuses; with StartError for bun and deno,
 * and where these are another runtime's.
 */
export function engineByName(name: EngineName, settings: EngineSettings): Promise<Engine> {
	return engines[name](settings);
}

/** Whether the engine of that name can speak SOCKS on its ports. */
export function speaksSocks(name: EngineName): boolean {
	return name === 'h1';
}

/** Why SOCKS cannot be spoken as it is asked for; null when it can, or nobody asks for it. */
export function socksFault({
	socks,
	engine = 'h1',
}: {
	readonly socks?: boolean;
	readonly engine?: Engine | EngineName;
}): string | null {
	if (socks !== true) return null;
	if (typeof engine === 'object')
		return 'socks: an engine that is made already takes it itself: h1({ also: [socks()] })';
	return speaksSocks(engine) ? null : `socks: the engine ${engine} does not speak SOCKS; h1 does`;
}

/** The own server of a runtime, which keeps fewer limits than our engines: a configuration is told which it cannot. */
async function foreign(runtime: 'Bun' | 'Deno', start: string, make: () => Promise<Engine>): Promise<Engine> {
	if (!(runtime in globalThis)) {
		throw new StartError(
			`the engine ${runtime.toLowerCase()} is ${runtime}'s own server, and this is not ${runtime}`,
			`Start the command by \`${start}\`, or choose another engine: h1 runs everywhere.`,
		);
	}
	try {
		return await make();
	} catch (error) {
		throw new StartError(
			`the engine ${runtime.toLowerCase()}: ${messageOf(error)}`,
			'The engine h1 keeps all of them.',
			error,
		);
	}
}
