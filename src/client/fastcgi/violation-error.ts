/** The table from broken rules to RFC 9209's error types: what is said of an application that did not answer well. */
import { type ProxyStatusError, UpstreamError } from '../../convention/index.ts';
import type { Violation, ViolationCode } from '../../protocol/fastcgi/index.ts';

const table: Partial<Record<ViolationCode, ProxyStatusError>> = {
	FIELDS_TOO_MANY: 'http_response_header_section_size',
	FIELDS_TOO_LARGE: 'http_response_header_section_size',
	BODY_TOO_LARGE: 'http_response_body_size',
	BODY_UNWANTED: 'http_response_body_size',
	TRANSFER_ENCODING: 'http_response_transfer_coding',
	CUT_SHORT: 'http_response_incomplete',
	NO_HEAD: 'http_response_incomplete',
	OVERLOADED: 'connection_limit_reached',
	CANT_MPX_CONN: 'connection_limit_reached',
};

/** Said instead of doing anything: the request may go elsewhere. */
const REFUSED: ReadonlySet<ViolationCode> = new Set(['OVERLOADED', 'CANT_MPX_CONN', 'UNKNOWN_ROLE']);

export function violationError({ code }: Violation): UpstreamError {
	return new UpstreamError(table[code] ?? 'http_protocol_error', { details: code, retryable: REFUSED.has(code) });
}
