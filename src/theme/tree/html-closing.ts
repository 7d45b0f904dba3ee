/** Which open elements a start tag closes and how far an end tag reaches, in the html dialect: tables, by name. */
import {
	BUTTON,
	CAPTION,
	CELL,
	type ElementKind,
	HEADING,
	ITEM,
	kindOf,
	knownKinds,
	LINK,
	LIST,
	OPTION,
	OPTION_GROUP,
	PARAGRAPH,
	ROW,
	ROW_GROUP,
	RUBY,
	SCOPE,
	SEE_THROUGH,
	SPECIAL,
	TABLE,
	TERM,
} from './element-kind.ts';

/** Looks outwards for elements with one of the bits, and closes them with all that they hold. */
export interface ClosingStep {
	readonly targets: number;
	/** Bits of elements behind which nobody looks. */
	readonly stops: number;
	/** Bits of elements that do not stop although they have one of those. */
	readonly passes: number;
	/** Goes on to the outermost target instead of ending at the first. */
	readonly outermost: boolean;
	/** When only one kind has the bit: nothing to do while none is open. */
	readonly only: ElementKind | null;
}

/** Every element, whatever its bits. */
export const ANY: number = ~0;
const step = (targets: number, stops: number, only: string | null = null, passes = 0): ClosingStep => ({
	targets,
	stops,
	passes,
	outermost: false,
	only: only === null ? null : kindOf(only),
});
const tablePart = (targets: number, stops: number): ClosingStep => ({ ...step(targets, stops), outermost: true });

/** Asked most of all, and answered without walking (OpenElements.paragraphDepth). */
export const CLOSE_P: ClosingStep = step(PARAGRAPH, SCOPE | BUTTON, 'p');
const ALL_PARTS = CELL | ROW | ROW_GROUP | CAPTION;

const STEPS: readonly (readonly [names: string, steps: readonly ClosingStep[]])[] = [
	[
		'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form header ' +
			'hgroup hr listing main menu nav ol p plaintext pre search section summary table ul xmp',
		[CLOSE_P],
	],
	['h1 h2 h3 h4 h5 h6', [CLOSE_P, step(HEADING, ANY)]],
	['li', [step(ITEM, SPECIAL, 'li', SEE_THROUGH), CLOSE_P]],
	['dt dd', [step(TERM, SPECIAL, null, SEE_THROUGH), CLOSE_P]],
	['option', [step(OPTION, ANY, 'option')]],
	['optgroup', [{ ...step(OPTION | OPTION_GROUP, ANY), outermost: true }]],
	['rb rt rp rtc', [step(RUBY, ANY)]],
	['a', [step(LINK, SCOPE, 'a')]],
	['button', [step(BUTTON, SCOPE, 'button')]],
	['td th', [tablePart(CELL | CAPTION, ROW | ROW_GROUP | TABLE)]],
	['tr', [tablePart(CELL | ROW | CAPTION, ROW_GROUP | TABLE)]],
	['tbody thead tfoot caption colgroup', [tablePart(ALL_PARTS, TABLE)]],
	['col', [tablePart(CELL | ROW | ROW_GROUP, CAPTION | TABLE)]],
];

const stepsByKind: (readonly ClosingStep[] | undefined)[] = [];
for (const [names, steps] of STEPS) for (const name of names.split(' ')) stepsByKind[kindOf(name).id] = steps;

/** What an element's start tag closes. */
export const closingSteps = (kind: ElementKind): readonly ClosingStep[] | undefined => stepsByKind[kind.id];

const PARTS = CELL | ROW | ROW_GROUP | CAPTION | TABLE;
const reaches: number[] = knownKinds().map(({ name, bits }) => {
	if (name === 'template') return 0;
	if (name === 'li') return SCOPE | LIST;
	if (name === 'p') return SCOPE | BUTTON;
	if ((bits & PARTS) !== 0) return TABLE;
	return (bits & (SPECIAL | SCOPE)) !== 0 ? SCOPE : SPECIAL;
});

/** Bits of the elements that an end tag does not reach through. */
export const reachOf = (kind: ElementKind): number => reaches[kind.id] ?? SPECIAL;
