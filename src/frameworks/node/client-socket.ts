/** What a socket says of its client: asked of the exchange, where a framework would ask the system. */
import { X509Certificate } from 'node:crypto';
import { Duplex } from 'node:stream';
import type { Address, Context, RawRequest } from '../../convention/index.ts';

const OPTIONS = { autoDestroy: false, emitClose: true, allowHalfOpen: true };

/** A stream that answers as a socket of the client's connection would. Where its bytes go is for who extends it. */
export class ClientSocket extends Duplex {
	protected readonly message: RawRequest;
	protected readonly context: Context;
	/** Milliseconds; kept and not used: the engine's time-outs hold. */
	timeout = 0;

	constructor(message: RawRequest, context: Context) {
		super(OPTIONS);
		this.message = message;
		this.context = context;
	}

	// Who is calling.

	get remoteAddress(): string | undefined {
		return hostOf(this.context.connection.remote);
	}

	get remotePort(): number | undefined {
		return portOf(this.context.connection.remote);
	}

	get remoteFamily(): string | undefined {
		return familyOf(this.context.connection.remote);
	}

	get localAddress(): string | undefined {
		return hostOf(this.context.connection.local);
	}

	get localPort(): number | undefined {
		return portOf(this.context.connection.local);
	}

	get localFamily(): string | undefined {
		return familyOf(this.context.connection.local);
	}

	address(): { address?: string; port?: number; family?: string } {
		const { localAddress, localPort, localFamily } = this;
		if (localAddress === undefined || localPort === undefined || localFamily === undefined) return {};
		return { address: localAddress, port: localPort, family: localFamily };
	}

	// What TLS has settled.

	/** Whether the client's connection is secure, or a layer before us that knows better has said so. */
	get encrypted(): boolean {
		const { context, message } = this;
		// What an absolute-form target says of itself is the client's word alone.
		return context.connection.tls !== null || (message.scheme === 'https' && message.form !== 'absolute');
	}

	/** Whether the client has shown a certificate that was verified. */
	get authorized(): boolean {
		return this.certificate !== null;
	}

	get alpnProtocol(): string | false {
		return this.context.connection.tls?.alpn ?? false;
	}

	get servername(): string | false {
		return this.context.connection.tls?.sni ?? false;
	}

	/** As that of node's TLSSocket: an empty object where there is no certificate. */
	getPeerCertificate(): object {
		const { certificate } = this;
		return certificate === null ? {} : new X509Certificate(certificate).toLegacyObject();
	}

	getPeerX509Certificate(): X509Certificate | undefined {
		const { certificate } = this;
		return certificate === null ? undefined : new X509Certificate(certificate);
	}

	// What has no meaning for one exchange among others.

	setTimeout(milliseconds: number, listener?: () => void): this {
		this.timeout = milliseconds;
		if (listener !== undefined) this.once('timeout', listener);
		return this;
	}

	setNoDelay(): this {
		return this;
	}

	setKeepAlive(): this {
		return this;
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}

	private get certificate(): Uint8Array | null {
		return this.context.connection.tls?.peer() ?? null;
	}
}

function hostOf(address: Address): string | undefined {
	return address.kind === 'ip' ? address.host : undefined;
}

function portOf(address: Address): number | undefined {
	return address.kind === 'ip' ? address.port : undefined;
}

function familyOf(address: Address): string | undefined {
	if (address.kind !== 'ip') return undefined;
	return address.host.includes(':') ? 'IPv6' : 'IPv4';
}
