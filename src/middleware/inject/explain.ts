/** What `inject` would do with a request; values are never in it. */
import { type Context, type Explanation, type FieldNote, type RawRequest, statusLine } from '../../convention/index.ts';
import { destination } from '../../proxy/index.ts';
import type { GuardedHosts } from './guarded-host.ts';
import type { Rule } from './options.ts';
import type { Placeholders } from './placeholders.ts';

export function explainInjection(
	hosts: GuardedHosts,
	placeholders: Placeholders,
	request: RawRequest,
	context: Context,
): Explanation {
	const to = context.get(destination);
	if (to === undefined)
		return {
			does: ['The layer stands outside of a forward proxy, and cannot say whom requests are for.'],
			answers: statusLine(500),
		};
	const host = hosts.find(to.host);
	if (to.scheme === 'tunnel') {
		const does = host === null ? 'Has no credentials for this host.' : OPAQUE;
		return { does: [does, UNCHANGED] };
	}
	const rule = host === null ? null : host.ruleFor(request, context, to);
	if (placeholders.strayIn(request, rule))
		return {
			does: ['The request carries a placeholder that is not for this host, path, method or client.'],
			answers: statusLine(403),
		};
	if (host === null) return { does: ['Has no credentials for this host.', UNCHANGED] };
	if (rule !== null && to.scheme !== 'https' && !rule.insecure)
		return { does: ['The credential is not sent over plain http.'], answers: statusLine(403) };
	const scrubs = host.rules.some(({ scrub }) => scrub);
	const does =
		rule === null ? ['Has credentials for this host, but none for this path, method or client.'] : sentences(rule);
	if (scrubs) does.push('Asks for no content coding and no range, and takes the secrets out of the answer.');
	does.push(rule === null ? UNCHANGED : 'Passes the request on, with the credentials.');
	return { does, fields: [...(rule === null ? [] : notes(rule)), ...(scrubs ? SCRUBBING : [])] };
}

const UNCHANGED = 'Passes the request on as it is.';
const OPAQUE =
	'Has credentials for this host, but this is a tunnel: nothing can be set within it unless it is intercepted.';

const SCRUBBING: readonly FieldNote[] = [
	{ what: 'sets', name: 'Accept-Encoding', value: 'identity', on: 'request', source: 'RFC 9110 section 12.5.3' },
	{ what: 'removes', name: 'Range', on: 'request', source: 'RFC 9110 section 14.2' },
];

function sentences({ query }: Rule): string[] {
	const parameters = [...query].map(
		([name, secret]) => `Sets the parameter ${name} of the query to ${String(secret)}.`,
	);
	return ['Sets the credentials for this host.', ...parameters];
}

function notes({ fields }: Rule): FieldNote[] {
	return [...fields].map(([name, secret]) => ({ what: 'sets', name, value: String(secret), on: 'request' }) as const);
}
