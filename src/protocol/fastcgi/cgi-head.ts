/**
 * The head of a CGI response (RFC 3875 section 6): field lines that end in LF or CRLF, then an empty one. Laxer than HTTP in
 * that and in nothing else: what could end a line early, or be read in two ways by whoever comes next, is refused.
 */
import { FieldList, HOP_BY_HOP, isToken, tagOf, tags, trimmed, wholeNumber } from '../../fields/index.ts';
import type { CgiHead } from './events.ts';
import type { FastCgiLimits } from './limits.ts';
import { type Violation, violations } from './violations.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
/** Section 6.3.3; the space and the phrase may be left out, as many scripts do. */
const STATUS = /^([2-9]\d\d)(?:[\t ](.*))?$/;

/** Reads a head whose last byte is the end of its empty line. */
export function parseCgiHead(text: string, limits: FastCgiLimits): CgiHead | Violation {
	const fields = FieldList.empty();
	let status: string | null = null;
	let count = 0;
	for (let at = 0; ; ) {
		const end = text.indexOf('\n', at);
		const line = text.slice(at, text[end - 1] === '\r' && end > at ? end - 1 : end);
		if (line === '') break;
		at = end + 1;
		const colon = line.indexOf(':');
		const name = line.slice(0, Math.max(0, colon));
		if (!isToken(name)) return violations.FIELD_NAME;
		const value = trimmed(line.slice(colon + 1));
		if (NOT_VALUE.test(value)) return violations.FIELD_VALUE;
		if (++count > limits.fieldCount) return violations.FIELDS_TOO_MANY;
		if (name.length === 6 && name.toLowerCase() === 'status') {
			if (status !== null) return violations.STATUS;
			status = value;
		} else {
			fields.push(tagOf(name), name, value);
		}
	}
	return understood(status, fields);
}

function understood(status: string | null, fields: FieldList): CgiHead | Violation {
	if (fields.hasTagged(tags['transfer-encoding'])) return violations.TRANSFER_ENCODING;
	// Section 6.3.4: how we speak with the client is no affair of a script's.
	fields.deleteFlagged(HOP_BY_HOP);
	const length = lengthOf(fields);
	if (length === null) return violations.CONTENT_LENGTH;
	if (status !== null) {
		const match = STATUS.exec(status);
		if (match === null) return violations.STATUS;
		return { status: Number(match[1]), reason: trimmed(match[2] ?? ''), fields, length, redirect: null };
	}
	const location = fields.hasTagged(tags.location) ? fields.all('location') : [];
	if (location.length > 1) return violations.LOCATION;
	const [to] = location;
	if (to === undefined) return { status: 200, reason: '', fields, length, redirect: null };
	// Sections 6.2.2 and 6.2.3. Two slashes begin a name of a host, which is not ours to answer for.
	const redirect = to.startsWith('/') && !to.startsWith('//') ? to : null;
	return { status: 302, reason: '', fields, length, redirect };
}

/** -1 for none, null for what is malformed or says two things. One value said twice is said once. */
function lengthOf(fields: FieldList): number | null {
	if (!fields.hasTagged(tags['content-length'])) return -1;
	const [first, ...others] = fields.all('content-length') as [string, ...string[]];
	const length = wholeNumber(first);
	if (length < 0 || others.some((other) => other !== first)) return null;
	if (others.length > 0) fields.set('Content-Length', first);
	return length;
}
