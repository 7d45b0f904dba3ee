/**
 * A request as HTTP/2 writes it, in the words of the convention: pseudo-fields become method, target and authority, and
 * a cookie that came in several lines is one again (RFC 9113 sections 8.2.3 and 8.3.1). nghttp2 has refused what is
 * malformed as HTTP/2; what is here refuses what no request may say in any version.
 */
import { ProtocolError, type TargetForm } from '../../convention/index.ts';
import { parseAuthority, tags } from '../../fields/index.ts';
import { type Pseudo, receivedFields } from '../../protocol/h2/index.ts';
import type { RequestFacts } from '../served-exchange.ts';

const NO_OFFERS: readonly string[] = [];

export interface ReadRequest {
	readonly facts: RequestFacts;
	/** What is wrong with it, or null. */
	readonly fault: ProtocolError | null;
}

/** `raw`: names and values in turn, as node gives them. */
export function requestFacts(raw: readonly string[], limits: { target: number }, secure: boolean): ReadRequest {
	const pseudo: Pseudo = {};
	const fields = receivedFields(raw, pseudo);
	const { ':method': method = '', ':path': path = '', ':protocol': protocol } = pseudo;
	const scheme = pseudo[':scheme'] ?? (secure ? 'https' : 'http');
	const authority = pseudo[':authority'] ?? fields.getTagged(tags.host) ?? '';
	const tunnels = method === 'CONNECT' && protocol === undefined;
	const target = tunnels ? authority : path;
	const facts: RequestFacts = {
		method,
		target,
		form: formOf(tunnels, target),
		authority,
		scheme: scheme === 'https' ? 'https' : 'http',
		version: '2',
		fields,
		offers: offersOf(method, protocol),
	};
	return { facts, fault: faultOf(facts, limits, tunnels) };
}

function formOf(tunnels: boolean, target: string): TargetForm {
	if (tunnels) return 'authority';
	return target === '*' ? 'asterisk' : 'origin';
}

function offersOf(method: string, protocol: string | undefined): readonly string[] {
	if (method !== 'CONNECT') return NO_OFFERS;
	return [protocol === undefined ? 'connect' : protocol.toLowerCase()];
}

function faultOf(facts: RequestFacts, limits: { target: number }, tunnels: boolean): ProtocolError | null {
	const { target, authority, fields } = facts;
	const fault = (code: string, status: number, message: string): ProtocolError =>
		new ProtocolError({ side: 'remote', code, status, message });
	if (target.length > limits.target) return fault('TARGET_TOO_LONG', 414, 'The target is too long.');
	if (!tunnels && target !== '*' && !target.startsWith('/')) return fault('TARGET', 400, 'This is no path.');
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
	if (/[\x00-\x20\x7f-\xff#]/.test(target)) return fault('TARGET', 400, 'The target holds what must be encoded.');
	if (authority === '' || parseAuthority(authority) === null) return fault('HOST', 400, 'There is no sound authority.');
	const host = fields.getTagged(tags.host);
	if (host !== null && host.toLowerCase() !== authority.toLowerCase()) {
		return fault('HOST', 400, 'Host and :authority differ.');
	}
	return null;
}
