/** Where mistakes in rules are told, and how grave they are. */
import type { Diagnostics, Place } from '../diagnostics/index.ts';

export class Mistakes {
	readonly diagnostics: Diagnostics;
	readonly #compat: boolean;

	constructor(diagnostics: Diagnostics, compat: boolean) {
		this.diagnostics = diagnostics;
		this.#compat = compat;
	}

	error(code: string, message: string, place: Place | null, hint: string | null = null): void {
		this.diagnostics.error(code, message, place, hint);
	}

	/** A mistake that Diazo passes over in silence: with `compat: 'diazo'` it is a warning. */
	passedOver(code: string, message: string, place: Place, hint: string | null = null): void {
		if (this.#compat) this.diagnostics.warn(code, message, place, hint);
		else this.diagnostics.error(code, message, place, hint);
	}
}
