/**
 * What answers tell of a limit: RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10 sections 4 and 5), two
 * lists of structured fields, to which each limit adds a line of its own.
 */
import { FieldLine, type FieldList, structured, tagOf } from '../../fields/index.ts';
import { wholeSeconds } from '../duration.ts';
import type { Bucket } from './limit.ts';
import type { Verdict } from './store.ts';

const TAG = tagOf('ratelimit');

export class LimitFields {
	private readonly policy: FieldLine;
	/** `"default";r=` */
	private readonly opening: string;

	constructor({ name, burst, full }: Bucket) {
		const window = Math.max(1, Math.ceil(full / 1000));
		const value = structured.serializeList([structured.item(name, { q: burst, w: window })]);
		this.policy = new FieldLine(tagOf('ratelimit-policy'), 'RateLimit-Policy', value);
		this.opening = `${structured.serializeBareItem(name)};r=`;
	}

	/** The value of RateLimit-Policy. */
	get policyValue(): string {
		return this.policy.value;
	}

	/** `t` is when the bucket is full again; on a refusal, the same time as Retry-After (section 6). */
	add(fields: FieldList, { allowed, remaining, reset, retry }: Verdict): void {
		const wait = allowed || retry === Number.POSITIVE_INFINITY ? reset : retry;
		fields.pushLine(this.policy);
		// Checked when it was made: a name of letters and digits, and two whole numbers.
		fields.push(TAG, 'RateLimit', this.opening + remaining + ';t=' + wholeSeconds(wait));
	}
}
