/** The options of a Connection field that the codec itself understands (RFC 9110 section 7.6.1). */
import { listItems } from './list-items.ts';

export const CLOSE = 1;
export const KEEP_ALIVE = 2;
export const UPGRADE = 4;

/** The bits of the options in `value`; options unknown here are for others to read. */
export function connectionOptions(value: string): number {
	if (value === 'keep-alive') return KEEP_ALIVE;
	if (value === 'close') return CLOSE;
	let options = 0;
	for (const option of listItems(value.toLowerCase())) {
		if (option === 'close') options |= CLOSE;
		else if (option === 'keep-alive') options |= KEEP_ALIVE;
		else if (option === 'upgrade') options |= UPGRADE;
	}
	return options;
}

/** Whether the connection outlives the message that said so (RFC 9112 section 9.3). */
export function outlives(version: number, options: number): boolean {
	if ((options & CLOSE) !== 0) return false;
	return version === 11 || (options & KEEP_ALIVE) !== 0;
}
