/** What an app's answer is in the words of SOCKS. */
import { structured } from '../../fields/index.ts';
import type { SocksReply } from '../../protocol/socks/index.ts';

/** By RFC 9209's error types, which say more than a status. */
const byError: Readonly<Record<string, SocksReply>> = {
	http_request_denied: 'notAllowed',
	destination_ip_prohibited: 'notAllowed',
	dns_error: 'hostUnreachable',
	dns_timeout: 'hostUnreachable',
	destination_ip_unroutable: 'networkUnreachable',
	connection_refused: 'connectionRefused',
	connection_timeout: 'timedOut',
};

const byStatus: Readonly<Record<number, SocksReply>> = {
	401: 'notAllowed',
	403: 'notAllowed',
	407: 'notAllowed',
	429: 'notAllowed',
	451: 'notAllowed',
	504: 'timedOut',
};

/** The reply that stands for an answer without a tunnel; `proxyStatus` is that field's value, if it has one. */
export function replyFor(status: number, proxyStatus: string | null): SocksReply {
	const error = proxyStatus === null ? null : errorOf(proxyStatus);
	if (error !== null && Object.hasOwn(byError, error)) return byError[error] as SocksReply;
	return byStatus[status] ?? 'generalFailure';
}

/** The error type that was added last: by whoever is nearest to the client (RFC 9209 section 2). */
function errorOf(proxyStatus: string): string | null {
	try {
		const error = structured.parseList(proxyStatus).at(-1)?.parameters.get('error');
		return error instanceof structured.Token ? error.value : null;
	} catch {
		return null;
	}
}
