/** Memory of pages under way: bytes each holds over the bytes of its content. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const MOST_MEMORY = 8;

export interface MemoryRow {
	readonly kilobytes: number;
	readonly mode: 'html' | 'xhtml';
	/** Null: the process gave none. */
	readonly factor: number | null;
}

const program = fileURLToPath(new URL('hold-pages.ts', import.meta.url));

export function measureMemory(): MemoryRow[] {
	return (['html', 'xhtml'] as const).flatMap((mode) =>
		[20, 100, 500].map((kilobytes) => ({ kilobytes, mode, factor: factorOf(mode, kilobytes) })),
	);
}

function factorOf(mode: string, kilobytes: number): number | null {
	const args = ['--expose-gc', program, mode, String(kilobytes), String(Math.ceil(10_000 / kilobytes))];
	const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
	const [held, length] = stdout.trim().split(' ').map(Number);
	return status === 0 && held !== undefined && length !== undefined ? held / length : null;
}
