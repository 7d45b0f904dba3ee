/**
 * What a session adds to an answer: its cookie, and words to caches. An answer that was made from a session is for one
 * browser alone, and one that sets its cookie all the more (RFC 9111 section 7.3); what an app has said more strictly stands.
 */
import { OutgoingResponse, rawResponse } from '../../convention/index.ts';
import { FieldList, listOf } from '../../fields/index.ts';

/** `line` is the value for Set-Cookie, or null; `personal` whether the request brought a session. */
export function answerWith(response: Response, line: string | null, personal: boolean): Response {
	const message = rawResponse(response);
	// A copy: an app may give the same answer to everybody, and one's cookie is nobody else's.
	const fields = FieldList.from(message.fields).copy();
	if (line !== null) fields.append('Set-Cookie', line);
	if (message.status !== 101) {
		if (line !== null) keepFromCaches(fields, 'no-store');
		else if (personal) keepFromCaches(fields, 'private');
		varyByCookie(fields);
	}
	return new OutgoingResponse(message.status, fields, message.payload, message);
}

/** `otherwise` is said where the app has said nothing. */
function keepFromCaches(fields: FieldList, otherwise: string): void {
	// Shared caches heed these before Cache-Control (RFC 9213).
	for (const name of ['CDN-Cache-Control', 'Surrogate-Control']) {
		if (fields.has(name) && !isPrivate(listOf(fields.get(name) ?? ''))) fields.delete(name);
	}
	const said = fields.get('cache-control');
	if (said === null) return fields.append('Cache-Control', otherwise);
	const directives = listOf(said);
	if (isPrivate(directives)) return;
	const kept = directives.filter((directive) => !SHARED.test(directive));
	fields.set('Cache-Control', ['private', ...kept].join(', '));
}

/** Directives that are for shared caches alone; `private` with names of fields says less than `private`. */
const SHARED = /^(?:public|private=.*|s-maxage=.*|s-maxage|proxy-revalidate)$/is;

function isPrivate(directives: readonly string[]): boolean {
	return directives.some((directive) => /^(?:private|no-store)$/i.test(directive));
}

function varyByCookie(fields: FieldList): void {
	const vary = listOf(fields.get('vary') ?? '');
	if (!vary.some((name) => name === '*' || name.toLowerCase() === 'cookie')) fields.append('Vary', 'Cookie');
}
