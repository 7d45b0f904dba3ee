/** Which media types are worth it: what is text, or text inside. What is compressed in itself only grows. */

import { trimmed } from '../../fields/index.ts';
import { shown } from '../../names/index.ts';

const TEXTS: ReadonlySet<string> = new Set([
	...['application/json', 'application/javascript', 'application/ecmascript', 'application/xml', 'application/wasm'],
	...[
		'application/graphql',
		'application/x-ndjson',
		'application/jsonl',
		'application/x-javascript',
		'application/sql',
	],
	...['application/yaml', 'application/toml', 'application/rtf', 'application/x-www-form-urlencoded'],
	...[
		'application/vnd.ms-fontobject',
		'application/postscript',
		'image/bmp',
		'image/vnd.microsoft.icon',
		'image/x-icon',
	],
	...['font/ttf', 'font/otf', 'application/x-font-ttf', 'model/gltf+json'],
]);

/** `type` is in lower case and without parameters. */
export function isText(type: string): boolean {
	return type.startsWith('text/') || type.endsWith('+json') || type.endsWith('+xml') || TEXTS.has(type);
}

const PATTERN = /^(?:[\w!#$&^.+-]+\/(?:[\w!#$&^.+-]+|\*)|\*\+[\w.-]+)$/;

/** What the option says, as a question. Throws TypeError. */
export function typesOf(given: readonly string[] | ((type: string) => boolean)): (type: string) => boolean {
	if (typeof given === 'function') return given;
	if (!Array.isArray(given)) throw new TypeError(`compress: types is ${String(given)}, not a list or a function`);
	const exact = new Set<string>();
	const starts: string[] = [];
	const ends: string[] = [];
	for (const one of given as readonly unknown[]) {
		if (typeof one !== 'string' || !PATTERN.test(one)) {
			throw new TypeError(`compress: types has ${shown(one)}, which is no type: text/html, text/*, *+json`);
		}
		const type = one.toLowerCase();
		if (type.startsWith('*')) ends.push(type.slice(1));
		else if (type.endsWith('*')) starts.push(type.slice(0, -1));
		else exact.add(type);
	}
	return (type) =>
		exact.has(type) || starts.some((start) => type.startsWith(start)) || ends.some((end) => type.endsWith(end));
}

/** A value of Content-Type without its parameters, in lower case. */
export function essence(contentType: string): string {
	const semicolon = contentType.indexOf(';');
	return trimmed(contentType, 0, semicolon === -1 ? contentType.length : semicolon).toLowerCase();
}
