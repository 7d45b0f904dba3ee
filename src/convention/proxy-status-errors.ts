/**
 * The table of RFC 9209's Proxy-Status error types (section 2.3): our vocabulary for what can go wrong with an upstream.
 * Each row has the status a gateway answers with and the phase of the exchange in which it happens.
 */

/** Where an exchange with an upstream stood. `route`: before anybody was asked, by our own configuration or policy. */
export type Phase = 'route' | 'resolve' | 'connect' | 'tls' | 'send' | 'head' | 'body';

const table = {
	dns_timeout: [504, 'resolve', 'The name of the upstream server could not be resolved in time'],
	dns_error: [502, 'resolve', 'The name of the upstream server could not be resolved'],
	destination_not_found: [500, 'route', 'No upstream server is known for this request'],
	destination_unavailable: [503, 'route', 'No upstream server is available'],
	destination_ip_prohibited: [502, 'connect', 'The address of the upstream server is not allowed'],
	destination_ip_unroutable: [502, 'connect', 'There is no route to the upstream server'],
	connection_refused: [502, 'connect', 'The upstream server refused the connection'],
	connection_terminated: [502, 'head', 'The upstream server closed the connection before it had answered'],
	connection_timeout: [504, 'connect', 'The upstream server did not accept the connection in time'],
	connection_read_timeout: [504, 'body', 'The upstream server stopped sending'],
	connection_write_timeout: [504, 'send', 'The upstream server stopped receiving'],
	connection_limit_reached: [503, 'connect', 'There are too many connections to the upstream server'],
	tls_protocol_error: [502, 'tls', 'TLS with the upstream server failed'],
	tls_certificate_error: [502, 'tls', 'The certificate of the upstream server was not accepted'],
	tls_alert_received: [502, 'tls', 'The upstream server refused TLS with an alert'],
	http_request_error: [400, 'route', 'The request cannot be passed on'],
	http_request_denied: [403, 'route', 'The request was refused by policy'],
	http_response_incomplete: [502, 'body', 'The response of the upstream server was cut short'],
	http_response_header_section_size: [502, 'head', 'The header section of the response is too large'],
	http_response_header_size: [502, 'head', 'A header field of the response is too large'],
	http_response_body_size: [502, 'body', 'The body of the response is too large'],
	http_response_trailer_section_size: [502, 'body', 'The trailer section of the response is too large'],
	http_response_trailer_size: [502, 'body', 'A trailer field of the response is too large'],
	http_response_transfer_coding: [502, 'body', 'The transfer coding of the response could not be decoded'],
	http_response_content_coding: [502, 'body', 'The content coding of the response could not be decoded'],
	http_response_timeout: [504, 'head', 'The upstream server did not answer in time'],
	http_upgrade_failed: [502, 'head', 'The upstream server did not switch protocols as it was asked to'],
	http_protocol_error: [502, 'head', 'The upstream server broke the rules of HTTP'],
	proxy_internal_response: [502, 'route', 'The answer was made by the proxy itself'],
	proxy_internal_error: [500, 'route', 'The proxy failed'],
	proxy_configuration_error: [500, 'route', 'The proxy is not configured correctly'],
	proxy_loop_detected: [502, 'route', 'The request has passed through this proxy before'],
} as const;

export type ProxyStatusError = keyof typeof table;

export interface ProxyStatusErrorRow {
	readonly type: ProxyStatusError;
	/** What a gateway answers; the first fit where the RFC leaves it to us. */
	readonly status: number;
	/** The phase it usually happens in. */
	readonly phase: Phase;
	/** One sentence without its full stop; it quotes nothing that came from outside. */
	readonly message: string;
}

/** The rows by type. */
export const proxyStatusErrors: Readonly<Record<ProxyStatusError, ProxyStatusErrorRow>> = Object.fromEntries(
	Object.entries(table).map(([type, [status, phase, message]]) => [type, { type, status, phase, message }]),
) as Record<ProxyStatusError, ProxyStatusErrorRow>;
