/** What is said of an answer when it goes out in a coding. */
import type { Coding } from '../../coding/index.ts';
import { type FieldList, type Fields, parseEntityTags, tags } from '../../fields/index.ts';

/** True of the bytes as they were alone: lengths, digests (RFC 9530 and those before it), and ranges, which we could not cut. */
const OF_THE_BYTES = ['content-md5', 'digest', 'content-digest', 'repr-digest', 'accept-ranges'];

export function describeCoded(fields: FieldList, coding: Coding): void {
	fields.deleteTagged(tags['content-length']);
	for (const name of OF_THE_BYTES) fields.delete(name);
	fields.append('Content-Encoding', coding);
	weaken(fields);
}

/** RFC 9110 section 8.8.3.3: one strong tag is never that of two codings. A weak one says that they mean the same. */
function weaken(fields: Fields): void {
	const tag = fields.get('etag');
	if (tag?.startsWith('"')) fields.set('ETag', `W/${tag}`);
}

/** RFC 9110 section 15.4.5: 304 says the tag that 200 would have said, which is the one that the client has from us. */
export function weakenNotModified(fields: Fields, asked: Fields): void {
	const tag = fields.get('etag');
	if (!tag?.startsWith('"')) return;
	const known = parseEntityTags(asked.get('if-none-match') ?? '');
	if (known === null || known === '*') return;
	if (known.some(({ weak, opaque }) => weak && opaque === tag)) weaken(fields);
}
