/** `npm run bench -- --theme`: what re-theming costs, by itself and in this process: no sockets, and nothing to install. */
import type { Flags } from '../flags.ts';
import { measureHostile } from './hostile.ts';
import { measureMemory } from './memory.ts';
import { measureCompile, measurePages } from './pages.ts';
import { type ThemeFigures, themeTables } from './report.ts';
import { measureStreaming } from './streaming.ts';

/** Milliseconds of warm-up that `--warm` asks for, for each subject. */
const PER_SECOND = 400;

export function benchThemes(flags: Flags, tell: (line: string) => void): ThemeFigures {
	const warm = flags.warm * PER_SECOND;
	// Rounds here are short.
	const rounds = flags.smoke ? 2 : flags.rounds * 2;
	const figures: ThemeFigures = {
		pages: measurePages(rounds, warm, tell),
		compile: measureCompile(rounds, warm),
		streaming: measureStreaming(),
		memory: measureMemory(),
		hostile: measureHostile(flags.smoke ? 0 : 2, tell),
	};
	process.stdout.write(`\n${themeTables(figures)}\n`);
	return figures;
}

/** Why there is a figure missing; empty when all are there. */
export function missingFigures({ pages, memory }: ThemeFigures): string[] {
	return [
		...pages.filter((row) => row.milliseconds === null).map((row) => `theme: no figure of ${row.subject}`),
		...memory.filter((row) => row.factor === null).map((row) => `theme: no figure of the memory of ${row.mode}`),
	];
}
