/** Compares what an engine sent with what a wire script expects, as far as it has come. */
import { readChunked, readHead } from './message.ts';
import type { Expected } from './wire-script.ts';

/** `next` is where the matched bytes end. */
export type Match =
	| { readonly kind: 'match'; readonly next: number }
	| { readonly kind: 'more' }
	| { readonly kind: 'no'; readonly why: string };

const MORE: Match = { kind: 'more' };
const no = (why: string): Match => ({ kind: 'no', why });

function pattern(template: string): RegExp {
	const source = template
		.replace(/[.*+?^$()[\]|\\]/g, '\\$&')
		.replaceAll('{any}', '[^\\r\\n]*')
		.replaceAll('{date}', '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z][a-z] \\d{4} \\d\\d:\\d\\d:\\d\\d GMT');
	return new RegExp(`^${source}$`);
}

/** Names without regard to case, as every reader of HTTP sees them. */
function lowerName(line: string): string {
	const colon = line.indexOf(':');
	return line.slice(0, colon).toLowerCase() + line.slice(colon);
}

function matchHead(expected: Expected & { kind: 'head' }, text: string, from: number): Match {
	const head = readHead(text, from);
	if (head === null) {
		const start = text.slice(from, text.indexOf('\r\n', from));
		return text.indexOf('\r\n', from) >= 0 && !pattern(expected.start).test(start)
			? no(`start line ${JSON.stringify(start)}`)
			: MORE;
	}
	if (!pattern(expected.start).test(head.startLine)) return no(`start line ${JSON.stringify(head.startLine)}`);
	const lines = text
		.slice(from, head.next - 4)
		.split('\r\n')
		.slice(1)
		.map(lowerName);
	for (const field of expected.fields) {
		const wanted = pattern(lowerName(field));
		const at = lines.findIndex((line) => wanted.test(line));
		if (at < 0) return no(`no field ${JSON.stringify(field)}`);
		lines.splice(at, 1);
	}
	return lines.length > 0 && !expected.others
		? no(`unexpected fields ${JSON.stringify(lines)}`)
		: { kind: 'match', next: head.next };
}

function matchRaw(wanted: string, text: string, from: number): Match {
	const got = text.slice(from, from + wanted.length);
	if (!wanted.startsWith(got)) return no(`${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
	return got.length === wanted.length ? { kind: 'match', next: from + wanted.length } : MORE;
}

function matchChunked(wanted: string, text: string, from: number): Match {
	// Trailers are matched by what follows: read as if none came.
	const end = text.indexOf('\r\n0\r\n', from - 2);
	if (end < 0) return MORE;
	const body = readChunked(`${text.slice(from, end + 5)}\r\n`, 0)?.body;
	return body === wanted ? { kind: 'match', next: end + 5 } : no(`chunks make ${JSON.stringify(body)}`);
}

function matchBody(text: string, headAt: number, from: number): Match {
	const head = readHead(text, headAt);
	const length = head?.fields.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
	if (length === undefined) return no('a head without Content-Length');
	return text.length >= from + Number(length) ? { kind: 'match', next: from + Number(length) } : MORE;
}

/** Matches all of `expected` against `text` from `from` on. */
export function match(expected: readonly Expected[], text: string, from: number): Match {
	let next = from;
	let head = from;
	for (const one of expected) {
		if (one.kind === 'head') head = next;
		const found =
			one.kind === 'head'
				? matchHead(one, text, next)
				: one.kind === 'raw'
					? matchRaw(one.text, text, next)
					: one.kind === 'chunked'
						? matchChunked(one.text, text, next)
						: matchBody(text, head, next);
		if (found.kind !== 'match') return found;
		next = found.next;
	}
	return { kind: 'match', next };
}
