/** What is wrong with a theme, for the overlay in the browser: words and code frames, and no markup. */
import { codeFrame, placeName, ThemeError } from '../diagnostics/index.ts';

export interface Fault {
	readonly severity: 'error' | 'warning';
	readonly code: string | null;
	readonly message: string;
	readonly hint: string | null;
	/** `rules.xml:12:7`, or null. */
	readonly where: string | null;
	/** The lines around it, or null. */
	readonly frame: string | null;
}

/** As many as a person reads at once. */
const MOST = 20;

/** Errors first, as they were collected. `shown`: a file's name as people are to see it. */
export function faultsOf(error: unknown, shown: (name: string) => string): readonly Fault[] {
	if (!(error instanceof ThemeError)) return [plainFault(error)];
	return error.diagnostics.slice(0, MOST).map(({ severity, code, message, hint, place }) => ({
		severity,
		code,
		message,
		hint,
		where: place === null ? null : shown(placeName(place)),
		frame: place === null || place.file.text === '' ? null : codeFrame(place),
	}));
}

function plainFault(error: unknown): Fault {
	const { message, hint, code } =
		error instanceof Error ? (error as Error & Partial<Fault>) : { message: String(error) };
	const words = (word: unknown): string | null => (typeof word === 'string' ? word : null);
	return { severity: 'error', code: words(code), message, hint: words(hint), where: null, frame: null };
}
