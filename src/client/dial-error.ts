/** The table from node's error codes to RFC 9209's error types, for everything that happens before a connection stands. */
import { type ProxyStatusError, UpstreamError } from '../convention/index.ts';
import { OWN_LISTENER } from './guard.ts';
import { GuardError } from './guard-error.ts';
import type { Origin } from './origin.ts';

const table: Readonly<Record<string, ProxyStatusError>> = {
	ENOTFOUND: 'dns_error',
	ENODATA: 'dns_error',
	EAI_FAIL: 'dns_error',
	EAI_NONAME: 'dns_error',
	EAI_AGAIN: 'dns_timeout',
	ETIMEOUT: 'dns_timeout',
	ECONNREFUSED: 'connection_refused',
	ENOENT: 'connection_refused',
	EACCES: 'connection_refused',
	ECONNRESET: 'connection_terminated',
	EPIPE: 'connection_terminated',
	ETIMEDOUT: 'connection_timeout',
	EHOSTUNREACH: 'destination_ip_unroutable',
	ENETUNREACH: 'destination_ip_unroutable',
	EADDRNOTAVAIL: 'destination_ip_unroutable',
	EMFILE: 'connection_limit_reached',
	ENFILE: 'connection_limit_reached',
};

/** What node says about certificates, beside its ERR_TLS_CERT codes: the names of OpenSSL's X509_V_ERR codes. */
const CERTIFICATE = /CERT|UNABLE_TO|CRL|CA_|HOSTNAME|PATH_LENGTH|INVALID_PURPOSE/;

/** What is said of a connection that is gone before it has answered. TLS 1.3 refuses a client only after the handshake. */
export function lostError(error: Error | null): UpstreamError {
	const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
	const type = code.startsWith('ERR_SSL_') ? tlsType(code) : 'connection_terminated';
	return new UpstreamError(type, { details: code, cause: error });
}

/** The refusal of a guard. Where a name leads is not told to whoever reads `details`, but for our own listeners. */
export function prohibited(refusal: GuardError): UpstreamError {
	const { hostname, reason } = refusal;
	return new UpstreamError('destination_ip_prohibited', {
		retryable: true,
		message: `The guard lets no address of ${hostname} through`,
		...(reason.split(', ').includes(OWN_LISTENER) && { details: OWN_LISTENER }),
		cause: refusal,
	});
}

export function dialError(error: Error, origin: Origin): UpstreamError {
	if (error instanceof GuardError) return prohibited(error);
	const first = error instanceof AggregateError ? (error.errors.at(-1) as Error) : error;
	const code = (first as NodeJS.ErrnoException).code ?? '';
	const type = table[code] ?? (origin.secure ? tlsType(code) : 'destination_unavailable');
	return new UpstreamError(type, { retryable: true, phase: phaseOf(type), details: code, cause: error });
}

function tlsType(code: string): ProxyStatusError {
	if (code.startsWith('ERR_SSL_') && code.includes('ALERT')) return 'tls_alert_received';
	return CERTIFICATE.test(code) ? 'tls_certificate_error' : 'tls_protocol_error';
}

function phaseOf(type: ProxyStatusError): 'resolve' | 'connect' | 'tls' {
	if (type.startsWith('dns_')) return 'resolve';
	return type.startsWith('tls_') ? 'tls' : 'connect';
}
