/** Proxy-Status (RFC 9209): on answers that an intermediary makes itself, why it did. Never made by an origin. */
import type { UpstreamError } from '../convention/index.ts';
import { structured } from '../fields/index.ts';

/** Our member of the list, to be appended behind those that are there. */
export function proxyStatus(name: string, error: UpstreamError): string {
	const parameters: [string, structured.BareItem][] = [['error', new structured.Token(error.type)]];
	if (error.details !== null && error.details !== '') parameters.push(['details', error.details]);
	return structured.serializeItem({ value: new structured.Token(name), parameters: new Map(parameters) });
}
