/** Which errors speak against an upstream. */
import { HttpError, ProtocolError, type ProxyStatusError, UpstreamError } from '../convention/index.ts';

/** Types of our own making, or of the client's: no upstream has failed. */
const INNOCENT: ReadonlySet<ProxyStatusError> = new Set([
	'connection_limit_reached',
	'destination_ip_prohibited',
	'destination_not_found',
	'http_request_denied',
	'http_request_error',
	'proxy_configuration_error',
	'proxy_internal_error',
	'proxy_loop_detected',
]);

export function hasFailed(error: unknown): boolean {
	if (error instanceof UpstreamError) return !INNOCENT.has(error.type);
	// An app of this process that refuses a request does what it is for.
	if (error instanceof HttpError) return error.status >= 500;
	return !(error instanceof ProtocolError);
}
