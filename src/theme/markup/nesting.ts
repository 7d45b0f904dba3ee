/**
 * What an HTML5 parser makes of a start tag, depending on what is open: the tree construction of the standard, reduced to
 * one question. A state is a set of bits about the open elements; a rule says for an element in which states its start
 * tag would end something else, be ignored or be taken for something else (a conflict), and what the state is inside.
 * Where no start tag conflicts and every end tag belongs to the element that is open last, the parser's tree is the
 * written tree, and nothing breaks out. In doubt a rule forbids. `tree/hazards.ts` is the short form of this table.
 */

/** In every state: what forbids it may stand nowhere. */
const ALWAYS: number = 1 << 0;
/** IN: somewhere above, with nothing between that shields. */
export const IN_PARAGRAPH: number = 1 << 1;
const IN_ITEM: number = 1 << 2;
const IN_DEFINITION: number = 1 << 3;
const IN_LINK: number = 1 << 4;
const IN_NO_BREAK: number = 1 << 5;
const IN_BUTTON: number = 1 << 6;
const IN_FORM: number = 1 << 7;
const IN_SELECT: number = 1 << 8;
/** Somewhere in a table; in a cell or caption of it; in what has been moved out of it (foster parenting). */
const IN_TABLE: number = 1 << 9;
const IN_CELL: number = 1 << 10;
const FOSTERED: number = 1 << 11;
/** Raw text for a parser that runs scripts, markup for another: has to hold for both. */
export const IN_NOSCRIPT: number = 1 << 12;
/** ON: what is open last. */
const ON_HEADING: number = 1 << 13;
const ON_OPTION: number = 1 << 14;
const ON_TABLE: number = 1 << 15;
const ON_SECTION: number = 1 << 16;
const ON_ROW: number = 1 << 17;
const ON_COLUMNS: number = 1 << 18;
const ON_HEAD: number = 1 << 19;
/** Script and the like: text without references. */
export const ON_RAW: number = 1 << 20;
/** `title` and `textarea`: text with references. */
export const ON_PLAIN: number = 1 << 21;
export const ON_SVG: number = 1 << 22;
export const ON_MATH: number = 1 << 23;
/** Something that a ruby part ends. */
const ON_LOOSE: number = 1 << 24;
const ON_RUBY_CONTAINER: number = 1 << 25;
/** The hole itself is a table's or a section's: what a parser would imply there, would stay open behind the hole. */
const ON_TABLE_HOLE: number = 1 << 26;
/** Outside all, or directly in html: nothing is there to protect. */
export const ON_DOCUMENT: number = 1 << 27;
/** A template of table parts. */
export const ON_TEMPLATE: number = 1 << 28;

export const ON_FOREIGN: number = ON_SVG | ON_MATH;
/** Text other than white space would end what is open. */
export const NO_TEXT: number = ON_HEAD | ON_COLUMNS;
const NO_ELEMENTS: number = ON_HEAD | ON_COLUMNS | ON_RAW | ON_PLAIN;
const TABLE_MODES: number = ON_TABLE | ON_SECTION | ON_ROW;
const ALL_IN: number = ON_HEADING - 2;

/** What "has an element in scope" does not look beyond. */
const SCOPED: number = IN_PARAGRAPH | IN_ITEM | IN_DEFINITION | IN_NO_BREAK | IN_BUTTON;
const ITEMS: number = IN_ITEM | IN_DEFINITION;

export interface Rule {
	/** A conflict in states with one of these. */
	readonly forbid: number;
	/** A conflict in states with none of these; 0: no such condition. */
	readonly need: number;
	/** What of the outer state holds inside, and what is new there. */
	readonly keep: number;
	readonly set: number;
	/** No content, no end tag. */
	readonly isVoid: boolean;
	/** Its content is text only. */
	readonly isRaw: boolean;
	/** In conflict its tags are left out, rather than what it stands in ended early. */
	readonly yields: boolean;
	/** Part of a table's structure: not moved out of it. */
	readonly isTabular: boolean;
}

const ORDINARY: Rule = {
	forbid: NO_ELEMENTS,
	need: 0,
	keep: ALL_IN,
	set: 0,
	isVoid: false,
	isRaw: false,
	yields: false,
	isTabular: false,
};

/** ESI's elements will be gone when a browser reads the page: what is in them stands in what is around them. */
const TRANSPARENT: Rule = { ...ORDINARY, keep: -1, isTabular: true };

const rules = new Map<string, Rule>();

function rule(names: string, changes: Partial<Rule>): void {
	for (const name of names.split(' ')) rules.set(name, { ...ORDINARY, ...changes });
}

const forbid = (states: number): { forbid: number } => ({ forbid: NO_ELEMENTS | states });

rule('address div dialog search hgroup', forbid(IN_PARAGRAPH));
rule(
	'article aside blockquote center details dir dl fieldset figcaption figure footer header listing main menu nav ol pre ' +
		'section summary ul',
	{ ...forbid(IN_PARAGRAPH), keep: ALL_IN & ~ITEMS },
);
rule('p', { ...forbid(IN_PARAGRAPH), set: IN_PARAGRAPH | ON_LOOSE });
rule('li', { ...forbid(IN_PARAGRAPH | IN_ITEM), keep: ALL_IN & ~ITEMS, set: IN_ITEM | ON_LOOSE });
rule('dd dt', { ...forbid(IN_PARAGRAPH | IN_DEFINITION), keep: ALL_IN & ~ITEMS, set: IN_DEFINITION | ON_LOOSE });
rule('h1 h2 h3 h4 h5 h6', { ...forbid(IN_PARAGRAPH | ON_HEADING), keep: ALL_IN & ~ITEMS, set: ON_HEADING });
rule('a', { ...forbid(IN_LINK), set: IN_LINK, yields: true });
rule('nobr', { ...forbid(IN_NO_BREAK), set: IN_NO_BREAK, yields: true });
rule('button', {
	...forbid(IN_BUTTON),
	keep: ALL_IN & ~(ITEMS | IN_PARAGRAPH),
	set: IN_BUTTON,
	yields: true,
});
rule('form', { ...forbid(IN_PARAGRAPH | IN_FORM), keep: ALL_IN & ~ITEMS, set: IN_FORM, yields: true });
rule('applet marquee object', { keep: ALL_IN & ~(SCOPED | IN_LINK) });
rule('select', { ...forbid(IN_SELECT), keep: ALL_IN & ~ITEMS, set: IN_SELECT });
rule('option', { ...forbid(ON_OPTION), set: ON_OPTION | ON_LOOSE });
rule('optgroup', { ...forbid(ON_OPTION), set: ON_LOOSE });
rule('rp rt', { ...forbid(ON_LOOSE), set: ON_LOOSE });
rule('rb', { ...forbid(ON_LOOSE | ON_RUBY_CONTAINER), set: ON_LOOSE });
rule('rtc', { ...forbid(ON_LOOSE | ON_RUBY_CONTAINER), set: ON_RUBY_CONTAINER });

const OUTSIDE_CELLS: number = ALL_IN & ~(SCOPED | IN_CELL | FOSTERED);
rule('table', {
	...forbid(IN_PARAGRAPH | TABLE_MODES | FOSTERED | IN_SELECT | ON_TEMPLATE),
	keep: OUTSIDE_CELLS,
	set: ON_TABLE | IN_TABLE,
	isTabular: true,
});
const part = (need: number, set: number): Partial<Rule> => ({
	...forbid(IN_CELL | FOSTERED | IN_SELECT),
	need,
	keep: OUTSIDE_CELLS,
	set,
	isTabular: true,
});
rule('caption', { ...part(ON_TABLE | ON_TEMPLATE, IN_CELL), keep: OUTSIDE_CELLS & ~IN_LINK });
rule('colgroup', part(ON_TABLE | ON_TEMPLATE, ON_TABLE));
rule('tbody tfoot thead', part(ON_TABLE | ON_TEMPLATE, ON_SECTION));
rule('tr', part(ON_TABLE | ON_SECTION | ON_TEMPLATE, ON_ROW));
rule('td th', {
	...part(TABLE_MODES | ON_TEMPLATE, IN_CELL),
	...forbid(IN_CELL | FOSTERED | IN_SELECT | ON_TABLE_HOLE),
	keep: OUTSIDE_CELLS & ~IN_LINK,
});
rule('col', { ...part(ON_TABLE | ON_COLUMNS, 0), forbid: IN_CELL | FOSTERED | IN_SELECT, isVoid: true });

rule('html', { ...forbid(0), need: ON_DOCUMENT, keep: 0, set: ON_DOCUMENT, yields: true });
rule('head', { ...forbid(0), need: ON_DOCUMENT, keep: 0, set: ON_HEAD, yields: true });
rule('body', { ...forbid(0), need: ON_DOCUMENT, keep: 0, set: 0, yields: true });
rule('frameset', { ...forbid(0), need: ON_DOCUMENT, keep: 0, set: ON_DOCUMENT, yields: true });
rule('frame', { ...forbid(0), need: ON_DOCUMENT, isVoid: true, yields: true });
rule('plaintext', { forbid: ALWAYS, yields: true });
rule('template', { forbid: ON_RAW | ON_PLAIN, keep: IN_NOSCRIPT, isTabular: true });
rule('svg', { ...forbid(IN_SELECT), set: ON_SVG });
rule('math', { ...forbid(IN_SELECT), set: ON_MATH });
/** Foreign elements even where HTML may stand inside `math`. */
rule('malignmark mglyph', { need: ON_MATH });

const RAW: Partial<Rule> = { isRaw: true, set: ON_RAW };
rule('iframe noembed', { ...RAW, ...forbid(IN_SELECT) });
rule('xmp', { ...RAW, ...forbid(IN_SELECT | IN_PARAGRAPH) });
rule('noframes', { ...RAW, forbid: ON_COLUMNS | ON_RAW | ON_PLAIN | IN_SELECT });
rule('style', { ...RAW, forbid: ON_COLUMNS | ON_RAW | ON_PLAIN | IN_SELECT, isTabular: true });
rule('script', { ...RAW, forbid: ON_COLUMNS | ON_RAW | ON_PLAIN, isTabular: true });
rule('title', { isRaw: true, set: ON_PLAIN, forbid: ON_COLUMNS | ON_RAW | ON_PLAIN | IN_SELECT });
rule('textarea', { isRaw: true, set: ON_PLAIN, ...forbid(IN_SELECT) });
rule('noscript', {
	forbid: ON_COLUMNS | ON_RAW | ON_PLAIN | IN_SELECT | IN_NOSCRIPT,
	keep: (ALL_IN & ~ITEMS) | ON_HEAD,
	set: IN_NOSCRIPT,
	yields: true,
});
rule('area br embed image img param source track wbr', { isVoid: true });
rule('hr', { ...forbid(IN_PARAGRAPH), isVoid: true });
rule('input keygen', { ...forbid(IN_SELECT), isVoid: true });
rule('base basefont bgsound link meta', { forbid: ON_COLUMNS | ON_RAW | ON_PLAIN, isVoid: true });

/** Start tags that end `svg` and `math`; `font` only with some attributes, `html` never, but neither belongs there. */
const BREAKOUTS: ReadonlySet<string> = new Set(
	(
		'b big blockquote body br center code dd div dl dt em embed font h1 h2 h3 h4 h5 h6 head hr html i img li listing menu ' +
		'meta nobr ol p pre ruby s small span strike strong sub sup table tt u ul var'
	).split(' '),
);
const SVG_HOSTS: ReadonlySet<string> = new Set(['foreignobject', 'foreignObject', 'desc', 'title']);
const MATH_HOSTS: ReadonlySet<string> = new Set(['mi', 'mo', 'mn', 'ms', 'mtext']);

/** Outside all elements. */
export const DOCUMENT_STATE: number = ALWAYS | ON_DOCUMENT;

export function ruleOf(name: string): Rule {
	return rules.get(name) ?? (name.startsWith('esi:') ? TRANSPARENT : ORDINARY);
}

/** Whether the start tag would do anything but open an element here. */
export function conflicts(state: number, name: string, rule: Rule): boolean {
	if ((state & ON_FOREIGN) !== 0) return BREAKOUTS.has(name) || (name === 'noscript' && (state & IN_NOSCRIPT) !== 0);
	return (state & rule.forbid) !== 0 || (rule.need !== 0 && (state & rule.need) === 0);
}

/** Whether ending some of the open elements first could help. */
export function canGiveWay(state: number, rule: Rule): boolean {
	return !rule.yields && (!rule.isTabular || rule.need === 0 || (state & IN_TABLE) !== 0);
}

/** The state in an element that stands in `state`. */
export function inside(state: number, name: string, rule: Rule): number {
	if ((state & ON_FOREIGN) !== 0) {
		const hosts = (state & ON_SVG) === 0 ? MATH_HOSTS : SVG_HOSTS;
		return hosts.has(name) ? (state & ALL_IN & ~SCOPED) | ALWAYS : state;
	}
	if ((state & TABLE_MODES) !== 0) {
		// A form in a table's structure is never open, but remembered.
		if (name === 'form') return state | IN_FORM;
		if (!rule.isTabular) return (state & rule.keep) | rule.set | ALWAYS | FOSTERED;
	}
	return (state & rule.keep) | rule.set | ALWAYS;
}

/** The state of a hole, where what is implied by the content must not stay open. */
export function atHole(state: number, innermost: string | undefined): number {
	if (innermost === 'colgroup') return (state & ~ON_TABLE) | ON_COLUMNS;
	return (state & (ON_TABLE | ON_SECTION)) === 0 ? state : state | ON_TABLE_HOLE;
}
