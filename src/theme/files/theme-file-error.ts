/** Why a file of a theme was not read. Whoever knows where its name stands makes a diagnostic of it. */

export type ThemeFileFault = 'missing-file' | 'outside-root' | 'network' | 'file-too-large' | 'unreadable-file';

export class ThemeFileError extends Error {
	readonly code: ThemeFileFault;
	readonly hint: string | null;

	constructor(code: ThemeFileFault, message: string, hint: string | null) {
		super(message);
		this.name = 'ThemeFileError';
		this.code = code;
		this.hint = hint;
	}
}
