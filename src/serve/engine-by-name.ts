/** The engines that a name can ask for, on the command line and in a configuration. Each is loaded when it is asked for. */
import type { EngineLogEntry } from '../engine/h1/index.ts';
import type { ConnectionLimits, Engine, EngineTimeouts } from '../engine/index.ts';
import type { H1Limits } from '../protocol/h1/index.ts';

/** What every engine takes. */
export interface EngineSettings {
	readonly limits?: Partial<H1Limits & ConnectionLimits>;
	readonly timeouts?: Partial<EngineTimeouts>;
	readonly log?: (entry: EngineLogEntry) => void;
}

const engines = {
	h1: async (settings: EngineSettings): Promise<Engine> => (await import('../engine/h1/index.ts')).h1(settings),
	'node-http': async (settings: EngineSettings): Promise<Engine> =>
		(await import('../engine/node-http/index.ts')).nodeHttp(settings),
	http2: async (settings: EngineSettings): Promise<Engine> => (await import('../engine/h2/index.ts')).http2(settings),
} as const;

/** A name of an engine. */
export type EngineName = keyof typeof engines;

/** All of them; the first is the default. */
export const ENGINES: readonly EngineName[] = Object.keys(engines) as EngineName[];

/** Whether an engine has that name. */
export function isEngineName(value: unknown): value is EngineName {
	return typeof value === 'string' && Object.hasOwn(engines, value);
}

/** The engine of that name. Throws TypeError or RangeError for a setting that it refuses. */
export function engineByName(name: EngineName, settings: EngineSettings): Promise<Engine> {
	return engines[name](settings);
}
