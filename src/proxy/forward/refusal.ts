/** A refusal: 403, with the rule that made it on the page, in Proxy-Status and in the log. */
import { OWN_LISTENER } from '../../client/index.ts';
import { UpstreamError } from '../../convention/index.ts';
import type { Destination } from './destination.ts';

/** The error that stands for a refusal by `rule`. */
export function refusal(rule: string): UpstreamError {
	return new UpstreamError('http_request_denied', { details: rule, message: 'The policy of this proxy refuses it' });
}

/** An address that the guard refuses is a refusal of ours, too, and no failure of a gateway. */
export function asRefusal(error: UpstreamError): UpstreamError {
	if (error.type !== 'destination_ip_prohibited' || error.status === 403) return error;
	const { type, message, cause } = error;
	return new UpstreamError(type, { status: 403, details: error.details ?? 'no public address', message, cause });
}

/** What the page says. */
export function linesFor(error: UpstreamError, to: Destination | null): readonly string[] {
	const where = to === null ? 'its destination' : to.authority;
	if (error.type === 'http_request_denied') {
		return [`This proxy does not let this request through to ${where}.`, `The rule: ${error.details ?? 'none'}.`];
	}
	if (error.type === 'destination_ip_prohibited') {
		if (error.details === OWN_LISTENER)
			return [`This proxy does not lead into its own process, which listens at ${where}.`];
		return [`This proxy connects to public addresses only, and ${where} has none that it may connect to.`];
	}
	return [`${error.message} (${error.type}): ${where}.`];
}
