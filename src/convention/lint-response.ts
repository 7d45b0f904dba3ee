/** What an app may answer: rules 2, 3, 6, 9, 11 and 12, as far as the head shows them. */
import { isDisturbed } from '../bytes/index.ts';
import type { RawRequest, RawResponse } from './app.ts';
import { branded, RESPONSE } from './brand.ts';
import type { Context } from './context.ts';
import { LintError } from './lint-error.ts';
import { lintFields } from './lint-fields.ts';
import { isFileRange, isSource, payloadLength } from './payload.ts';

/** Throws LintError for what is no Response, or one whose body is gone already. */
export function lintAnswer(response: unknown): void {
	if (!(response instanceof Response)) throw new LintError(11, 'An app answered with something that is no Response');
	if (branded(response, RESPONSE)) {
		if (response.bodyUsed) throw new LintError(4, 'The body of the response has already been read');
	} else if (response.status === 0) {
		throw new LintError(6, 'Response.error() cannot be sent');
	} else if (response.body?.locked || (response.body && isDisturbed(response.body)) || response.bodyUsed) {
		throw new LintError(12, 'The body that the response passes on is locked or was read already');
	}
}

/** Throws LintError for a head that no engine could send as it is. */
export function lintResponse(response: RawResponse, request: RawRequest, context: Context): void {
	const { status, reason, fields } = response;
	lintFields(fields, 'response');
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
	if (reason !== null && /[^\t\x20-\x7e\x80-\xff]/.test(reason))
		throw new LintError(2, 'The reason is not a byte string');
	lintView(response);
	lintTunnel(response, request, context);
	if (!Number.isInteger(status) || ((status < 200 || status > 599) && status !== 101)) {
		throw new LintError(6, `${status} is not a final status`);
	}
	lintFraming(response);
}

function lintView(response: RawResponse): void {
	for (const [name] of response.fields) {
		if (response.headers.get(name) !== response.fields.get(name)) {
			throw new LintError(3, `headers and fields of the response do not agree on ${name}`);
		}
	}
}

function lintTunnel(response: RawResponse, request: RawRequest, context: Context): void {
	const { status, tunnel } = response;
	if (tunnel === undefined) {
		if (status === 101) throw new LintError(9, 'Status 101 without a tunnel');
		return;
	}
	if (!context.can.tunnel || context.offers.length === 0) throw new LintError(9, 'A tunnel that was not offered');
	const wanted =
		request.method === 'CONNECT' || request.version === '2' ? status >= 200 && status <= 299 : status === 101;
	if (!wanted) throw new LintError(9, `Status ${status} does not open a tunnel here`);
	if (response.payload !== null) throw new LintError(9, 'A response that opens a tunnel has no payload');
}

function lintFraming({ status, payload, fields }: RawResponse): void {
	if (payload !== null && (status === 204 || status === 304))
		throw new LintError(6, `Status ${status} carries no payload`);
	// `chunked` is harmless advice, and some frameworks give it; any other coding would be a promise nobody keeps.
	const coding = fields.get('transfer-encoding');
	if (coding !== null && coding.toLowerCase() !== 'chunked')
		throw new LintError(6, `No engine sends Transfer-Encoding: ${coding}`);
	const known = payload === null || typeof payload === 'string' || payload instanceof Uint8Array;
	if (!known && !isFileRange(payload) && !isSource(payload)) throw new LintError(6, 'The payload is of no known kind');
	const value = fields.get('content-length');
	if (value === null) return;
	if (!/^\d+$/.test(value)) throw new LintError(6, 'Content-Length is not one number');
	const length = payloadLength(payload);
	// Without a payload the length may be what a GET would have had (HEAD, 304).
	if (payload !== null && length !== null && length !== Number(value)) {
		throw new LintError(6, `Content-Length is ${value}, and the payload has ${length} bytes`);
	}
}
