/** What is said when an upstream fails: to the client, and to the operator. */
import { type OutgoingResponse, type RawRequest, respond, type UpstreamError } from '../../convention/index.ts';
import { proxyStatus } from '../proxy-status.ts';
import type { ProxyLogEntry } from './options.ts';
import { errorPage } from './pages.ts';

/** `name`: ours, for Proxy-Status; null leaves the field out. */
export function failureResponse(request: RawRequest, error: UpstreamError, name: string | null): OutgoingResponse {
	const page = errorPage(request, error.status);
	const fields: Record<string, string> = { 'Content-Type': page.type, 'Cache-Control': 'no-store' };
	if (error.status === 503) fields['Retry-After'] = '1';
	if (name !== null) fields['Proxy-Status'] = proxyStatus(name, error);
	return respond(error.status, fields, page.text);
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
