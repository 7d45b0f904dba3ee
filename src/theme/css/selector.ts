/** A selector taken apart: what every other file of this folder reads. */

/** What stands before a compound: white space is ' '. */
export type Combinator = ' ' | '>' | '+' | '~';

/** Compounds from left to right. */
export interface Complex {
	readonly compounds: readonly Compound[];
	/** Before each compound; for the first ' ', which means nothing unless the selector is relative (inside `:has`). */
	readonly combinators: readonly Combinator[];
}

export interface Name {
	/** Null: none was written. `*`: any. '' : names without a prefix. */
	readonly prefix: string | null;
	/** In lower case; null for `*`. */
	readonly local: string | null;
}

export interface Compound {
	readonly name: Name;
	readonly tests: readonly Test[];
}

export type Operator = 'exists' | '=' | '!=' | '~=' | '|=' | '^=' | '$=' | '*=';

export interface AttributeTest {
	readonly kind: 'attribute';
	readonly name: Name;
	readonly operator: Operator;
	readonly value: string;
	/** The `i` flag. */
	readonly ignoreCase: boolean;
}

/** `an+b` counted over siblings: all of them, those with the same name, or those that a list matches. */
export interface NthTest {
	readonly kind: 'nth';
	readonly a: number;
	readonly b: number;
	readonly fromEnd: boolean;
	readonly ofType: boolean;
	readonly of: readonly Complex[] | null;
}

export interface ListTest {
	readonly kind: 'not' | 'is' | 'has';
	readonly list: readonly Complex[];
}

/** Tests without anything in parentheses. */
export const STATES = ['empty', 'root', 'link', 'checked', 'disabled', 'enabled'] as const;

export type State = (typeof STATES)[number];

export type Test =
	| { readonly kind: 'id' | 'class' | 'contains'; readonly value: string }
	| { readonly kind: 'lang'; readonly ranges: readonly string[] }
	| { readonly kind: State }
	| AttributeTest
	| NthTest
	| ListTest;

/** The compound that the selected element itself has to match. */
export function rightmost(complex: Complex): Compound {
	return complex.compounds[complex.compounds.length - 1] as Compound;
}
