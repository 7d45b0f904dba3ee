import { constants } from 'node:http2';
import { errorVerdict, ProtocolError } from '../../convention/index.ts';

/** What a stream is reset with when its exchange comes to nothing (RFC 9113 section 7). */
export function resetCode(cause: unknown): number {
	if (cause instanceof ProtocolError && cause.side === 'remote') return constants.NGHTTP2_PROTOCOL_ERROR;
	return errorVerdict(cause).status === null ? constants.NGHTTP2_CANCEL : constants.NGHTTP2_INTERNAL_ERROR;
}
