/** Programs of any language as apps. */
export {
	type ProgramOptions,
	type ProgramSettings,
	type ProgramTimeouts,
	programSettings,
	programTimeouts,
} from './options.ts';
export type { Place } from './place.ts';
export { type Program, program, run } from './program.ts';
export type { ProgramState, ProgramStatistics } from './supervisor.ts';
