/** What `sessions` says of itself beside what every layer says: who stands within may ask at the start, and not at the first login. */
import type { LayerNote } from '../convention/index.ts';

export interface SessionsNote extends LayerNote {
	readonly name: 'sessions';
	readonly sameSite: 'Strict' | 'Lax' | 'None';
}

/** The note of the innermost `sessions` among these, or null. */
export function sessionsNote(outer: readonly LayerNote[]): SessionsNote | null {
	return (outer.findLast(({ name }) => name === 'sessions') as SessionsNote | undefined) ?? null;
}
