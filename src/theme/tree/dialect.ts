import type { ElementKind } from './element-kind.ts';

/** How markup is understood: as browsers do, or as libxml2 2.9 does. */
export type Dialect = 'html' | 'libxml2';

/** How far the outer frame of a document has come. */
export interface Progress {
	readonly headOver: boolean;
	/** The start tag of body was read. */
	readonly bodyBegun: boolean;
}

/**
 * Where elements and texts go: what is implied, closed or dropped. Offsets are those of the whole source. The answers of
 * `startTag` and `text` say whether there is a place for it.
 */
export interface TreeRules extends Progress {
	/** There is an element. */
	readonly begun: boolean;
	/** Someone must tell whether a text is only white space; elsewhere it does not matter. */
	readonly asksForBlanks: boolean;
	/** The start tag of an element; its source stands in `text` at `at`. */
	startTag(kind: ElementKind, start: number, end: number, text: string, at: number): boolean;
	endTag(kind: ElementKind, start: number, end: number): void;
	text(at: number, blank: boolean): boolean;
	/** Closes what is open. */
	end(at: number): void;
}
