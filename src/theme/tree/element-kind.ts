/**
 * What the builder has to know about elements, by name: a table first. How they close one another is in html-closing.ts
 * and libxml2-closing.ts. Known elements are found by a hash of the letters, so that a tag costs no string of its own.
 */
import { hazardOf } from './hazards.ts';

/** Has no content and no end tag. */
export const VOID: number = 1 << 0;
/** Its end tag may be left out. */
export const END_OPTIONAL: number = 1 << 1;
/** No tags inside. */
export const RAW: number = 1 << 2;
/** No tags inside, but character references. */
export const ESCAPABLE: number = 1 << 3;
/** Begins `head` where there is none yet. */
export const HEADISH: number = 1 << 4;
/** May stand in `head`, but does not begin one. */
export const IN_HEAD: number = 1 << 5;
/** Stands for `body`, or beside it. */
export const FRAMES: number = 1 << 6;
/** Ends what is open inside when its own end tag comes; an inline element's end tag does not reach through it. */
export const SPECIAL: number = 1 << 7;
/** What is outside does not show through: `p`, `li` and the like out there are not closed from in here. */
export const SCOPE: number = 1 << 8;
/** svg and math. */
export const FOREIGN_ROOT: number = 1 << 9;
/** HTML again inside of svg and math. */
export const INTEGRATION: number = 1 << 10;
/** Cannot stand in svg or math, and ends them. */
export const BREAKOUT: number = 1 << 11;
export const PARAGRAPH: number = 1 << 12;
export const ITEM: number = 1 << 13;
export const TERM: number = 1 << 14;
export const OPTION: number = 1 << 15;
export const OPTION_GROUP: number = 1 << 16;
export const CELL: number = 1 << 17;
export const ROW: number = 1 << 18;
export const ROW_GROUP: number = 1 << 19;
/** caption and colgroup. */
export const CAPTION: number = 1 << 20;
export const TABLE: number = 1 << 21;
export const RUBY: number = 1 << 22;
export const HEADING: number = 1 << 23;
export const LINK: number = 1 << 24;
export const BUTTON: number = 1 << 25;
export const LIST: number = 1 << 26;
/** address, div and p: special, but `li` and `dd` look through them. */
export const SEE_THROUGH: number = 1 << 27;

export interface ElementKind {
	readonly name: string;
	/** Small, to count with. */
	readonly id: number;
	readonly bits: number;
	readonly hazard: number;
}

const BITS: readonly (readonly [bits: number, names: string])[] = [
	[VOID, 'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr'],
	[END_OPTIONAL, 'html head body p li dt dd option optgroup tr td th tbody thead tfoot colgroup caption rp rt rb rtc'],
	[RAW, 'script style xmp iframe noembed noframes plaintext'],
	[ESCAPABLE, 'title textarea'],
	[HEADISH, 'title meta link base style script'],
	[IN_HEAD, 'title meta link base style script noscript template basefont bgsound'],
	[FRAMES, 'frameset noframes'],
	[SCOPE, 'applet caption html table td th marquee object template body'],
	[FOREIGN_ROOT, 'svg math'],
	[INTEGRATION, 'foreignobject desc title mi mo mn ms mtext annotation-xml'],
	[PARAGRAPH, 'p'],
	[ITEM, 'li'],
	[TERM, 'dt dd'],
	[OPTION, 'option'],
	[OPTION_GROUP, 'optgroup'],
	[CELL, 'td th'],
	[ROW, 'tr'],
	[ROW_GROUP, 'tbody thead tfoot'],
	[CAPTION, 'caption colgroup'],
	[TABLE, 'table template html'],
	[RUBY, 'rp rt rb rtc'],
	[HEADING, 'h1 h2 h3 h4 h5 h6'],
	[LINK, 'a'],
	[BUTTON, 'button'],
	[LIST, 'ul ol'],
	[SEE_THROUGH, 'address div p'],
	[
		SPECIAL,
		'address applet article aside base blockquote body button caption center col colgroup dd details dir div dl dt ' +
			'fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe ' +
			'li listing main marquee menu nav noembed noframes noscript object ol p plaintext pre search section select ' +
			'style summary table tbody td template textarea tfoot th thead title tr ul xmp',
	],
	[
		BREAKOUT,
		'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta ' +
			'nobr ol p pre ruby s small span strong strike sub sup table tt u ul var',
	],
	[
		0,
		'abbr acronym audio bdi bdo canvas cite data datalist del dfn dialog font g ins isindex kbd label legend map mark',
	],
	[0, 'meter nextid object output path picture progress q samp slot time use video rect circle line'],
];

/** All bits of one name. */
const bitsByName = new Map<string, number>();
for (const [bits, names] of BITS) {
	for (const name of names.split(' ')) bitsByName.set(name, (bitsByName.get(name) ?? 0) | bits);
}

const kinds: readonly ElementKind[] = [...bitsByName].map(([name, bits], id) => ({
	name,
	id,
	bits,
	hazard: hazardOf(name),
}));
const byName: ReadonlyMap<string, ElementKind> = new Map(kinds.map((kind) => [kind.name, kind]));

const SLOTS = 1024;
const slots: (ElementKind | undefined)[] = new Array<ElementKind | undefined>(SLOTS).fill(undefined);

/** Of the letters in lower case; setting bit 5 does that, and what it does to other characters is the same each time. */
function hash(text: string, start: number, end: number): number {
	let value = end - start;
	for (let i = start; i < end; i++) value = (value * 31 + (text.charCodeAt(i) | 32)) & 0xffff;
	return (value ^ (value >> 6)) & (SLOTS - 1);
}

for (const kind of kinds) {
	let slot = hash(kind.name, 0, kind.name.length);
	while (slots[slot] !== undefined) slot = (slot + 1) & (SLOTS - 1);
	slots[slot] = kind;
}

const LONGEST = Math.max(...kinds.map((kind) => kind.name.length));

/** Is `name`, in lower case, what stands there, in whatever case? */
export function standsAt(name: string, text: string, start: number): boolean {
	for (let i = 0; i < name.length; i++) {
		const c = text.charCodeAt(start + i);
		const wanted = name.charCodeAt(i);
		if (c !== wanted && (c < 65 || c > 90 || c + 32 !== wanted)) return false;
	}
	return true;
}

/** The kinds that one document uses: the known ones, and those it makes up. */
export class ElementKinds {
	private readonly others: Map<string, ElementKind> = new Map();

	/** Of the name at [start, end). */
	at(text: string, start: number, end: number): ElementKind {
		const length = end - start;
		if (length <= LONGEST) {
			let slot = hash(text, start, end);
			for (let kind = slots[slot]; kind !== undefined; kind = slots[slot]) {
				if (kind.name.length === length && standsAt(kind.name, text, start)) return kind;
				slot = (slot + 1) & (SLOTS - 1);
			}
		}
		return this.other(text.slice(start, end).toLowerCase());
	}

	private other(name: string): ElementKind {
		let kind = this.others.get(name);
		if (kind === undefined) {
			kind = { name, id: kinds.length + this.others.size, bits: 0, hazard: hazardOf(name) };
			this.others.set(name, kind);
		}
		return kind;
	}
}

/** One of the known. */
export function kindOf(name: string): ElementKind {
	const kind = byName.get(name);
	if (kind === undefined) throw new Error(`The table of elements has no ${name}.`);
	return kind;
}

export const knownKinds = (): readonly ElementKind[] => kinds;
