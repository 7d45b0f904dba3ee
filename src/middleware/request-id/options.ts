/** How requests get their ids. */
import type { Context, RawRequest } from '../../convention/index.ts';
import { isToken, tagOf, UNKNOWN } from '../../fields/index.ts';
import { checkNames, checkObject, shown } from '../../names/index.ts';

export interface RequestIdOptions {
	/** The field that carries the id, on requests and responses. Default: `X-Request-Id`. */
	readonly field?: string;
	/**
	 * Whose ids are taken over: nobody's (false, the default), everybody's (true), or those of requests for which a function
	 * says true. An id of more than 128 characters, or with others than letters, digits and `-._~:=+/@`, is never taken.
	 * The function only chooses: `turnabout explain` calls it, too.
	 */
	readonly trust?: boolean | ((request: RawRequest, context: Context) => boolean);
}

export interface RequestIdSettings {
	readonly field: string;
	readonly trust: ((request: RawRequest, context: Context) => boolean) | null;
}

/** Throws TypeError for what cannot be meant, naming the option. */
export function requestIdSettings(options: RequestIdOptions): RequestIdSettings {
	checkObject('requestId', options, '{ trust: true }');
	checkNames('requestId: ', options, ['field', 'trust']);
	const { field = 'X-Request-Id', trust = false } = options;
	if (typeof field !== 'string' || !isToken(field))
		throw new TypeError(`requestId: field must be a field name, not ${shown(field)}`);
	if (tagOf(field) !== UNKNOWN)
		throw new TypeError(`requestId: field must not be ${field}, which means something else`);
	if (typeof trust !== 'boolean' && typeof trust !== 'function')
		throw new TypeError(`requestId: trust must be true, false or a function of the request, not ${shown(trust)}`);
	if (typeof trust === 'function') return { field, trust };
	return { field, trust: trust ? () => true : null };
}
