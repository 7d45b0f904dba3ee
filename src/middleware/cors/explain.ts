/** What cors would do with a request, in words. */
import type { Context, Explanation, FieldNote, RawRequest } from '../../convention/index.ts';
import type { Settings } from './options.ts';
import { isOrigin, Origins } from './origins.ts';

const SOURCE = 'Fetch standard section 3.2.3';

/** Sends nothing; a function that judges origins is not called, since nobody knows what else it does. */
export function explainCors(settings: Settings, request: RawRequest, { offers }: Context): Explanation {
	const origin = request.fields.get('origin');
	const vary: FieldNote = {
		what: 'adds',
		name: 'Vary',
		value: 'Origin',
		on: 'response',
		source: 'RFC 9110 section 12.5.5',
	};
	if (offers.length > 0) return { does: ['Leaves a tunnel alone; a refusal of one is an answer like others.'] };
	const { origins } = settings;
	const varies = origins === null ? [] : [vary];
	if (origins !== null && origin === null) {
		return { does: ['The request does not come from a page of another origin.'], fields: varies };
	}
	if (typeof origins === 'function' && isOrigin(origin ?? '')) {
		return { does: [`Asks the function in origins whether pages of ${origin} may read the answer.`], fields: varies };
	}
	const allowed = origins === null || (origins instanceof Origins && origins.has(origin ?? ''));
	const preflight =
		origin !== null && request.method === 'OPTIONS' && request.fields.has('access-control-request-method');
	if (!allowed) {
		const does = ['Pages of this origin may not read the answer.'];
		return preflight ? { does, fields: varies, answers: '403, without asking the app' } : { does, fields: varies };
	}
	const value = origins === null ? '*' : (origin as string);
	const fields: FieldNote[] = [
		{ what: 'sets', name: 'Access-Control-Allow-Origin', value, on: 'response', source: SOURCE },
		...varies,
	];
	const does = [origins === null ? 'Every page may read the answer.' : `Pages of ${origin} may read the answer.`];
	if (!preflight) return { does, fields };
	return { does: [...does, 'This is a preflight.'], fields, answers: '204, without asking the app' };
}
