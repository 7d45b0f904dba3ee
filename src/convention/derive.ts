import type { Source } from '../bytes/index.ts';
import { FieldList, type FieldsInit } from '../fields/index.ts';
import type { TargetForm } from './app.ts';
import { raw } from './raw.ts';
import { type Circumstances, IncomingRequest } from './request.ts';

/** What shall be different in a derived request. */
export interface RequestChanges {
	readonly method?: string;
	readonly target?: string;
	/** Needed only where the new target is of another form. */
	readonly form?: TargetForm;
	readonly authority?: string;
	readonly scheme?: 'http' | 'https';
	/** A field list is taken over as it is. Without this, the new request has a copy. */
	readonly fields?: FieldsInit;
	/** Whoever replaces a payload wraps the old one or cancels it. */
	readonly payload?: Source | null;
	/** Where `signal` and `waitUntil` come from: the context that goes on with the new request, when it is another. */
	readonly circumstances?: Circumstances;
}

/**
 * A request of ours like `request`, but for the changes; the one given stays as it is. The payload goes over to the new
 * request: read the body there from now on. Throws TypeError when the body was read already and no other is given.
 */
export function derive(request: Request, changes: RequestChanges = {}): IncomingRequest {
	const from = raw(request);
	if (changes.payload === undefined && from.bodyUsed) throw new TypeError('The body has already been read');
	const { fields } = changes;
	return new IncomingRequest({
		method: changes.method ?? from.method,
		target: changes.target ?? from.target,
		form: changes.form ?? from.form,
		authority: changes.authority ?? from.authority,
		scheme: changes.scheme ?? from.scheme,
		version: from.version,
		fields: fields instanceof FieldList ? fields : FieldList.of(fields ?? from.fields),
		payload: changes.payload === undefined ? from.payload : changes.payload,
		trailersReader: from,
		circumstances: changes.circumstances ?? from.circumstances,
	});
}
