/** The table from broken rules to RFC 9209's error types: what is said of an upstream whose response could not be read. */
import { type ProxyStatusError, UpstreamError } from '../convention/index.ts';
import type { Violation, ViolationCode } from '../protocol/h1/index.ts';

const table: Partial<Record<ViolationCode, ProxyStatusError>> = {
	FIELDS_TOO_MANY: 'http_response_header_section_size',
	FIELDS_TOO_LARGE: 'http_response_header_section_size',
	TRAILERS_TOO_LARGE: 'http_response_trailer_section_size',
	BODY_TOO_LARGE: 'http_response_body_size',
	TRANSFER_ENCODING: 'http_response_transfer_coding',
	UNKNOWN_CODING: 'http_response_transfer_coding',
	CHUNK_SIZE: 'http_response_transfer_coding',
	CHUNK_ENDING: 'http_response_transfer_coding',
	CHUNK_EXTENSION: 'http_response_transfer_coding',
	CUT_SHORT: 'http_response_incomplete',
};

export function violationError(violation: Violation): UpstreamError {
	return new UpstreamError(table[violation.code] ?? 'http_protocol_error', { details: violation.code });
}
