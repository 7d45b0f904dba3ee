/** What a SOCKS5 parent answers, as RFC 9209's error types. The bytes are protocol/socks's. */
import { type ProxyStatusError, UpstreamError } from '../../convention/index.ts';
import { SocksClient, type SocksFailure } from '../../protocol/socks/index.ts';
import type { Handshake } from './handshake.ts';
import { credentialsOf, type Parent } from './parent.ts';

/** By the reply's number (RFC 1928 section 6), with what it says. */
const replies: Readonly<Record<number, readonly [ProxyStatusError, string]>> = {
	1: ['destination_unavailable', 'general failure'],
	2: ['http_request_denied', 'not allowed by its rules'],
	3: ['destination_ip_unroutable', 'network unreachable'],
	// Most parents say so of a name that they could not look up, too.
	4: ['destination_ip_unroutable', 'host unreachable'],
	5: ['connection_refused', 'connection refused'],
	6: ['connection_timeout', 'TTL expired'],
	7: ['proxy_configuration_error', 'command not supported'],
	8: ['destination_ip_unroutable', 'address type not supported'],
};

export class SocksHandshake implements Handshake {
	error: UpstreamError | null = null;
	private readonly parent: Parent;
	private readonly socks: SocksClient;

	/** Throws RangeError for a name that is too long. */
	constructor(parent: Parent, host: string, port: number) {
		this.parent = parent;
		this.socks = new SocksClient(host, port, credentialsOf(parent));
	}

	get open(): boolean {
		return this.socks.connected;
	}

	takeOutput(): Uint8Array {
		return this.socks.takeOutput();
	}

	receive(bytes: Uint8Array, start: number, end: number): number {
		const at = this.socks.receive(bytes, start, end);
		if (this.socks.failure !== null) this.error ??= this.errorOf(this.socks.failure);
		return at;
	}

	receiveEnd(): void {
		this.error ??= new UpstreamError('connection_terminated', { phase: 'connect' });
	}

	private errorOf(failure: SocksFailure): UpstreamError {
		if (failure.kind === 'reply') {
			const [type, words] = replies[failure.reply] ?? ['destination_unavailable', `reply ${failure.reply}`];
			return new UpstreamError(type, { phase: 'connect', details: `the SOCKS5 parent answered: ${words}` });
		}
		if (failure.kind === 'violation') {
			const details = `SOCKS5: ${failure.what}`;
			return new UpstreamError('connection_terminated', {
				phase: 'connect',
				details,
				message: `The parent ${this.parent.name} does not speak SOCKS5 as it should`,
			});
		}
		const without = credentialsOf(this.parent) === null;
		const had =
			failure.kind === 'methods' && without ? 'wants a user and a password' : 'does not take our user and password';
		return new UpstreamError('proxy_configuration_error', {
			phase: 'connect',
			details: 'the SOCKS5 parent refused to authenticate us',
			message: `The parent proxy ${this.parent.name} ${had}`,
		});
	}
}
