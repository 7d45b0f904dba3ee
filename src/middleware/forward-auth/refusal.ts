/** The server's no as the client's answer: what it needs to sign in, and nothing else of what the server has said. */
import type { Reply } from '../../client/index.ts';
import { type OutgoingResponse, respond, UpstreamError } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import type { Role } from '../guard-options.ts';

const SHOWN: readonly string[] = [
	'Location',
	'Set-Cookie',
	'WWW-Authenticate',
	'Retry-After',
	'Content-Type',
	'Content-Language',
	'Content-Encoding',
];

/** Throws UpstreamError, which is 502, when the server has failed: what broke it is not for clients to read. */
export function refusal(reply: Reply, role: Role): OutgoingResponse {
	const { status, body } = reply;
	if (status < 300 || status === 304 || status >= 500)
		throw new UpstreamError('http_protocol_error', { details: `the authorization server answered ${status}` });
	const fields = FieldList.empty();
	const asProxy = role === 'proxy' && status === 401;
	for (const name of SHOWN) {
		if (body === null && name.startsWith('Content-')) continue;
		const to = asProxy && name === 'WWW-Authenticate' ? 'Proxy-Authenticate' : name;
		for (const value of reply.fields.all(name)) fields.append(to, value);
	}
	// It is for this client and this moment.
	fields.append('Cache-Control', 'no-store');
	return respond(asProxy ? 407 : status, fields, body === null || body.length === 0 ? null : body);
}
