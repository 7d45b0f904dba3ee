/**
 * Content made to be slow: what is nested, repeated, left open or looked at again and again. Each is as long as it is asked
 * to be, so that time can be compared with length.
 */
import { page } from '../micro/theme-pages.ts';

export interface HostilePage {
	readonly name: string;
	/** A page of about so many characters. */
	page(length: number): string;
}

/** Where the entries of an ordinary page are. */
const MIDDLE = '<div class="entries">';

/** An ordinary page with this in its middle. */
function around(markup: string): string {
	const whole = page(0);
	const at = whole.indexOf(MIDDLE) + MIDDLE.length;
	return whole.slice(0, at) + markup + whole.slice(at);
}

const repeated = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length));

/** The same text as long as need be; in it, `#` becomes a number that is another each time. */
const flood = (name: string, text: string): HostilePage => ({
	name,
	page: (length) => {
		if (!text.includes('#')) return around(repeated(text, length));
		const pieces: string[] = [];
		let total = 0;
		for (let number = 0; total < length; number++) {
			const piece = text.replaceAll('#', String(number));
			pieces.push(piece);
			total += piece.length;
		}
		return around(pieces.join(''));
	},
});

/** Opened, and as often closed. */
const nested = (name: string, open: string, close: string): HostilePage => ({
	name,
	page: (length) => {
		const times = Math.ceil(length / (open.length + close.length));
		return around(open.repeat(times) + close.repeat(times));
	},
});

/** Something, and then text that never ends it. */
const unclosed = (name: string, start: string, text: string): HostilePage => ({
	name,
	page: (length) => around(start + repeated(text, length)),
});

export const hostilePages: readonly HostilePage[] = [
	nested('nested elements', '<div>', '</div>'),
	flood('elements never closed', '<div>'),
	flood('stray end tags', '</p></div></span>'),
	flood('stray end tags of formatting', '</b></a></i>'),
	unclosed('a comment without an end', '<!--', '<!-- x -- > '),
	unclosed('a quote without an end', '<p title="', "x='y> <b>"),
	unclosed('a script without an end', '<script>', '</scrip <!-- <script '),
	unclosed('a textarea without an end', '<textarea>', '</textare '),
	flood('many comments', '<!--><!--->'),
	flood('a flood of <', '<'),
	flood('a flood of </', '</'),
	flood('a flood of <!', '<!'),
	flood('a flood of <!--', '<!--'),
	flood('a flood of <![CDATA[', '<svg><![CDATA['),
	flood('a flood of &', '&'),
	flood('a flood of &#x', '&#x1F600;&#x'),
	flood('references without semicolon', '&notit &ampx &CounterClockwiseContourIntegra'),
	{ name: 'a start tag of many attributes', page: (length) => around(`<p ${manyAttributes(length)}>x</p>`) },
	{ name: 'a class of many words', page: (length) => around(`<p class="${repeated('discreet x ', length)}">x</p>`) },
	nested('nested tables', '<table><tr><td>', '</td></tr></table>'),
	flood('tables never closed', '<table><tr><td>'),
	flood('rows outside of tables', '<tr><td></tr>'),
	flood('formatting never closed', '<b id=#>'),
	flood('formatting across blocks', '<b><p></b>x'),
	flood('links in links', '<a href="#">'),
	flood('list items never closed', '<li>x<li><p>y'),
	flood('nested lists never closed', '<ul><li>'),
	flood('nested forms', '<form><div>'),
	flood('nested selects', '<select><option><optgroup>'),
	flood('foreign elements', '<svg><foreignObject><math><mi>'),
	flood('templates', '<template><td>'),
	flood('ruby', '<ruby><rb><rt><rp>'),
	flood('headings', '<h1><h2></h3>'),
	flood('buttons', '<button><p>'),
	flood('bodies and heads', '<body class="a#"><head><html lang=x#>'),
	flood('frames', '<frameset><frame>'),
	flood('names never heard of', '<x-#></x-#>'),
	flood('edited elements', '<p class="discreet">x</p>'),
	nested('nested edited elements', '<div class="discreet">', '</div>'),
	nested('nested elements of an edited kind', '<p class="documentByLine"><b class="date">', '</b></p>'),
	flood('one id again and again', '<div id="content-core"><div id="portal-footer"></div></div>'),
	flood('one id again and again, inside itself', '<div id="content">'),
	flood('titles', '<title>x</title><meta charset=x>'),
	flood('NULs', '\0<\0b\0>'),
	flood('bare text', 'x '),
	flood('blanks', ' \n\t'),
	flood('single quotes and equals signs', '<p =\'"=> '),
];

function manyAttributes(length: number): string {
	const all: string[] = [];
	for (let total = 0, number = 0; total < length; number++) {
		const one = `a${number}=${number}`;
		all.push(one);
		total += one.length + 1;
	}
	return all.join(' ');
}
