/** An answer from the store: whole, a part of it, or that the client has it already. */
import { OutgoingResponse, type RawRequest } from '../convention/index.ts';
import type { FieldList } from '../fields/index.ts';
import type { CacheOutcome } from './cache-status.ts';
import type { Entry } from './entry.ts';
import type { Wish } from './judgement.ts';
import { partIn, wantedOf } from './parts.ts';
import { multipart, rangesFor } from './ranges.ts';
import { isNotModified, rangeApplies } from './rules/index.ts';
import type { CacheSettings } from './settings.ts';

/** Fields of the bytes, which a 304 does not have (RFC 9110 section 15.4.5). */
const OF_THE_BYTES = [
	'content-length',
	'content-type',
	'content-encoding',
	'content-language',
	'content-range',
	'set-cookie',
];

/** `validated`: its origin has just said that it holds. */
export function answerFrom(
	entry: Entry,
	request: RawRequest,
	wish: Wish,
	settings: CacheSettings,
	outcome: CacheOutcome,
	now: number,
	validated: boolean,
): OutgoingResponse {
	const { fields } = entry;
	const { fields: asked } = wish;
	const clock = Date.now();
	const isKnown = entry.status === 200 && isNotModified(asked, fields, clock);
	const isPart =
		entry.status === 200 && !isKnown && asked.has('range') && entry.isComplete && rangeApplies(asked, fields, clock);
	// Section 5.2.2.4: what it may not be used with before it is validated.
	if (!validated) for (const name of entry.directives.names('no-cache')) fields.delete(name);
	fields.append('Age', String(Math.max(0, Math.floor(entry.age(now)))));
	settings.status?.add(fields, outcome);
	settings.store.used(entry);
	if (isKnown) {
		for (const name of OF_THE_BYTES) fields.delete(name);
		if (fields.has('etag')) fields.delete('last-modified');
		return new OutgoingResponse(304, fields, null, {});
	}
	const { status, reason } = entry;
	if (request.method === 'HEAD') return new OutgoingResponse(status, fields, null, { reason });
	if (isPart) {
		const part = partOf(entry, fields, asked.get('range') as string);
		if (part !== null) return part;
	}
	return new OutgoingResponse(status, fields, entry.read(), { reason });
}

/** What a client wants of a part that is stored by itself; null when it wants more, or something else. */
export function answerFromPart(
	entry: Entry,
	wish: Wish,
	settings: CacheSettings,
	outcome: CacheOutcome,
	now: number,
): OutgoingResponse | null {
	const { fields } = entry;
	const part = partIn(fields);
	const wanted = part === null || !entry.isComplete ? null : wantedOf(wish.fields.get('range') ?? '', part);
	if (part === null || wanted === null || !rangeApplies(wish.fields, fields, Date.now())) return null;
	fields.delete('content-length');
	fields.set('Content-Range', `bytes ${wanted.first}-${wanted.last}/${part.total ?? '*'}`);
	fields.append('Age', String(Math.max(0, Math.floor(entry.age(now)))));
	settings.status?.add(fields, outcome);
	settings.store.used(entry);
	const payload = entry.read(wanted.first - part.first, wanted.last - part.first);
	return new OutgoingResponse(206, fields, payload, { reason: entry.reason });
}

/** RFC 9110 section 14. Null where the range is not one to be kept. */
function partOf(entry: Entry, fields: FieldList, range: string): OutgoingResponse | null {
	const length = entry.bytes;
	const ranges = rangesFor(range, length);
	if (ranges === null) return null;
	fields.delete('content-length');
	if (ranges.length === 0) {
		fields.delete('content-type');
		fields.delete('content-encoding');
		fields.append('Content-Range', `bytes */${length}`);
		return new OutgoingResponse(416, fields, null, {});
	}
	const [only] = ranges;
	if (ranges.length === 1 && only !== undefined) {
		fields.append('Content-Range', `bytes ${only.first}-${only.last}/${length}`);
		return new OutgoingResponse(206, fields, entry.read(only.first, only.last), {});
	}
	return new OutgoingResponse(206, fields, multipart(fields, ranges, entry.content), {});
}
