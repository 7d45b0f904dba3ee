/** Proxy-Status (RFC 9209): on answers that an intermediary makes itself, why it did. Never made by an origin. */
import type { UpstreamError } from '../convention/index.ts';
import { structured } from '../fields/index.ts';

const TOKEN = /^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*$/;

/** Our member of the list, to be appended behind those that are there. */
export function proxyStatus(name: string, error: UpstreamError): string {
	const parameters: [string, structured.BareItem][] = [['error', new structured.Token(error.type)]];
	if (error.details !== null && error.details !== '') parameters.push(['details', error.details]);
	// RFC 9209 section 2: a name is a Token or a String; one that begins with a digit is no Token.
	const value = TOKEN.test(name) ? new structured.Token(name) : name;
	return structured.serializeItem({ value, parameters: new Map(parameters) });
}
