/** One stored response: what it answers, what it says, how long that holds. */
import type { FieldList } from '../fields/index.ts';
import type { Body } from './body.ts';
import type { Freshness, Received, Selecting } from './rules/index.ts';

/** Bytes that an entry takes besides its texts: the objects that it is made of. */
const OVERHEAD = 700;

export interface EntryParts {
	/** The key of its URL. */
	readonly key: string;
	readonly status: number;
	readonly reason: string | null;
	readonly fields: FieldList;
	readonly body: Body;
	readonly selecting: Selecting;
	readonly freshness: Freshness;
	readonly received: Received;
	/** What it can be purged by: Surrogate-Key and Cache-Groups. */
	readonly tags: readonly string[];
}

export class Entry implements EntryParts {
	readonly key: string;
	readonly selecting: Selecting;
	readonly body: Body;
	status: number;
	reason: string | null;
	fields: FieldList;
	freshness: Freshness;
	received: Received;
	tags: readonly string[];
	/** Something has happened to the resource: it must be validated before it is used again (RFC 9111 section 4.4). */
	invalid = false;
	/** How often it has answered. */
	hits = 0;
	/** For the store: whether it was used since it was looked at last, and its neighbours. */
	visited = false;
	older: Entry | null = null;
	newer: Entry | null = null;
	/** What the store has counted it as. */
	counted = 0;

	constructor(parts: EntryParts) {
		this.key = parts.key;
		this.selecting = parts.selecting;
		this.body = parts.body;
		this.status = parts.status;
		this.reason = parts.reason;
		this.fields = parts.fields;
		this.freshness = parts.freshness;
		this.received = parts.received;
		this.tags = parts.tags;
	}

	/** Seconds since it left its origin (RFC 9111 section 4.2.3), by a clock that only goes on. */
	age(now: number): number {
		return this.freshness.initialAge + (now - this.received.answered) / 1_000;
	}

	/** Seconds for which it is fresh yet; below 0: for how long it has been stale. */
	left(now: number): number {
		return this.freshness.lifetime - this.age(now);
	}

	/** Bytes that it takes, about. */
	get size(): number {
		let text = this.key.length + OVERHEAD;
		for (const part of this.fields.raw) text += part.length;
		return text + this.body.bytes;
	}
}
