/**
 * Heads as text for the wire. Framing and connection fields are written here and nowhere else (RFC 9112 sections 6
 * and 9.6): those in the list given are passed over, so nobody upstream or in an app can contradict the framing.
 * Which framing a message may have has been decided before; here it is only put into words.
 */
import { type FieldList, FRAMING, tags } from '../../fields/index.ts';
import { CHUNKED, type Framing } from './events.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_REASON = /[^\t\x20-\x7e\x80-\xff]/;

/** The status line; a reason that could not be sent is left out. */
export function statusLine(status: number, reason: string): string {
	if (status === 200 && reason === 'OK') return 'HTTP/1.1 200 OK\r\n';
	return `HTTP/1.1 ${status} ${NOT_REASON.test(reason) ? '' : reason}\r\n`;
}

/** How a head ends: the line that says how the body is framed, if there is one, those given, and the empty line. */
export function headEnd(framing: Framing, upgrade: string, connection: string): string {
	if (upgrade === '' && connection === '') {
		if (framing >= 0) return 'Content-Length: ' + framing + '\r\n\r\n';
		return framing === CHUNKED ? 'Transfer-Encoding: chunked\r\n\r\n' : '\r\n';
	}
	const length = framing >= 0 ? `Content-Length: ${framing}\r\n` : '';
	const line = framing === CHUNKED ? 'Transfer-Encoding: chunked\r\n' : length;
	return `${line}${upgrade}${connection}\r\n`;
}

/** The Upgrade line kept from `fields`, or nothing (RFC 9110 section 7.8). */
export function upgradeLine(fields: FieldList): string {
	const value = fields.getTagged(tags.upgrade);
	return value === null || value === '' ? '' : `Upgrade: ${value}\r\n`;
}

/** The Connection line of a response: what it must say to be understood, and nothing that goes without saying. */
export function responseConnectionLine(persistent: boolean, upgrade: boolean, version: number): string {
	if (upgrade) return persistent ? 'Connection: Upgrade\r\n' : 'Connection: Upgrade, close\r\n';
	if (!persistent) return 'Connection: close\r\n';
	return version === 10 ? 'Connection: keep-alive\r\n' : '';
}

/** The Connection line of a request, naming the hop-by-hop fields that it holds (RFC 9110 section 7.6.1). */
export function requestConnectionLine(persistent: boolean, upgrade: boolean, te: boolean): string {
	if (persistent && !upgrade && !te) return '';
	const options = [];
	if (upgrade) options.push('Upgrade');
	if (te) options.push('TE');
	if (!persistent) options.push('close');
	return `Connection: ${options.join(', ')}\r\n`;
}

/** An informational head; it has neither framing nor connection fields (RFC 9110 section 15.2). */
export function informationalHead(status: number, reason: string, fields: FieldList): string {
	return `${statusLine(status, reason)}${fields.serialize(FRAMING)}\r\n`;
}
