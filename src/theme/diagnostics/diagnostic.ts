/** What is wrong with rules or a theme, said so that it can be mended: where, what, and what was probably meant. */
import { type Place, placeName } from './place.ts';

export interface Diagnostic {
	readonly severity: 'error' | 'warning';
	/** Stable, for programs: `unknown-element`, `bad-selector`, `conflict` … */
	readonly code: string;
	/** One sentence, without the place. */
	readonly message: string;
	/** What to do about it, or null. */
	readonly hint: string | null;
	readonly place: Place | null;
}

/** Thrown when rules cannot be used; carries all that was found, errors first. */
export class ThemeError extends Error {
	readonly diagnostics: readonly Diagnostic[];

	constructor(diagnostics: readonly Diagnostic[]) {
		super(diagnostics.map(oneLine).join('\n'));
		this.name = 'ThemeError';
		this.diagnostics = diagnostics;
	}
}

/** `rules.xml:12:7: error: There is no element 'repalce'. Did you mean 'replace'?` */
export function oneLine({ severity, message, hint, place }: Diagnostic): string {
	const where = place === null ? '' : `${placeName(place)}: `;
	return `${where}${severity}: ${message}${hint === null ? '' : ` ${hint}`}`;
}

/** Collects while reading goes on, so that one run shows every mistake. */
export class Diagnostics {
	readonly all: Diagnostic[] = [];

	error(code: string, message: string, place: Place | null, hint: string | null = null): void {
		this.all.push({ severity: 'error', code, message, hint, place });
	}

	warn(code: string, message: string, place: Place | null, hint: string | null = null): void {
		this.all.push({ severity: 'warning', code, message, hint, place });
	}

	get failed(): boolean {
		return this.all.some((one) => one.severity === 'error');
	}

	/** Throws ThemeError when there was an error. */
	check(): void {
		if (this.failed) throw new ThemeError(this.all.toSorted((a, b) => Number(a.severity > b.severity)));
	}
}
