/** Whether maintenance is on. A file is looked for by the requests that come, once a second at most: without a timer. */
import { existsSync } from 'node:fs';

export type Switch = () => boolean;

/** Milliseconds between two looks. */
const PAUSE = 1000;

/** Throws TypeError for what says nothing. */
export function switchOf(enabled: unknown): Switch {
	if (typeof enabled === 'boolean') return () => enabled;
	if (typeof enabled === 'function') return () => asked(enabled as () => unknown);
	if (typeof enabled === 'string' && enabled !== '' && !enabled.includes('\0')) return whileThere(enabled);
	throw new TypeError('maintenance: enabled must be true or false, a function, or the path of a file');
}

/** A promise would be true for ever. */
function asked(enabled: () => unknown): boolean {
	const answer = enabled();
	if (typeof answer !== 'boolean') throw new TypeError('maintenance: enabled has given neither true nor false');
	return answer;
}

function whileThere(path: string): Switch {
	let looked = Number.NEGATIVE_INFINITY;
	let there = false;
	return () => {
		const now = performance.now();
		if (now - looked >= PAUSE) {
			looked = now;
			there = existsSync(path);
		}
		return there;
	};
}
