/** What `inject` would do with a request; values are never in it. */
import type { Context, Explanation, FieldNote, RawRequest } from '../../convention/index.ts';
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
		return { does: ['It stands outside of a forward proxy, and cannot say whom requests are for.'], answers: '500' };
	const host = hosts.find(to.host);
	if (to.scheme === 'tunnel') {
		const does = host === null ? 'There are no credentials for this host.' : OPAQUE;
		return { does: [does] };
	}
	const rule = host === null ? null : host.ruleFor(request, context, to);
	if (placeholders.strayIn(request, rule))
		return {
			does: ['The request carries a placeholder that is not for this host, path, method or client.'],
			answers: '403',
		};
	if (host === null) return { does: ['There are no credentials for this host.'] };
	if (rule !== null && to.scheme !== 'https' && !rule.insecure)
		return { does: ['The credential is not sent over plain http.'], answers: '403' };
	const scrubs = host.rules.some(({ scrub }) => scrub);
	const does =
		rule === null ? ['None of the credentials for this host is for this path, method or client.'] : sentences(rule);
	if (scrubs) does.push('Asks for no content coding and no range, and takes the secrets out of the answer.');
	return { does, fields: [...(rule === null ? [] : notes(rule)), ...(scrubs ? SCRUBBING : [])] };
}

const OPAQUE =
	'There are credentials for this host, but this is a tunnel: nothing can be set within it unless it is intercepted.';

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
