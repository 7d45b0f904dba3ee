/** Writes structured fields (RFC 9651 section 4.1). What cannot be written exactly throws; nothing is repaired. */
import {
	type BareItem,
	Decimal,
	type Dictionary,
	DisplayString,
	type InnerList,
	type Item,
	isInnerList,
	type List,
	type Member,
	type Parameters,
	StructuredFieldError,
	Timestamp,
	Token,
} from './types.ts';

const KEY = /^[a-z*][a-z0-9_\-.*]*$/;
const TOKEN = /^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*$/;
const STRING = /^[\x20-\x7e]*$/;
const MAXIMUM = 999_999_999_999_999;

/** Writes an Item. Throws StructuredFieldError. */
export function serializeItem({ value, parameters }: Item): string {
	return serializeBareItem(value) + serializeParameters(parameters);
}

/** Writes a List; an empty text means that the field must be left out. Throws StructuredFieldError. */
export function serializeList(list: List): string {
	return list.map(serializeMember).join(', ');
}

/** Writes a Dictionary; an empty text means that the field must be left out. Throws StructuredFieldError. */
export function serializeDictionary(dictionary: Dictionary): string {
	const members: string[] = [];
	for (const [key, member] of dictionary) {
		const bare = !isInnerList(member) && member.value === true;
		members.push(serializeKey(key) + (bare ? serializeParameters(member.parameters) : `=${serializeMember(member)}`));
	}
	return members.join(', ');
}

function serializeMember(member: Member): string {
	return isInnerList(member) ? serializeInnerList(member) : serializeItem(member);
}

function serializeInnerList({ items, parameters }: InnerList): string {
	return `(${items.map(serializeItem).join(' ')})${serializeParameters(parameters)}`;
}

function serializeParameters(parameters: Parameters): string {
	let out = '';
	for (const [key, value] of parameters) {
		out += `;${serializeKey(key)}`;
		if (value !== true) out += `=${serializeBareItem(value)}`;
	}
	return out;
}

function serializeKey(key: string): string {
	if (!KEY.test(key)) fail('Not a key', key);
	return key;
}

/** Writes a value without parameters. Throws StructuredFieldError. */
export function serializeBareItem(value: BareItem): string {
	switch (typeof value) {
		case 'number':
			return Number.isInteger(value) ? serializeInteger(value) : serializeDecimal(value);
		case 'boolean':
			return value ? '?1' : '?0';
		case 'string':
			if (!STRING.test(value)) fail('Not an ASCII string', value);
			return `"${value.replace(/["\\]/g, '\\$&')}"`;
	}
	if (value instanceof Token) return TOKEN.test(value.value) ? value.value : fail('Not a token', value.value);
	if (value instanceof Decimal) return serializeDecimal(value.value);
	if (value instanceof Timestamp) return `@${serializeInteger(value.seconds)}`;
	if (value instanceof DisplayString) return serializeDisplayString(value.value);
	if (value instanceof Uint8Array) return serializeBytes(value);
	return fail('Not a value for a structured field', value);
}

function serializeBytes(bytes: Uint8Array): string {
	let latin1 = '';
	for (const byte of bytes) latin1 += String.fromCharCode(byte);
	return `:${btoa(latin1)}:`;
}

function serializeInteger(value: number): string {
	if (!Number.isInteger(value) || Math.abs(value) > MAXIMUM) fail('Not an integer of up to 15 digits', value);
	return String(value || 0);
}

/** Rounds to three digits, halves to even, on the digits that JavaScript shows: 0.0025 is a half, whatever its bits are. */
function serializeDecimal(value: number): string {
	if (!Number.isFinite(value)) fail('Not a decimal', value);
	const [mantissa = '', exponent = '0'] = Math.abs(value).toString().split('e');
	const [whole = '', fraction = ''] = mantissa.split('.');
	// The value is digits / 10 ** places; it is brought to thousandths.
	const places = fraction.length - Number(exponent);
	const digits = BigInt(whole + fraction);
	const thousandths = places <= 3 ? digits * 10n ** BigInt(3 - places) : halfEven(digits, 10n ** BigInt(places - 3));
	if (thousandths >= 10n ** 15n) fail('Not a decimal of up to 12 digits before its point', value);
	const text = thousandths.toString().padStart(4, '0');
	const tail = text.slice(-3).replace(/0{1,2}$/, '');
	const sign = value < 0 && thousandths !== 0n ? '-' : '';
	return `${sign}${text.slice(0, -3)}.${tail}`;
}

function halfEven(digits: bigint, unit: bigint): bigint {
	const quotient = digits / unit;
	const twice = (digits % unit) * 2n;
	return twice > unit || (twice === unit && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

function serializeDisplayString(text: string): string {
	if (!text.isWellFormed()) fail('Not Unicode text', text);
	let out = '%"';
	for (const byte of new TextEncoder().encode(text)) {
		const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x22 && byte !== 0x25;
		out += plain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`;
	}
	return `${out}"`;
}

function fail(problem: string, value: unknown): never {
	throw new StructuredFieldError(`${problem}: ${JSON.stringify(value)}`);
}
