/** The Via field (RFC 9110 section 7.6.3): the chain of intermediaries, and the means to notice that we are in it already. */
import { listOf } from './list.ts';
import { isToken } from './syntax.ts';
import { trimmed } from './white-space.ts';

/** One intermediary. */
export interface ViaEntry {
	/** The protocol in which it received the message: `HTTP` unless it was named. */
	readonly protocol: string;
	readonly version: string;
	/** A pseudonym, or a host with or without a port. */
	readonly receivedBy: string;
	/** Its text, without parentheses and backslashes; null when there is none. */
	readonly comment: string | null;
}

const ENTRY =
	/^(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\/)?([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]+([^ \t(),"]+)(?:[ \t]*\((.*)\))?$/s;

/** The intermediaries in the order they were passed. Elements that are malformed are left out. */
export function parseVia(value: string): ViaEntry[] {
	const entries: ViaEntry[] = [];
	for (const element of listOf(value)) {
		const match = ENTRY.exec(element);
		if (match === null) continue;
		const [, protocol = 'HTTP', version = '', receivedBy = '', comment] = match;
		entries.push({
			protocol,
			version,
			receivedBy,
			comment: comment === undefined ? null : trimmed(comment).replace(/\\(.)/gs, '$1'),
		});
	}
	return entries;
}

/** Writes one entry; `HTTP/` is left out, as the field's definition asks. */
export function formatVia(entry: ViaEntry): string {
	const { protocol, version, receivedBy, comment } = entry;
	if (!isToken(protocol) || !isToken(version)) throw new TypeError('Not a protocol for Via');
	if (!/^[^ \t(),"]+$/.test(receivedBy)) throw new TypeError(`Not a name for Via: ${JSON.stringify(receivedBy)}`);
	const prefix = protocol.toUpperCase() === 'HTTP' ? '' : `${protocol}/`;
	const tail = comment === null ? '' : ` (${comment.replace(/[()\\]/g, '\\$&')})`;
	return `${prefix}${version} ${receivedBy}${tail}`;
}

/** Whether `name` is among those who have forwarded the message: it has come back to us. Names are compared without case. */
export function passedThrough(value: string, name: string): boolean {
	const wanted = name.toLowerCase();
	if (!value.toLowerCase().includes(wanted)) return false;
	return parseVia(value).some((entry) => entry.receivedBy.toLowerCase() === wanted);
}
