/** Malformed HTML from a seed: tags that do not match, tokens that never end, elements where they do not belong. */

/** A generator of numbers from 0 to below 1; the same for the same seed. */
export function randomFrom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

const NAMES = (
	'div p p span a a b i em font nobr ul ol li li dl dt dd h1 h2 section article form button table table tbody thead tr tr td ' +
	'td th caption colgroup col select option optgroup input img br hr svg math g path foreignObject desc title mi mtext ' +
	'annotation-xml script style textarea xmp iframe noscript noembed noframes plaintext template html head body frameset frame ' +
	'ruby rb rt rp rtc object marquee applet pre listing address fieldset details summary dialog label x-y meta link base ' +
	'image keygen source wbr center u code small'
).split(' ');
const TEXTS = ['x', ' ', 'a &amp; b', '<', 'a < b', '&lt', '</', '<!', '\n', ']]>', '-->', "'", '"', '<3', '< p>', '&'];
const ODD = [
	'<!-- c -->',
	'<!-->',
	'<!--->',
	'<!-- --!> ',
	'<!-- </div>',
	'<!-- </noscript> -->',
	'<![CDATA[ </svg> <div> ]]>',
	'<![CDATA[x',
	'<?php a > b ?>',
	'<!doctype html>',
	'</ div>',
	'</>',
	'<div title="</noscript>">',
	'<path d=x/>',
	'<div a=">" b=\'',
	'<p "a>b">',
	'<a href=x"y>',
	'<div/>',
	'<script/>',
	'<script><!-- <script> </script>',
	'<style></div></style>',
	'<textarea></div></textarea>',
	'<title></div></title>',
	'</p>',
	'</br>',
	'</body>',
	'</html>',
	'<svg/>',
	'<p/x>',
	'<b <i>',
	'<div =a>',
	'<select><input>',
	'<table><table>',
	'<li><div><li>',
	'<svg><style></div></style></svg>',
];

export function malformedHtml(random: () => number): string {
	const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
	const open: string[] = [];
	let html = '';
	const length = 2 + Math.floor(random() * 18);
	for (let i = 0; i < length; i++) {
		const kind = random();
		if (kind < 0.5) {
			const name = pick(NAMES);
			open.push(name);
			html += `<${name}${pick(['', '', '', ' class="a"', ' a', ' b=c', '/'])}>`;
		} else if (kind < 0.72) {
			html += `</${open.pop() ?? pick(NAMES)}>`;
		} else if (kind < 0.8) {
			html += `</${pick(NAMES)}>`;
		} else html += pick(kind < 0.92 ? TEXTS : ODD);
	}
	if (random() < 0.5) while (open.length > 0) html += `</${open.pop()}>`;
	return html;
}
