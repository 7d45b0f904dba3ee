/** How to run a JavaScript program under test: on the Node that runs the bench, directly, with no npx in between. */
import { fileURLToPath } from 'node:url';
import type { Command, Place } from './target.ts';

const collect = fileURLToPath(new URL('subjects/collect.ts', import.meta.url));

export function nodeCommand(place: Place, program: string, args: readonly string[]): Command {
	const before = place.collecting ? ['--expose-gc', '--import', collect] : [];
	return { file: process.execPath, args: [...before, program, ...args], collects: place.collecting };
}
