/** What is shown while the house is closed: HTML to those who ask for it, a problem (RFC 9457) to everybody else. */
import { weightedList } from '../../fields/index.ts';

/** Whether Accept names HTML, and likes it as well as JSON (RFC 9110 section 12.5.1). Programs ask for anything. */
export function prefersHtml(accept: string | null): boolean {
	if (accept === null) return false;
	let html = 0;
	let json = 0;
	for (const { name, weight } of weightedList(accept)) {
		if (name === 'text/html' || name === 'application/xhtml+xml') html = Math.max(html, weight);
		else if (name === 'application/json' || name === 'application/problem+json') json = Math.max(json, weight);
	}
	return html > 0 && html >= json;
}

export function problem(message: string): string {
	return JSON.stringify({ type: 'about:blank', title: 'Service Unavailable', status: 503, detail: message });
}

export function plainPage(message: string): string {
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Back soon</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color:#222;background:#fff}h1{font-size:1.4rem}@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}}</style>
<h1>Back soon</h1>
<p>${escaped(message)}</p>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
