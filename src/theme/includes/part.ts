/** A text with includes, taken apart. ESI and SSI end in the same parts; esi.ts and ssi.ts say which makes which. */
import type { Missed } from './fragment.ts';

/** Which languages are read. */
export interface IncludeSyntax {
	readonly esi: boolean;
	readonly ssi: boolean;
}

/** A document, or the nodes of it that an XPath expression selects: Diazo's `;filter_xpath=`. */
export interface IncludeTarget {
	readonly href: string;
	readonly filter: string | null;
}

export interface Include extends IncludeTarget {
	readonly kind: 'include';
	readonly syntax: 'esi' | 'ssi';
	/** ESI's `alt`: asked when the first fails. */
	readonly alternative: IncludeTarget | null;
	/** ESI's `onerror="continue"`: leaves nothing behind when it fails. */
	readonly optional: boolean;
	/** SSI's `stub`: the name of the block that stands in when it fails or is empty. */
	readonly stub: string | null;
	/** SSI's `wait="yes"`. All is waited for here. */
	readonly wait: boolean;
	/** What is wrong with it: it is not fetched. */
	readonly fault: Missed | null;
	/** The tag as it was written. */
	readonly source: string;
}

/** ESI's `try`: the second, if anything in the first fails. */
export interface Attempt {
	readonly kind: 'try';
	readonly attempt: readonly Part[];
	readonly except: readonly Part[];
}

/** Text stands as it is. */
export type Part = string | Include | Attempt;

export interface IncludeWarning {
	/** Stable: `unsupported`, `unclosed`, `nesting`, `file`, `filter`, `attribute`. */
	readonly code: string;
	readonly message: string;
	/** In UTF-16 units from the start of the text. */
	readonly offset: number;
}

export interface PartTree {
	readonly parts: readonly Part[];
	/** SSI's blocks, by name. */
	readonly blocks: ReadonlyMap<string, readonly Part[]>;
	readonly warnings: readonly IncludeWarning[];
}
