/** Where a key stands in a request: finding it, and taking it off without touching what stands beside it. */
import { derive, HttpError, type IncomingRequest, type RawRequest } from '../../convention/index.ts';
import { FieldList, type Fields, tags } from '../../fields/index.ts';
import { type RoleWords, twice, withoutCredentials } from '../guard.ts';
import { tokenOf } from '../token-of.ts';
import type { Location } from './options.ts';

/** Characters; ours have less than 100. */
const LONGEST = 1_024;

/** The key, or null when there is none. Throws HttpError 400 when there are several: another reader could take another one. */
export function findKey(request: RawRequest, location: Location, words: RoleWords): string | null {
	const key = lookUp(request, location, words);
	if (key !== null && key.length > LONGEST) throw new HttpError(400, { message: 'This is longer than any key.' });
	return key;
}

function lookUp(request: RawRequest, location: Location, words: RoleWords): string | null {
	if (location.kind === 'credentials') return tokenOf(request, words, location.scheme, location.asUserName);
	const { name } = location;
	const found =
		location.kind === 'field'
			? request.fields.all(name)
			: location.kind === 'cookie'
				? valuesOf(cookiesOf(request.fields), ';', name)
				: valuesOf(queryOf(request.target), '&', name).map(decoded);
	if (found.length > 1) throw twice(`${location.kind === 'field' ? 'the field' : `the ${location.kind}`} ${name}`);
	return found[0] ?? null;
}

/** The same request without it. */
export function withoutKey(request: IncomingRequest, location: Location, words: RoleWords): RawRequest {
	if (location.kind === 'credentials') return withoutCredentials(request, words);
	if (location.kind === 'query') return derive(request, { target: withoutParameter(request.target, location.name) });
	const fields = FieldList.from(request.fields).copy();
	if (location.kind === 'field') fields.delete(location.name);
	else removeCookie(fields, location.name);
	return derive(request, { fields });
}

/** The values of `name=value` between separators. */
function valuesOf(text: string, separator: string, name: string): string[] {
	const values: string[] = [];
	for (const pair of text.split(separator))
		if (nameOf(pair) === name) values.push(pair.slice(pair.indexOf('=') + 1).trim());
	return values;
}

/** Null for a piece without `=`. A name may be written with escapes: `api%5Fkey` is `api_key` to whoever decodes it. */
function nameOf(pair: string): string | null {
	const equals = pair.indexOf('=');
	return equals < 0 ? null : decoded(pair.slice(0, equals).trim());
}

function decoded(text: string): string {
	if (!text.includes('%')) return text;
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function queryOf(target: string): string {
	const question = target.indexOf('?');
	return question < 0 ? '' : target.slice(question + 1);
}

function withoutParameter(target: string, name: string): string {
	const question = target.indexOf('?');
	const kept = target
		.slice(question + 1)
		.split('&')
		.filter((pair) => nameOf(pair) !== name);
	return kept.length === 0 ? target.slice(0, question) : `${target.slice(0, question)}?${kept.join('&')}`;
}

/** RFC 9113 section 8.2.3: HTTP/2 may send them in several lines. */
function cookiesOf(fields: Fields): string {
	return fields.all('cookie').join('; ');
}

function removeCookie(fields: FieldList, name: string): void {
	const kept = cookiesOf(fields)
		.split(';')
		.filter((pair) => nameOf(pair) !== name);
	fields.deleteTagged(tags.cookie);
	const rest = kept.map((pair) => pair.trim()).filter((pair) => pair !== '');
	if (rest.length > 0) fields.append('Cookie', rest.join('; '));
}
