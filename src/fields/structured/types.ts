/**
 * The values of structured fields (RFC 9651 section 3) as JavaScript values. What JavaScript has is used as it is:
 * a number is an Integer when read (when written, one with a fraction becomes a Decimal), a string a String, a boolean a
 * Boolean, a Uint8Array a Byte Sequence. The other types have a class each.
 */

/** A word without quotes, such as `gzip` or `*`. */
export class Token {
	readonly value: string;
	constructor(value: string) {
		this.value = value;
	}
	toString(): string {
		return this.value;
	}
}

/** A number with up to three digits behind its point, which stays a Decimal even when they are zeros. */
export class Decimal {
	readonly value: number;
	constructor(value: number) {
		this.value = value;
	}
	valueOf(): number {
		return this.value;
	}
}

/** Unicode text for people; a String is ASCII. */
export class DisplayString {
	readonly value: string;
	constructor(value: string) {
		this.value = value;
	}
	toString(): string {
		return this.value;
	}
}

/** A Date: whole seconds since 1970, perhaps more than JavaScript's Date can hold. */
export class Timestamp {
	readonly seconds: number;
	constructor(seconds: number) {
		this.seconds = seconds;
	}
	/** As JavaScript's Date; invalid when it is too far away. */
	toDate(): Date {
		return new Date(this.seconds * 1000);
	}
}

export type BareItem = number | string | boolean | Uint8Array | Token | Decimal | DisplayString | Timestamp;

/** By key, in order. */
export type Parameters = ReadonlyMap<string, BareItem>;

export interface Item {
	readonly value: BareItem;
	readonly parameters: Parameters;
}

export interface InnerList {
	readonly items: readonly Item[];
	readonly parameters: Parameters;
}

export type Member = Item | InnerList;
export type List = readonly Member[];
/** By key, in order. */
export type Dictionary = ReadonlyMap<string, Member>;

const NONE: Parameters = new Map();

/** Makes an item; parameters as an object or a map. */
export function item(value: BareItem, parameters?: Parameters | Readonly<Record<string, BareItem>>): Item {
	return { value, parameters: asMap(parameters) };
}

/** Makes an inner list; parameters as an object or a map. */
export function innerList(
	items: readonly Item[],
	parameters?: Parameters | Readonly<Record<string, BareItem>>,
): InnerList {
	return { items, parameters: asMap(parameters) };
}

/** Whether a member of a list or dictionary is an inner list. */
export function isInnerList(member: Member): member is InnerList {
	return 'items' in member;
}

function asMap(parameters: Parameters | Readonly<Record<string, BareItem>> | undefined): Parameters {
	if (parameters === undefined) return NONE;
	return parameters instanceof Map ? parameters : new Map(Object.entries(parameters));
}

/** A value that is not a structured field, or cannot be written as one. */
export class StructuredFieldError extends Error {
	override readonly name = 'StructuredFieldError';
	readonly code = 'STRUCTURED_FIELD';
	/** Where in the text reading failed, counted from 0; -1 when writing. */
	readonly offset: number;
	constructor(problem: string, offset = -1) {
		super(offset === -1 ? problem : `${problem} at offset ${offset}`);
		this.offset = offset;
	}
}
