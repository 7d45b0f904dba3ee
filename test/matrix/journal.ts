/** What apps of the matrix write down, and what they wait for: each under a key of one case. */

const lines: Map<string, string[]> = new Map();
const releases: Map<string, () => void> = new Map();

export function note(key: string, what: string): void {
	lines.set(key, [...(lines.get(key) ?? []), what]);
}

/** What has happened under that key, one line for each. */
export function journal(key: string): string {
	return (lines.get(key) ?? []).join('\n');
}

/** Waits until somebody lets go of it. */
export function released(key: string): Promise<void> {
	return new Promise((resolve) => releases.set(key, resolve));
}

/** Says whether anybody was waiting. */
export function release(key: string): string {
	releases.get(key)?.();
	return releases.delete(key) ? 'released' : 'nothing waits';
}
