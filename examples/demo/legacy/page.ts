/**
 * The old site's template engine: a page in `pages/` goes into the layout, `{{name}}` is filled in escaped, `{{{name}}}` as it is.
 * Like its time it speaks ISO-8859-1, and sends pages gzipped to browsers that say they can read it.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

const folder = new URL('./pages/', import.meta.url);
const files = new Map<string, string>();

function file(name: string): string {
	let text = files.get(name);
	if (text === undefined) {
		text = readFileSync(new URL(`${name}.html`, folder), 'utf8');
		files.set(name, text);
	}
	return text;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text made safe between tags and in double quotes. What ISO-8859-1 cannot say becomes a numeric reference. */
export function escapeHtml(text: string): string {
	return text
		.replace(/[&<>"]/g, (character) => entities[character] ?? character)
		.replace(/[^\0-\xff]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
	return template.replace(/\{\{\{(\w+)\}\}\}|\{\{(\w+)\}\}/g, (_match, plain?: string, escaped?: string) =>
		plain === undefined ? escapeHtml(values[escaped ?? ''] ?? '') : (values[plain] ?? ''),
	);
}

/** What a page needs: its title, who is logged in, and its own values. */
export interface PageValues extends Readonly<Record<string, string>> {
	readonly title: string;
	readonly who: string;
}

/** Sends the page called `name` inside the layout. */
export function sendPage(
	request: IncomingMessage,
	response: ServerResponse,
	status: number,
	name: string,
	values: PageValues,
): void {
	const html = fill(file('layout'), { ...values, content: fill(file(name), values) });
	const bytes = Buffer.from(html, 'latin1');
	const gzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
	const body = gzip ? gzipSync(bytes) : bytes;
	response.writeHead(status, {
		'Content-Type': 'text/html; charset=iso-8859-1',
		'Content-Length': body.length,
		Vary: 'Accept-Encoding',
		...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
	});
	response.end(request.method === 'HEAD' ? undefined : body);
}
