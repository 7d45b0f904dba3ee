/** The attributes of a start tag, for those few elements of which somebody asks. */
import { decodeAttribute } from './decode.ts';
import { isSpace, TagScanner, UNFINISHED } from './tag-scanner.ts';
import type { Attribute } from './tree.ts';

const SLASH = 47;
/** Up to here a look through the list is quicker than a set. */
const FEW = 8;

/** Reads the start tag `<name ...>` at [start, end); names in lower case, of two with one name the first. */
export function parseAttributes(source: string, start: number, end: number): readonly Attribute[] {
	const closed = end > start && source.charCodeAt(end - 1) === 62;
	const tag = closed ? source.slice(start, end) : `${source.slice(start, end)} >`;
	let at = 1;
	for (; at < tag.length - 1; at++) {
		const c = tag.charCodeAt(at);
		if (isSpace(c) || c === SLASH) break;
	}
	const scanner = new TagScanner();
	const attributes: Attribute[] = [];
	let seen: Set<string> | null = null;
	for (;;) {
		at = scanner.attribute(tag, at);
		if (at === UNFINISHED || scanner.nameEnd === scanner.nameStart) return attributes;
		const name = tag.slice(scanner.nameStart, scanner.nameEnd).toLowerCase();
		if (seen === null ? attributes.some((other) => other.name === name) : seen.has(name)) continue;
		attributes.push({ name, value: decodeAttribute(tag.slice(scanner.valueStart, scanner.valueEnd)) });
		if (seen !== null) seen.add(name);
		else if (attributes.length > FEW) seen = new Set(attributes.map((attribute) => attribute.name));
	}
}
