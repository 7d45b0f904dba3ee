/** Real-looking pages, broken from a seed: cut, swapped, repeated, left open, with pieces where they do not belong. */
import { page } from '../../bench/micro/theme-pages.ts';

const EXTRAS =
	'<section id="portal-extras"><form action="/x" id="f1"><p>One<p>Two<select name="s"><option>a<option selected>b</select>' +
	'<textarea id="t1"></p></textarea><input disabled value=a></form><table id="tbl"><caption>C</caption><tr><td>1<td>2<tr><th>3</table>' +
	'<dl><dt>t<dd>d<dt>u</dl><ul><li>x<li>y<ul><li>z</ul></ul><svg viewBox="0 0 1 1"><title>s</title><path d="M0"/><foreignObject><p>f</p></foreignObject></svg>' +
	'<math><mi>x</mi><mtext><b>y</b></mtext></math><noscript><img src=x></noscript><a href="#"><b><i>z</b></i></a><template><td>t</td></template>' +
	'<ruby>r<rt>t</ruby><button>b</button><h2>h</h2><details><summary>s</summary>d</details><span class="edited">e</span></section>';

const SOURCE = page(1).replace('<footer', () => `${EXTRAS}<footer`);
/** The bounds of tags, where breaking hurts most. */
const EDGES = [...SOURCE.matchAll(/[<>"'=]/g)].map(({ index }) => index);

const ODD = [
	...[
		'<!--',
		'-->',
		'<![CDATA[',
		']]>',
		'<',
		'</',
		'</ >',
		'<?x',
		'"',
		"'",
		'&lt;',
		'&',
		'<!doctype html>',
		'\0',
		'>',
		'=',
		'\r',
		'\f',
	],
	...[
		'</body>',
		'</html>',
		'</head>',
		'</title>',
		'</main>',
		'</div></div></div></div>',
		'</p>',
		'</br>',
		'</table>',
		'</td>',
	],
	...[
		'</form>',
		'</ul>',
		'</aside>',
		'</template>',
		'</svg>',
		'</select>',
		'</script>',
		'</style>',
		'</noscript>',
		'</textarea>',
	],
	...[
		'<plaintext>',
		'<template>',
		'<noscript>',
		'<svg>',
		'<math>',
		'<select>',
		'<table>',
		'<form>',
		'<script>',
		'<style>',
		'<title>',
	],
	...[
		'<textarea>',
		'<frameset>',
		'<frame>',
		'<body class="edited">',
		'<html lang=x>',
		'<head>',
		'<base href="/x/">',
		'<iframe>',
		'<xmp>',
	],
	...[
		'<a href=x>',
		'<b>',
		'<nobr>',
		'<button>',
		'<h1>',
		'<p>',
		'<li>',
		'<td>',
		'<tr>',
		'<caption>',
		'<option>',
		'<object>',
		'<dd>',
	],
	...[
		'<div title="',
		"<p title='",
		'<img alt="<b>" src=x/>',
		'<p/x>',
		'<div =a>',
		'<b <i>',
		'<!-- <div> --!>',
		'<svg><![CDATA[</svg>]]>',
	],
	...[
		'<div class="edited">',
		'<i class=edited',
		'<svg><style></div></style>',
		'<math><annotation-xml encoding="text/html"><div>',
		'&#x3c;div&#x3e;',
	],
	...[
		'<noscript><p title="</noscript><img src=x>">',
		'<table><form></table>',
		'<select><template><select>',
		'<svg></p>',
		'<svg><desc><div>',
	],
] as const;

/** The same for the same `next`, which answers numbers from 0 to below 1. */
export function brokenPage(next: () => number): string {
	const below = (limit: number): number => Math.floor(next() * limit);
	let html = SOURCE;
	const place = (): number =>
		next() < 0.8 ? Math.min(html.length, (EDGES[below(EDGES.length)] as number) + below(2)) : below(html.length);
	for (let times = 1 + below(6); times > 0; times--) {
		const kind = next();
		const from = place();
		if (kind < 0.45) html = html.slice(0, from) + ODD[below(ODD.length)] + html.slice(from);
		else if (kind < 0.65) html = html.slice(0, from) + html.slice(from + 1 + below(60));
		else if (kind < 0.75) html = withoutTag(html, from);
		else if (kind < 0.85) {
			const piece = html.slice(from, from + 5 + below(400));
			const to = place();
			html = html.slice(0, to) + piece + html.slice(to);
		} else if (kind < 0.95)
			html = html.slice(0, from) + html.slice(from).replace(/<(\/?)[a-z0-9]+/, `<$1${NAMES[below(NAMES.length)]}`);
		else html = html.slice(0, from);
	}
	return html;
}

const NAMES =
	'div p ul li a b form table tr td select option svg math template script title h1 body html button noscript textarea x-y'.split(
		' ',
	);

function withoutTag(html: string, from: number): string {
	const start = html.indexOf('<', from);
	const end = html.indexOf('>', start);
	return start < 0 || end < 0 ? html : html.slice(0, start) + html.slice(end + 1);
}
