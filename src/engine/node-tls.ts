/**
 * TLS on a listener, by node: the certificate for the name a client asks for, what is stapled to it, and session tickets. Versions and
 * ciphers are node's defaults, TLS 1.2 and 1.3. Files of certificates are looked at when somebody connects.
 */
import type { TlsOptions as NodeTlsOptions, SecureContextOptions, Server } from 'node:tls';
import { Certificates, TicketKeys, type TlsOptions } from '../certificates/index.ts';

/** What an acceptor needs to speak TLS. */
export interface TlsAcceptance {
	readonly settings: NodeTlsOptions;
	/** Told of the server before it listens. */
	prepare(server: Server): void;
}

export interface TlsNeeds {
	/** What ALPN offers, best first. */
	readonly protocols: readonly string[];
	/** Milliseconds that a client has for the handshake, 0 for node's default. */
	readonly handshake: number;
	/** Told what is wrong with certificates that were read again, and which end soon. */
	readonly report: (message: string) => void;
}

/** Throws an Error that names the option, for certificates and keys that are none. */
export function tlsAcceptance(options: TlsOptions, { protocols, handshake, report }: TlsNeeds): TlsAcceptance {
	const rules = rulesOf(options);
	const certificates = new Certificates('tls', options, rules, report);
	const keys = new TicketKeys(options.ticketSecret);
	const asked = options.clientAuthorities !== undefined || options.requireClientCertificate === true;
	const standing = (): NodeTlsOptions => ({
		...rules,
		cert: certificates.first.cert as string,
		key: certificates.first.key as string,
	});
	const settings: NodeTlsOptions = {
		...standing(),
		ALPNProtocols: [...protocols],
		ticketKeys: keys.at(Date.now()),
		...(handshake > 0 ? { handshakeTimeout: handshake } : {}),
		...(asked ? { requestCert: true, rejectUnauthorized: options.requireClientCertificate === true } : {}),
		...(certificates.isChosenByName ? { SNICallback: (name, done) => done(null, certificates.named(name)) } : {}),
	};
	return { settings, prepare: (server) => follow(server, certificates, keys, standing, report) };
}

function follow(
	server: Server,
	certificates: Certificates,
	keys: TicketKeys,
	standing: () => NodeTlsOptions,
	report: (message: string) => void,
): void {
	let inUse = keys.at(Date.now());
	let stapling = false;
	const staple = (): void => {
		if (stapling || !certificates.staples) return;
		stapling = true;
		server.on('OCSPRequest', (leaf: Buffer, _issuer: Buffer, done: (error: Error | null, answer: Buffer) => void) =>
			// Null is no answer, and node takes it for that.
			done(null, certificates.stapledTo(leaf) as Buffer),
		);
	};
	staple();
	server.on('connection', () => {
		const now = keys.at(Date.now());
		if (now !== inUse) {
			inUse = now;
			server.setTicketKeys(now);
		}
		void certificates
			.look()
			?.then((changed) => {
				if (!changed) return;
				server.setSecureContext({ ...standing(), ticketKeys: inUse } as SecureContextOptions);
				staple();
			})
			.catch((error: Error) => report(`tls: the renewed certificate is not served: ${error.message}`));
	});
}

function rulesOf({ clientAuthorities, minVersion = 'TLSv1.2', ciphers }: TlsOptions): SecureContextOptions {
	return {
		minVersion,
		...(ciphers === undefined ? {} : { ciphers }),
		...(clientAuthorities === undefined ? {} : { ca: clientAuthorities as string }),
	};
}
