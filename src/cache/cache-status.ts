/** Cache-Status (RFC 9211): what became of a request here, added behind what caches nearer to the origin have said. */
import { type FieldList, structured, UNKNOWN } from '../fields/index.ts';

/** Why a request went on to the origin (section 2.2). */
export type Forwarded = 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'miss' | 'request' | 'stale' | 'partial';

export interface CacheOutcome {
	/** Null for a hit. */
	readonly fwd: Forwarded | null;
	/** The status of the answer that came for it. */
	readonly fwdStatus?: number;
	/** Seconds of freshness that are left. */
	readonly ttl?: number;
	readonly stored?: boolean;
	/** Somebody else's request was waited for. */
	readonly collapsed?: boolean;
	readonly detail?: string;
}

export class CacheStatus {
	private readonly name: string;

	/** Throws an error for a name that cannot be written. */
	constructor(name: string) {
		this.name = isToken(name) ? name : structured.serializeBareItem(name);
	}

	add(fields: FieldList, outcome: CacheOutcome): void {
		// Nothing in it comes from outside but `detail`, which is written as a string of structured fields.
		fields.push(UNKNOWN, 'Cache-Status', this.memberOf(outcome));
	}

	private memberOf({ fwd, fwdStatus, ttl, stored, collapsed, detail }: CacheOutcome): string {
		let text = fwd === null ? `${this.name}; hit` : `${this.name}; fwd=${fwd}`;
		if (fwdStatus !== undefined) text += `; fwd-status=${fwdStatus}`;
		if (ttl !== undefined) text += `; ttl=${Math.trunc(ttl)}`;
		if (stored === true) text += '; stored';
		if (collapsed === true) text += '; collapsed';
		return detail === undefined ? text : `${text}; detail=${structured.serializeBareItem(detail)}`;
	}
}

/** A token of structured fields (RFC 9651 section 3.3.4). */
function isToken(text: string): boolean {
	return /^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*$/.test(text);
}
