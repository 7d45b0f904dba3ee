/** What cors would do with a request, in words. */
import { type Context, type Explanation, type FieldNote, type RawRequest, statusLine } from '../../convention/index.ts';
import type { Settings } from './options.ts';
import { isOrigin, Origins } from './origins.ts';

const SOURCE = 'Fetch standard section 3.2.3';
const ON = 'Passes the request on as it is.';
const VARY: FieldNote = {
	what: 'adds',
	name: 'Vary',
	value: 'Origin',
	on: 'response',
	source: 'RFC 9110 section 12.5.5',
};
/** What an app says itself is not to be read by those who may not. */
const OWN: readonly FieldNote[] = ['Origin', 'Credentials'].map((name) => ({
	what: 'removes',
	name: `Access-Control-Allow-${name}`,
	on: 'response',
	source: SOURCE,
}));

/** Sends nothing; a function that judges origins is not called, since nobody knows what else it does. */
export function explainCors(settings: Settings, request: RawRequest, { offers }: Context): Explanation {
	const origin = request.fields.get('origin');
	if (request.method === 'CONNECT') return { does: ['Leaves a tunnel alone.', ON] };
	if (offers.length > 0) return { does: ['Leaves a tunnel alone; a refusal of one is an answer like others.', ON] };
	const { origins } = settings;
	const varies = origins === null ? [] : [VARY];
	if (origins !== null && origin === null)
		return { does: ['The request does not come from a page of another origin.', ON], fields: [...OWN, ...varies] };
	const preflight = isPreflight(request, origin);
	if (typeof origins === 'function' && isOrigin(origin ?? '')) {
		const does = [`Asks the function in origins whether pages of ${origin} may read the answer.`];
		if (!preflight) return { does: [...does, ON], fields: varies };
		const { fields = [] } = allowing(settings, request, origin, varies, true);
		return { does, fields, answers: statusLine(204, 'a preflight; or 403 Forbidden, as that function says') };
	}
	const allowed = origins === null || (origins instanceof Origins && origins.has(origin ?? ''));
	if (allowed) return allowing(settings, request, origin, varies, preflight);
	const does = 'Pages of this origin may not read the answer.';
	if (preflight) return { does: [does], fields: varies, answers: statusLine(403, 'a preflight') };
	return { does: [does, ON], fields: [...OWN, ...varies] };
}

function isPreflight({ method, fields }: RawRequest, origin: string | null): boolean {
	return origin !== null && method === 'OPTIONS' && fields.has('access-control-request-method');
}

function allowing(
	settings: Settings,
	request: RawRequest,
	origin: string | null,
	varies: readonly FieldNote[],
	preflight: boolean,
): Explanation {
	const { origins, credentials, expose, methods, headers, maxAge, privateNetwork } = settings;
	const sets = (name: string, value: string): FieldNote => ({
		what: 'sets',
		name: `Access-Control-${name}`,
		value,
		on: 'response',
		source: SOURCE,
	});
	const fields = [sets('Allow-Origin', origins === null ? '*' : (origin as string))];
	if (credentials) fields.push(sets('Allow-Credentials', 'true'));
	const does = [origins === null ? 'Every page may read the answer.' : `Pages of ${origin} may read the answer.`];
	if (!preflight) {
		if (expose !== '') fields.push(sets('Expose-Headers', expose));
		return { does: [...does, ON], fields: [...fields, ...varies] };
	}
	fields.push(sets('Allow-Methods', methods));
	if (headers !== '') fields.push(sets('Allow-Headers', headers));
	fields.push(sets('Max-Age', maxAge));
	if (privateNetwork && request.fields.get('access-control-request-private-network') === 'true')
		fields.push({ ...sets('Allow-Private-Network', 'true'), source: 'Private Network Access section 3.1.1' });
	return { does, fields: [...fields, ...varies], answers: statusLine(204, 'a preflight') };
}
