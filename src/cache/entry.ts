/**
 * One stored response: what it answers, what it says, how long that holds. There may be a million of them: each is one object with
 * a few texts, and what many have in common is shared.
 */
import { type Source, WholeSource } from '../bytes/index.ts';
import type { FieldList } from '../fields/index.ts';
import { type Body, part } from './body.ts';
import { flat, packFields, UnpackedFields } from './packed-fields.ts';
import type { Directives, Freshness, Received, Selecting } from './rules/index.ts';

/** Bytes that an entry takes besides its texts: the objects that it is made of, and its place in the store. */
const OVERHEAD = 400;
const MOST_SECONDS = 2_147_483_647;

export interface EntryParts {
	/** The key of its URL. */
	readonly key: string;
	readonly status: number;
	readonly reason: string | null;
	readonly fields: FieldList;
	/** All of it, or what is still coming. */
	readonly body: Body | string | Uint8Array;
	readonly selecting: Selecting;
	readonly freshness: Freshness;
	readonly received: Received;
	/** What it can be purged by: Surrogate-Key and Cache-Groups. */
	readonly tags: readonly string[];
}

const NONE: readonly never[] = [];

export class Entry {
	readonly key: string;
	readonly selecting: Selecting;
	readonly status: number;
	readonly reason: string | null;
	/** The directives that count. */
	directives: Directives;
	tags: readonly string[] = NONE;
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
	private head = '';
	/** The same as a list, for those that have answered lately. */
	private unpacked: UnpackedFields | null = null;
	private body: Body | string | Uint8Array;
	/** Seconds of freshness; milliseconds of age when its head came, and when that was. Small whole numbers are kept in place. */
	private lifetime = 0;
	private initialAge = 0;
	private answered = 0;

	constructor(parts: EntryParts) {
		this.key = flat(parts.key);
		this.status = parts.status;
		this.reason = parts.reason;
		this.body = parts.body;
		this.selecting = parts.selecting.length === 0 ? NONE : parts.selecting;
		this.directives = parts.freshness.directives;
		this.renew(parts.fields, parts.freshness, parts.received, parts.tags);
	}

	/** What it says from now on. */
	renew(fields: FieldList, freshness: Freshness, received: Received, tags: readonly string[]): void {
		this.head = packFields(fields);
		this.unpacked = null;
		this.directives = freshness.directives;
		this.lifetime = Math.min(MOST_SECONDS, Math.floor(freshness.lifetime));
		this.initialAge = Math.floor(freshness.initialAge * 1_000);
		this.answered = Math.floor(received.answered);
		this.tags = tags.length === 0 ? NONE : tags.map(flat);
		this.invalid = false;
	}

	/** A list of its own, each time. */
	get fields(): FieldList {
		this.unpacked ??= new UnpackedFields();
		return this.unpacked.of(this.head);
	}

	/** Seconds since it left its origin (RFC 9111 section 4.2.3), by a clock that only goes on. */
	age(now: number): number {
		return (this.initialAge + now - this.answered) / 1_000;
	}

	/** Seconds for which it is fresh yet; below 0: for how long it has been stale. */
	left(now: number): number {
		return this.lifetime - this.age(now);
	}

	// Its bytes.

	get isComplete(): boolean {
		return typeof this.body === 'string' || this.body instanceof Uint8Array;
	}

	/** Bytes of the body that are there. */
	get bytes(): number {
		const { body } = this;
		return typeof body === 'string' || body instanceof Uint8Array ? body.length : body.bytes;
	}

	/** All of the body, when it is complete; a string is latin1. */
	get content(): string | Uint8Array {
		const { body } = this;
		return typeof body === 'string' || body instanceof Uint8Array ? body : '';
	}

	/** Its bytes, from `first` through `last`, for one who reads them. */
	read(first = 0, last: number = Number.MAX_SAFE_INTEGER): Source {
		const { body } = this;
		if (typeof body === 'string' || body instanceof Uint8Array) return new WholeSource(part(body, first, last));
		return body.read();
	}

	/** All of the body is there. */
	settle(content: string | Uint8Array): void {
		this.body = content;
	}

	/** Bytes that it takes, about. */
	get size(): number {
		return OVERHEAD + this.key.length + this.head.length + this.bytes;
	}
}
