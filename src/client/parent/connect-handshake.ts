/** CONNECT to an HTTP parent (RFC 9110 section 9.3.6), read by our own codec: strict, and bounded. */
import { type ProxyStatusError, UpstreamError, type UpstreamErrorOptions } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import {
	H1Connection,
	type H1Events,
	h1Limits,
	NONE,
	type ResponseHead,
	type Violation,
} from '../../protocol/h1/index.ts';
import { violationError } from '../violation-error.ts';
import { basicAuthorization } from './authorization.ts';
import type { Handshake } from './handshake.ts';
import type { Parent } from './parent.ts';

/** Bytes of one head; informational ones before the last. A parent needs few of either. */
const HEAD_BYTES = 16_384;
const INTERIM = 8;

/** What it means that a parent opens no tunnel; everything else is `destination_unavailable`. */
const types: Readonly<Record<number, ProxyStatusError>> = {
	400: 'http_request_error',
	403: 'http_request_denied',
	// What does not know CONNECT is no proxy, or not for that port.
	401: 'proxy_configuration_error',
	404: 'proxy_configuration_error',
	405: 'proxy_configuration_error',
	407: 'proxy_configuration_error',
	501: 'proxy_configuration_error',
	429: 'connection_limit_reached',
	504: 'connection_timeout',
};

export class ConnectHandshake implements Handshake, H1Events<ResponseHead> {
	open = false;
	error: UpstreamError | null = null;
	private readonly parent: Parent;
	private readonly codec: H1Connection<ResponseHead>;
	private readonly target: string;
	private text: string;
	private interim = 0;

	/** `host` without brackets. Throws LocalViolation for what cannot stand in a target. */
	constructor(parent: Parent, host: string, port: number) {
		this.parent = parent;
		this.target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
		this.codec = new H1Connection<ResponseHead>('client', this, { ...h1Limits, headBytes: HEAD_BYTES });
		const authorization = basicAuthorization(parent);
		const fields = FieldList.of(authorization === null ? null : { 'Proxy-Authorization': authorization });
		this.text = this.codec.requestHead('CONNECT', this.target, fields, NONE, `Host: ${this.target}\r\n`);
		this.text += this.codec.end(null);
	}

	takeOutput(): string {
		const { text } = this;
		this.text = '';
		return text;
	}

	receive(bytes: Uint8Array, start: number, end: number): number {
		return this.codec.receive(bytes, start, end);
	}

	receiveEnd(): void {
		this.codec.receiveEnd();
		this.error ??= new UpstreamError('connection_terminated', { phase: 'connect' });
	}

	head(head: ResponseHead): void {
		if (head.status >= 200 && head.status < 300) {
			this.open = true;
		} else if (head.status >= 200) {
			this.fail(refusal(this.parent, head.status));
		} else if (++this.interim > INTERIM) {
			this.fail(new UpstreamError('http_protocol_error', { phase: 'connect', details: 'INTERIM_TOO_MANY' }));
		}
	}

	body(): void {}
	complete(): void {}

	violation(violation: Violation): void {
		this.fail(violationError(violation));
	}

	private fail(error: UpstreamError): void {
		this.error ??= error;
		this.codec.pause();
	}
}

/** A parent said no: by this status to CONNECT, or 407 to anything. */
export function refusal(parent: Parent, status: number): UpstreamError {
	const options: UpstreamErrorOptions = { phase: 'connect', details: `the parent proxy answered ${status}` };
	if (status !== 407) return new UpstreamError(types[status] ?? 'destination_unavailable', options);
	const had =
		basicAuthorization(parent) === null ? 'wants a user and a password' : 'does not take our user and password';
	return new UpstreamError('proxy_configuration_error', {
		...options,
		message: `The parent proxy ${parent.name} ${had}`,
	});
}
