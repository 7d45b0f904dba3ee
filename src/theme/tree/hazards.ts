/**
 * What could make a piece of HTML break out of the place where it is put, one bit each. The builder marks every element
 * with the hazards of its subtree. UNBALANCED decides at once: such a piece is written tag by tag. For the others it is
 * looked up, element by element, what their tags would do where they are put (`markup/nesting.ts`): bits of a whole
 * subtree cannot tell `li` in `li` from two `li` in a list. The bits sort elements by what ends what, and say in one
 * look what a piece may contain. This table and the rules in `markup/nesting.ts` change together.
 */

/** A tag inside has no partner, or a comment, quote or raw text never ends. Matters everywhere. */
export const UNBALANCED = 1;
/** `p`, which any block ends: its own end tag then makes another one. Matters beside BLOCK, and inside `p`. */
export const PARAGRAPH: number = 1 << 1;
/** Ends an open `p`. Matters inside `p`. */
export const BLOCK: number = 1 << 2;
/** `li`: ends an open `li`, and a `p`. Matters inside both, as long as no list stands between. */
export const LIST_ITEM: number = 1 << 3;
/** `dd` and `dt`: end one another, and a `p`. */
export const DEFINITION: number = 1 << 4;
/** `h1` to `h6`: end a heading they stand in directly, and any end tag of them ends any of them. */
export const HEADING: number = 1 << 5;
/** `a`: ends an open `a` anywhere above, through the adoption agency. */
export const LINK: number = 1 << 6;
/** `nobr`: as `a`. */
export const NO_BREAK: number = 1 << 7;
/** `button`: ends an open `button` with everything in it. */
export const BUTTON: number = 1 << 8;
/** `form`: ignored inside `form`, while its end tag ends the outer one. */
export const FORM: number = 1 << 9;
/** `table`: ends a table it stands in without a cell between, and a `p`. */
export const TABLE: number = 1 << 10;
/** `tr`, `td`, `col`, `caption` …: end cells and rows of an open table; ignored outside tables. */
export const TABLE_PART: number = 1 << 11;
/** `select`: inside, most tags are ignored by one generation of parsers and obeyed by the other. */
export const SELECT: number = 1 << 12;
/** `option` and `optgroup`: end the option they stand in. */
export const OPTION: number = 1 << 13;
/** `html`, `head`, `body`, `frameset`, `frame`: merged into the outer document's, ignored, or fatal. Matters everywhere. */
export const DOCUMENT_PART: number = 1 << 14;
/** `svg` and `math`: other rules for all that is inside, and HTML tags that end them. */
export const FOREIGN: number = 1 << 15;
/** `plaintext`: all that follows is text. Matters everywhere. */
export const PLAINTEXT: number = 1 << 16;
/** `template`: shields what is inside, with a stack of insertion modes of its own. */
export const TEMPLATE: number = 1 << 17;
/** `rb`, `rp`, `rt`, `rtc`: end one another and what is left open before them. */
export const RUBY_PART: number = 1 << 18;
/** `b`, `em`, `font` …: left open they are opened again in what follows; harmless when balanced. */
export const FORMATTING: number = 1 << 19;
/** `script`, `style`, `title`, `textarea`, `iframe` …: no tags inside, for some parsers or in some places only. */
export const RAW_TEXT: number = 1 << 20;
/** `input` and `keygen`: end an open `select`. */
export const INPUT: number = 1 << 21;
/** `meta`, `link`, `base` …: the void elements that may stand in `head`. */
export const METADATA: number = 1 << 22;
/** Any other element. Matters where no elements belong: in `head`, `colgroup`, `title`, `script`. */
export const ORDINARY: number = 1 << 23;

const BLOCKS =
	'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup hr ' +
	'listing main menu nav ol pre search section summary ul';

const TABLE_OF_NAMES: readonly (readonly [hazard: number, names: string])[] = [
	[PARAGRAPH, 'p'],
	[BLOCK, BLOCKS],
	[LIST_ITEM | BLOCK, 'li'],
	[DEFINITION | BLOCK, 'dd dt'],
	[HEADING | BLOCK, 'h1 h2 h3 h4 h5 h6'],
	[LINK, 'a'],
	[NO_BREAK, 'nobr'],
	[BUTTON, 'button'],
	[FORM | BLOCK, 'form'],
	[TABLE | BLOCK, 'table'],
	[TABLE_PART, 'caption col colgroup tbody td tfoot th thead tr'],
	[SELECT, 'select'],
	[OPTION, 'option optgroup'],
	[DOCUMENT_PART, 'body frame frameset head html'],
	[FOREIGN, 'math svg'],
	[PLAINTEXT | BLOCK, 'plaintext'],
	[TEMPLATE, 'template'],
	[RUBY_PART, 'rb rp rt rtc'],
	[FORMATTING, 'b big code em font i s small strike strong tt u'],
	[RAW_TEXT, 'iframe noembed noframes noscript script style textarea title'],
	[RAW_TEXT | BLOCK, 'xmp'],
	[INPUT, 'input keygen'],
	[METADATA, 'base basefont bgsound link meta'],
];

const HAZARDS: ReadonlyMap<string, number> = new Map(
	TABLE_OF_NAMES.flatMap(([hazard, names]) => names.split(' ').map((name): [string, number] => [name, hazard])),
);

/** The bits of one element, by its name in lower case; those of a subtree are the bits of all elements in it. */
export function hazardOf(name: string): number {
	return HAZARDS.get(name) ?? ORDINARY;
}
