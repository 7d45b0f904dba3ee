/** Which answers are compressed for those who like it: a table of what is left alone, and why. */
import { type OutgoingResponse, payloadLength } from '../../convention/index.ts';
import { listOf, tags, wholeNumber } from '../../fields/index.ts';
import type { Settings } from './options.ts';
import { essence } from './types.ts';

/** Statuses without content of their own, and parts of something (RFC 9110 section 14.2: ranges are of the coded bytes). */
const LEFT_ALONE: readonly number[] = [204, 205, 206, 304];

export class Eligible {
	private readonly settings: Settings;
	/** What was decided of a value of Content-Type; apps have few. */
	private readonly known: Map<string, boolean> = new Map();

	constructor(settings: Settings) {
		this.settings = settings;
	}

	/** Whether the answer may go out in a coding. `head`: there is no content, but what is said of it is the same. */
	is(response: OutgoingResponse, head: boolean): boolean {
		const { status, fields, tunnel, payload } = response;
		if (tunnel !== undefined || status < 200 || LEFT_ALONE.includes(status)) return false;
		if (payload === null && !head) return false;
		if (fields.hasTagged(tags['content-encoding']) || fields.hasTagged(tags['content-range'])) return false;
		const type = fields.getTagged(tags['content-type']);
		if (type === null || !this.likes(type)) return false;
		const length = lengthOf(response, head);
		if (length !== null && length < this.settings.threshold) return false;
		if (!this.settings.cookies && fields.hasTagged(tags['set-cookie'])) return false;
		return !forbidsTransforming(fields.getTagged(tags['cache-control']));
	}

	private likes(contentType: string): boolean {
		const known = this.known.get(contentType);
		if (known !== undefined) return known;
		const answer = this.settings.types(essence(contentType));
		// Upstreams can say what they like: not everything is remembered.
		if (this.known.size < 256 && contentType.length < 200) this.known.set(contentType, answer);
		return answer;
	}
}

function lengthOf({ payload, fields }: OutgoingResponse, head: boolean): number | null {
	if (payload !== null || !head) return payloadLength(payload);
	const length = wholeNumber(fields.getTagged(tags['content-length']) ?? '');
	return length < 0 ? null : length;
}

/** RFC 9111 section 5.2.2.6. */
function forbidsTransforming(cacheControl: string | null): boolean {
	if (cacheControl === null || cacheControl.length < 'no-transform'.length) return false;
	return listOf(cacheControl).some((one) => one.toLowerCase() === 'no-transform');
}
