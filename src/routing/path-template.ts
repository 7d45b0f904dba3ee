/**
 * Where a pattern leads: `/articles/:slug`, `/new/*`, `/item?id=:id`, and for redirects `https://example.org/:slug`. The
 * scheme and the host are written here and nowhere else: nothing that a client sends can change to whom a target leads.
 */

import { formatAuthority, parseAuthority } from '../fields/index.ts';
import { shown } from '../names/index.ts';
import type { PathMatch } from './path-table.ts';
import type { Pattern } from './pattern.ts';

/** A text, or the name of a parameter. */
type Piece = string | { readonly name: string };

/** `https://example.org:8443`, then the rest. */
const ORIGIN = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(.*)$/s;
const NAME = /^[A-Za-z_]\w*$/;

export class PathTemplate {
	readonly text: string;
	/** `https://example.org`, or empty. */
	readonly origin: string;
	/** It has a query of its own, perhaps an empty one. */
	readonly hasQuery: boolean;
	private readonly path: readonly Piece[];
	private readonly rest: boolean;
	private readonly query: readonly Piece[];
	private readonly fragment: string;

	/** `from` has the parameters. Throws TypeError, beginning with `where`, for what could not be sent, or nobody has found. */
	constructor(where: string, text: unknown, from: Pattern, kind: 'target' | 'location') {
		const refused = (reason: string): TypeError => new TypeError(`${where}: ${shown(text)}: ${reason}`);
		if (typeof text !== 'string') throw refused('it is no text');
		this.text = text;
		const absolute = ORIGIN.exec(text);
		if (absolute !== null && kind === 'target')
			throw refused('a target begins with "/"; another host is for redirects');
		this.origin = absolute === null ? '' : originOf(absolute[1] ?? '', absolute[2] ?? '', refused);
		const local = absolute === null ? text : absolute[3] || '/';
		const { path, query, fragment } = split(local, kind === 'location' ? null : refused);
		if (!path.startsWith('/')) throw refused('a path begins with "/"');
		if (path.startsWith('//')) throw refused('what begins with two slashes is another host');
		const segments = path.slice(1).split('/');
		const last = segments.at(-1) ?? '';
		this.rest = last.startsWith('*');
		if (this.rest) checkRest(last.slice(1), from, refused);
		const kept = this.rest ? segments.slice(0, -1) : segments;
		this.path = kept.flatMap((segment): Piece[] => ['/', pieceOf(segment, from, refused)]);
		this.hasQuery = query !== null;
		this.query = query === null ? [] : queryPieces(query, from, refused);
		this.fragment = fragment === null ? '' : `#${encoded(fragment, refused)}`;
	}

	/** The path and the query that are meant by a match, with the request's own query behind where `keep` is set. It begins with one slash. */
	fill(match: PathMatch<unknown>, target: string, keep: boolean): string {
		let path = '';
		for (const piece of this.path) path += typeof piece === 'string' ? piece : (match.values.get(piece.name) ?? '');
		if (this.rest) path += match.rest;
		let query = '';
		for (const piece of this.query)
			query += typeof piece === 'string' ? piece : inQuery(match.values.get(piece.name) ?? '');
		const own = keep ? target.slice(match.end + 1) : '';
		const both = query === '' || own === '' ? query + own : `${query}&${own}`;
		return oneSlash(path) + (both === '' ? '' : `?${both}`) + this.fragment;
	}
}

/** With one slash at its front: two would begin a host. */
export function oneSlash(path: string): string {
	let at = 0;
	while (path.charCodeAt(at) === 0x2f) at++;
	return at === 1 ? path : `/${path.slice(at)}`;
}

type Refused = (reason: string) => TypeError;

function originOf(scheme: string, authority: string, refused: Refused): string {
	const lower = scheme.toLowerCase();
	if (lower !== 'http' && lower !== 'https') throw refused('only http and https lead anywhere');
	if (/[:*](?!\d*$)/.test(authority) && !authority.startsWith('[')) {
		throw refused('a host has no parameters: whoever asks could choose where the answer leads');
	}
	const parsed = parseAuthority(authority);
	if (parsed === null || parsed.host.includes('%')) throw refused(`${JSON.stringify(authority)} is no host`);
	return `${lower}://${formatAuthority(parsed)}`;
}

function split(
	text: string,
	noFragment: Refused | null,
): { path: string; query: string | null; fragment: string | null } {
	const hash = text.indexOf('#');
	if (hash !== -1 && noFragment !== null) throw noFragment('a target has no "#"');
	const before = hash === -1 ? text : text.slice(0, hash);
	const mark = before.indexOf('?');
	return {
		path: mark === -1 ? before : before.slice(0, mark),
		query: mark === -1 ? null : before.slice(mark + 1),
		fragment: hash === -1 ? null : text.slice(hash + 1),
	};
}

function checkRest(name: string, from: Pattern, refused: Refused): void {
	const last = from.segments.at(-1);
	if (last?.kind !== 'rest') throw refused(`"*${name}": there is no wildcard in ${JSON.stringify(from.text)}`);
	if ((last.name ?? '') !== name) throw refused(`"*${name}": the wildcard is called "*${last.name ?? ''}"`);
}

function pieceOf(segment: string, from: Pattern, refused: Refused): Piece {
	if (segment.startsWith(':')) return parameter(segment.slice(1), from, refused);
	if (segment.startsWith('*')) throw refused(`"${segment}" stands in the middle; a wildcard is the last segment`);
	if (/^(?:\.|%2e){1,2}(?:;|$)/i.test(segment)) throw refused(`"${segment}" leads to another path than it says`);
	if (/%2f|%5c|\\/i.test(segment)) throw refused(`"${segment}" has a slash or a backslash that is none`);
	return encoded(segment, refused);
}

function parameter(name: string, from: Pattern, refused: Refused): Piece {
	if (!NAME.test(name))
		throw refused(`":${name}": a parameter takes a whole segment and is called by letters, digits and _`);
	const known = from.names.filter((one) => one !== restName(from));
	if (!known.includes(name)) throw refused(`":${name}": there is no such parameter in ${JSON.stringify(from.text)}`);
	return { name };
}

function restName({ segments }: Pattern): string | null {
	const last = segments.at(-1);
	return last?.kind === 'rest' ? last.name : null;
}

/** A parameter is a whole value: `page=:page`. */
function queryPieces(query: string, from: Pattern, refused: Refused): Piece[] {
	return query.split('&').flatMap((pair, index): Piece[] => {
		const and = index === 0 ? '' : '&';
		const equals = pair.indexOf('=:');
		if (equals === -1) return [and + encoded(pair, refused)];
		return [and + encoded(pair.slice(0, equals + 1), refused), parameter(pair.slice(equals + 2), from, refused)];
	});
}

/** What is written may be decoded text, or encoded already. */
function encoded(text: string, refused: Refused): string {
	if (/%(?![0-9A-Fa-f]{2})/.test(text)) throw refused('a percent sign that encodes nothing');
	// oxlint-disable-next-line no-control-regex -- control characters are the point
	if (/[\u0000-\u001f\u007f]/.test(text) || !text.isWellFormed()) throw refused('a character that no target has');
	return encodeURI(text).replaceAll('%25', '%').replaceAll('%5B', '[').replaceAll('%5D', ']');
}

/** A segment of a path as the value of a parameter of a query, where `&`, `=` and `+` mean something. */
function inQuery(segment: string): string {
	// It was judged: every percent sign in it encodes something.
	return encodeURIComponent(decodeURIComponent(segment));
}
