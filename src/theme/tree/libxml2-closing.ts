/**
 * Which start tags close which open elements in libxml2 2.9, found by trying each pair on it, and what an end tag must
 * weigh to close others. Odd in many places, and kept so: pages and themes were written against it.
 */
import { type ElementKind, kindOf } from './element-kind.ts';

const BLOCKS = 'address blockquote center dir div dl fieldset form frameset hr listing menu ol pre table ul xmp';
const HEADINGS = 'h1 h2 h3 h4 h5 h6';
const ITEMS = 'dd dt li';
const PARTS = 'col colgroup tbody tfoot tr';

const CLOSED_BY: readonly (readonly [open: string, starting: string])[] = [
	['a', 'a fieldset table td th'],
	['address', 'dd dl dt form li ul'],
	['b i', 'center p td th'],
	['font', 'center td th'],
	['span', 'td th'],
	['u', 'p td th'],
	['big s small strike tt', 'p'],
	['caption', `${PARTS} thead`],
	['colgroup', 'colgroup tbody tfoot thead tr'],
	['dd', 'dt'],
	['dt', 'dd dl'],
	['dir menu', 'dd dl dt form ul'],
	['dl', 'form li'],
	['form', 'form'],
	[
		'head',
		`a abbr acronym address b bdo big blockquote body br center cite code dd dfn dir div dl dt em fieldset font form ` +
			`frameset ${HEADINGS} hr i iframe img kbd li listing map menu ol p pre q s samp small span strike strong sub sup ` +
			'table tt u ul var xmp',
	],
	[HEADINGS, 'fieldset form li p table'],
	['legend', 'fieldset'],
	['li', 'li'],
	['listing pre xmp', `dd dl dt fieldset form li table ul`],
	['ol', 'form ul'],
	['ul', 'address form menu ol pre'],
	['option', 'optgroup option'],
	['p', `${BLOCKS} ${HEADINGS} ${ITEMS} ${PARTS} body caption head p td th title`],
	['script', 'noscript'],
	['style title', 'body frameset'],
	['tbody', 'tbody tfoot'],
	['tfoot', 'tbody'],
	['thead', 'tbody tfoot'],
	['td th', 'tbody td tfoot th tr'],
	['tr', 'tbody tfoot tr'],
];
const closers: (Set<ElementKind> | undefined)[] = [];
for (const [open, starting] of CLOSED_BY) {
	for (const name of open.split(' ')) closers[kindOf(name).id] = new Set(starting.split(' ').map(kindOf));
}

/** Does the start tag close the open element? */
export const closes = (starting: ElementKind, open: ElementKind): boolean => closers[open.id]?.has(starting) === true;

const EMPTY = new Set(
	'area base basefont br col frame hr img input isindex link meta param'.split(' ').map((name) => kindOf(name).id),
);

/** Has neither content nor end tag. */
export const isEmptyKind = (kind: ElementKind): boolean => EMPTY.has(kind.id);

const PRIORITIES: readonly (readonly [priority: number, names: string])[] = [
	[150, 'div'],
	[160, 'td th'],
	[170, 'tr'],
	[180, 'thead tbody tfoot'],
	[190, 'table'],
	[200, 'head body'],
	[220, 'html'],
];
const priorities: number[] = [];
for (const [priority, names] of PRIORITIES) for (const name of names.split(' ')) priorities[kindOf(name).id] = priority;

/** A misplaced end tag closes only elements of the same or a lower priority. */
export const priorityOf = (kind: ElementKind): number => priorities[kind.id] ?? 100;
