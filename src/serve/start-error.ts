/** Why something could not start, in words for the person who started it. */
export class StartError extends Error {
	readonly code = 'ERR_TURNABOUT_START';
	/** What to do about it, or null. */
	readonly hint: string | null;

	constructor(message: string, hint: string | null = null, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.name = 'StartError';
		this.hint = hint;
	}
}

/** Whether it is one, of whatever copy of this package: the command's may be another than the one an app imports. */
export function isStartError(error: unknown): error is StartError {
	return error instanceof Error && 'code' in error && error.code === 'ERR_TURNABOUT_START';
}

/** The system's `code` on an error, or the empty string. */
export function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
