/** What is said when an upstream fails: to the client, and to the operator. */
import { type OutgoingResponse, type RawRequest, respond, type UpstreamError } from '../convention/index.ts';
import { page } from './pages.ts';
import { proxyStatus } from './proxy-status.ts';

/** One line about something that went wrong with an upstream. */
export interface ProxyLogEntry {
	readonly level: 'warn';
	readonly message: string;
	readonly upstream: string;
	/** Method and path; the query is left out, since it may hold secrets. */
	readonly request: string;
	readonly error: Error;
}

/** `name`: ours, for Proxy-Status; null leaves the field out. `lines`: the text of the page. */
export function failureResponse(
	request: RawRequest,
	error: UpstreamError,
	name: string | null,
	lines: readonly string[],
): OutgoingResponse {
	const { type, text } = page(request, error.status, lines);
	const fields: Record<string, string> = { 'Content-Type': type, 'Cache-Control': 'no-store' };
	if (error.status === 503) fields['Retry-After'] = '1';
	if (name !== null) fields['Proxy-Status'] = proxyStatus(name, error);
	return respond(error.status, fields, text);
}

export function failureEntry(request: RawRequest, error: UpstreamError, upstream: string): ProxyLogEntry {
	const path = request.target.split('?', 1)[0] as string;
	const details = error.details === null || error.details === '' ? '' : ` (${error.details})`;
	return {
		level: 'warn',
		message: `${error.message}: ${error.type}${details}`,
		upstream,
		request: `${request.method} ${path}`,
		error,
	};
}

export function logToStderr(entry: ProxyLogEntry): void {
	globalThis.process?.stderr.write(
		`turnabout: ${entry.level}: ${entry.upstream}: ${entry.message} [${entry.request}]\n`,
	);
}
