/** Why a page that could have been themed was not: one table for the field, the log, and what counts as a limit. */

import { TooMuch } from '../../coding/index.ts';
import { RefusedCharset } from './charset/index.ts';
import { TooLarge } from './intake.ts';
import { limitOf } from './themer.ts';

export type Reason = 'bytes' | 'timeout' | 'limit' | 'coding' | 'charset' | 'empty' | 'error';

interface ReasonRow {
	/** Whether the page was too much for us, rather than wrong. */
	readonly limit: boolean;
	readonly level: 'error' | 'warn' | null;
	readonly message: string;
}

export const reasons: Readonly<Record<Reason, ReasonRow>> = {
	bytes: { limit: true, level: 'warn', message: 'The page is too large' },
	timeout: { limit: true, level: 'warn', message: 'The page took too long' },
	limit: { limit: true, level: 'warn', message: 'The page is more than the rules allow' },
	coding: { limit: false, level: 'warn', message: 'The page is not in the content coding that it names' },
	charset: { limit: false, level: 'warn', message: 'The page is in a charset that is refused' },
	empty: { limit: false, level: null, message: 'The page is empty' },
	error: { limit: false, level: 'error', message: 'The theme failed' },
};

/** Thrown where the reason is known. */
export class Skip extends Error {
	override readonly name = 'Skip';
	readonly reason: Reason;
	constructor(reason: Reason, cause?: unknown) {
		super(reasons[reason].message, cause === undefined ? undefined : { cause });
		this.reason = reason;
	}
}

/** What anything thrown on the way stands for. */
export function reasonOf(error: unknown): Reason {
	if (error instanceof Skip) return error.reason;
	if (error instanceof TooLarge || error instanceof TooMuch) return 'bytes';
	if (error instanceof RefusedCharset) return 'charset';
	return limitOf(error) === null ? 'error' : 'limit';
}
