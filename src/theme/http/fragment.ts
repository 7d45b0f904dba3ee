/**
 * Who asks: somebody who wants a page, or something inside a page. Tables of the request fields that tell, each of which
 * goes into Vary, since with it the answer is another.
 */
import type { Fields } from '../../fields/index.ts';
import type { Settings } from './options.ts';

/** Destinations that show a page (Fetch standard, section 2.2.5). `empty` is a script; all others want no HTML. */
const PAGES: readonly string[] = ['document', 'iframe', 'frame', 'embed', 'object', 'fencedframe'];

interface Mark {
	readonly name: string;
	readonly value: string;
	/** What such a request wants, whatever the rows below it say. */
	readonly wants: 'page' | 'fragment';
}

/** The first row that matches decides. htmx asks for whole pages where it follows links, and after its history is lost. */
const MARKS: readonly Mark[] = [
	{ name: 'HX-Boosted', value: 'true', wants: 'page' },
	{ name: 'HX-History-Restore-Request', value: 'true', wants: 'page' },
	{ name: 'HX-Request', value: 'true', wants: 'fragment' },
	{ name: 'X-Requested-With', value: 'xmlhttprequest', wants: 'fragment' },
	{ name: 'Sec-Fetch-Dest', value: 'empty', wants: 'fragment' },
];

const OFF = ['X-Theme-Off', 'X-Diazo-Off'];
const YES = /^\s*(?:yes|true|on|1)\s*$/i;

/** Whether a message says that it does not want a theme. */
export function saysOff(fields: Fields): boolean {
	return OFF.some((name) => YES.test(fields.get(name) ?? ''));
}

/** Whether the answer to a request is shown as a page, and may be themed. */
export function wantsPage(fields: Fields, settings: Settings): boolean {
	if (settings.offFromClients && saysOff(fields)) return false;
	const destination = fields.get('sec-fetch-dest')?.toLowerCase();
	if (destination !== undefined && destination !== 'empty' && !PAGES.includes(destination)) return false;
	if (settings.fragments) return true;
	const mark = MARKS.find(({ name, value }) => fields.get(name)?.toLowerCase() === value);
	return mark?.wants !== 'fragment';
}

/** The request fields by which `wantsPage` decides. */
export function decidingFields(settings: Settings): readonly string[] {
	const marks = settings.fragments ? ['Sec-Fetch-Dest'] : MARKS.map(({ name }) => name);
	return settings.offFromClients ? [...marks, ...OFF] : marks;
}
