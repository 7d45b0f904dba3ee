/**
 * Authentication by the certificate that the client has shown in TLS. It is taken from the connection and from nowhere
 * else: fields that claim to describe a certificate are taken off every request, since anybody can write them (RFC 9440
 * section 2.4). HTTP has no challenge for it, so that whoever has none is answered 403 and not 401.
 */
import {
	type Context,
	derive,
	type Explanation,
	HttpError,
	type IncomingRequest,
	type Key,
	key,
	type Layer,
	type Misfit,
	type RawRequest,
	raw,
	type Served,
	statusLine,
} from '../../convention/index.ts';
import { CLIENT_CERTIFICATE, FieldList } from '../../fields/index.ts';
import { type Guard, guardLayer, type Passage, refusesCache, removal } from '../guard.ts';
import type { Identity, identity } from '../keys.ts';
import { type ReadCertificate, readCertificate } from './certificate-facts.ts';
import { type ClientCertificateOptions, type ClientCertificateSettings, clientCertificateSettings } from './options.ts';

/**
 * Lets in clients with a certificate that TLS has verified: the listener's `tls` must ask for one (`clientAuthorities`).
 * Throws TypeError with the option's name and the reason.
 */
export function clientCertificate(
	options?: ClientCertificateOptions & { readonly optional?: false },
): Layer<typeof identity>;
export function clientCertificate(options: ClientCertificateOptions): Layer;
export function clientCertificate(options: ClientCertificateOptions = {}): Layer<typeof identity> | Layer {
	const settings = clientCertificateSettings(options);
	const guard = new CertificateGuard(settings);
	const explain = (request: RawRequest, context: Context) => guard.explain(request, context);
	const misfit = settings.optional ? () => null : withoutAuthorities;
	return guardLayer(guard, { name: 'clientCertificate', refuses: refusesCache, misfit, explain }, settings.optional);
}

function withoutAuthorities({ asksForCertificates }: Served): Misfit | null {
	if (asksForCertificates !== false) return null;
	const message =
		'no listener asks for client certificates, and so nobody could come in: set tls.clientAuthorities of one in `listen`';
	return { level: 'fault', message };
}

/** What is kept with a connection: its certificate stays the same. */
interface Kept {
	readonly certificate: ReadCertificate | null;
	readonly identity: Identity | null;
}

class CertificateGuard implements Guard {
	private readonly settings: ClientCertificateSettings;
	private readonly kept: Key<Kept> = key('client certificate');

	constructor(settings: ClientCertificateSettings) {
		this.settings = settings;
	}

	admit(request: IncomingRequest, context: Context): Passage | Promise<Passage> {
		const { certificate, identity: own } = this.keptFor(context);
		const inward = withoutClaims(request);
		if (certificate === null) {
			if (this.settings.optional) return { identity: null, request: inward };
			throw refused('This needs a client certificate that we trust, and the connection has none.');
		}
		const now = Date.now();
		// A connection can outlive the certificate that it began with.
		if (now < certificate.facts.validFrom || now > certificate.facts.validTo)
			throw refused('The client certificate of this connection is not valid at this time.');
		const allowed = certificate.trusted && this.settings.allow(certificate.facts, context);
		if (!(allowed instanceof Promise)) return enter(allowed, own, inward);
		return allowed.then((late) => enter(late, own, inward));
	}

	private keptFor(context: Context): Kept {
		const { state, tls } = context.connection;
		let kept = state.get(this.kept);
		if (kept === undefined) {
			kept = this.read(tls?.peer() ?? null);
			state.set(this.kept, kept);
		}
		return kept;
	}

	private read(der: Uint8Array | null): Kept {
		if (der === null) return { certificate: null, identity: null };
		const certificate = readCertificate(der, this.settings.authorities);
		const claims = Object.assign(Object.create(null), certificate.facts) as Record<string, unknown>;
		return { certificate, identity: { name: certificate.name, by: 'certificate', claims } };
	}

	explain(request: RawRequest, context: Context): Explanation {
		const { certificate } = this.keptFor(context);
		const fields = claimsIn(request).map((name) => removal(name, 'RFC 9440 section 2.4'));
		const inward = fields.length === 0 ? {} : { request: withoutClaims(raw(request)) };
		const taken = fields.length === 0 ? '' : ', and without what claims to be one';
		if (certificate !== null) {
			const does = ["Judges the connection's certificate.", 'Answers 403 Forbidden when it may not come in.'];
			return { does: [...does, `Passes the request on, with the identity${taken}.`], fields, ...inward };
		}
		const does = 'The connection has no client certificate.';
		if (this.settings.optional)
			return { does: [does, `Passes the request on, with no identity${taken}.`], fields, ...inward };
		return { does: [does], answers: statusLine(403) };
	}
}

function enter(allowed: unknown, own: Identity | null, request: RawRequest): Passage {
	if (allowed !== true)
		throw refused('The client certificate of this connection is not one of those that may come in.');
	return { identity: own, request };
}

function refused(message: string): HttpError {
	return new HttpError(403, { message });
}

/** What proxies call such fields, beside Client-Cert and Client-Cert-Chain (RFC 9440). `_` is `-` to programs behind CGI and its like. */
const CLAIM =
	/^(?:client-cert(?:-.*)?|x-client-cert(?:-.*)?|x-forwarded-client-cert(?:-.*)?|x-forwarded-tls-client-cert(?:-.*)?|x-ssl-.*|ssl-client-.*|x-tls-client-.*)$/;

function claimsIn(request: RawRequest): string[] {
	const names: string[] = [];
	for (const [name] of request.fields) if (CLAIM.test(name.toLowerCase().replaceAll('_', '-'))) names.push(name);
	return names;
}

function withoutClaims(request: IncomingRequest): RawRequest {
	const names = claimsIn(request);
	if (names.length === 0) return request;
	const fields = FieldList.from(request.fields).copy();
	fields.deleteFlagged(CLIENT_CERTIFICATE);
	for (const name of names) fields.delete(name);
	return derive(request, { fields });
}
