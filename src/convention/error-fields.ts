/**
 * Fields that a layer wants in the answer to an error which it passes on, whoever makes that answer: what browsers must
 * see on error pages, too. They are noted with the error, which stays the object that it is for logs and for layers further out.
 */
import { addVary, FieldList } from '../fields/index.ts';

/** A name that all copies of this package know. */
const ERROR_FIELDS = Symbol.for('turnabout.error-fields');

type Noted = { [ERROR_FIELDS]?: FieldList };

/**
 * The list to note them in; null for what cannot carry one. One error may be thrown many times: set, do not append, and
 * delete what does not hold this time.
 */
export function errorFields(error: unknown): FieldList | null {
	if (typeof error !== 'object' || error === null || !Object.isExtensible(error)) return null;
	const noted = (error as Noted)[ERROR_FIELDS];
	if (noted !== undefined) return noted;
	const fields = FieldList.empty();
	Object.defineProperty(error, ERROR_FIELDS, { value: fields });
	return fields;
}

/** For whoever answers the error: puts what was noted with it into the fields of the answer. */
export function addErrorFields(error: unknown, fields: FieldList): void {
	const noted = typeof error === 'object' && error !== null ? (error as Noted)[ERROR_FIELDS] : undefined;
	if (noted === undefined) return;
	for (const [name, value] of noted) {
		if (name.toLowerCase() === 'vary') addVary(fields, value.split(', '));
		else fields.set(name, value);
	}
}
