/**
 * Fields that a layer wants in the answer to an error which it passes on, whoever makes that answer: what browsers must
 * see on error pages, too. They are kept with the exchange: an app may throw one error object in many, and what was noted
 * in one of them (an origin that may read, a nonce) is not for the others.
 */
import { addVary, FieldList } from '../fields/index.ts';
import type { Context } from './context.ts';
import { type Key, key } from './key.ts';

type Noted = Map<unknown, FieldList>;

const SHARED = Symbol.for('turnabout.error-fields');

/** One key for all copies of this package: the engine's and the layer's need not be the same. */
const NOTED: Key<Noted> = sharedKey();

function sharedKey(): Key<Noted> {
	const place = globalThis as { [SHARED]?: Key<Noted> };
	if (place[SHARED] === undefined) Object.defineProperty(place, SHARED, { value: key<Noted>('error fields') });
	return place[SHARED] as Key<Noted>;
}

/** The list to note them in, for this error in this exchange. */
export function errorFields(error: unknown, context: Context): FieldList {
	let noted = context.get(NOTED);
	if (noted === undefined) {
		noted = new Map();
		context.set(NOTED, noted);
	}
	let fields = noted.get(error);
	if (fields === undefined) {
		fields = FieldList.empty();
		noted.set(error, fields);
	}
	return fields;
}

/** For whoever answers the error: puts what was noted for it into the fields of the answer. */
export function addErrorFields(error: unknown, context: Context, fields: FieldList): void {
	const noted = context.get(NOTED)?.get(error);
	if (noted === undefined) return;
	for (const [name, value] of noted) {
		if (name.toLowerCase() === 'vary') addVary(fields, value.split(', '));
		else fields.set(name, value);
	}
}
