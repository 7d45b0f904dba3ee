/** What answers tell of a budget: RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10 sections 4 and 5). */
import { FieldLine, type FieldList, structured, tagOf } from '../../fields/index.ts';
import { wholeSeconds } from '../duration.ts';
import type { BudgetSettings } from './options.ts';
import type { Used } from './store.ts';

const TAG = tagOf('ratelimit');

export class BudgetFields {
	private readonly policy: FieldLine;
	private readonly settings: BudgetSettings;

	constructor(settings: BudgetSettings) {
		const { name, requests, bytes, per } = settings;
		const w = Math.max(1, Math.ceil(per / 1000));
		const items: structured.Item[] = [];
		if (requests !== Number.POSITIVE_INFINITY) items.push(structured.item(`${name}-requests`, { q: requests, w }));
		if (bytes !== Number.POSITIVE_INFINITY)
			items.push(structured.item(`${name}-bytes`, { q: bytes, qu: 'content-bytes', w }));
		this.settings = settings;
		this.policy = new FieldLine(tagOf('ratelimit-policy'), 'RateLimit-Policy', structured.serializeList(items));
	}

	/** The value of RateLimit-Policy. */
	get policyValue(): string {
		return this.policy.value;
	}

	add(fields: FieldList, used: Used): void {
		const { name, requests, bytes } = this.settings;
		const t = ';t=' + wholeSeconds(used.reset);
		const parts: string[] = [];
		if (requests !== Number.POSITIVE_INFINITY)
			parts.push('"' + name + '-requests";r=' + left(requests, used.requests) + t);
		if (bytes !== Number.POSITIVE_INFINITY) parts.push('"' + name + '-bytes";r=' + left(bytes, used.bytes) + t);
		fields.pushLine(this.policy);
		// Checked when it was made: a name of letters and digits, and whole numbers.
		fields.push(TAG, 'RateLimit', parts.join(', '));
	}
}

export function left(limit: number, used: number): number {
	return Math.max(0, limit - used);
}
