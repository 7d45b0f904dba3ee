/** The provider: found out about at its first use, and again when that failed. `openid-client` is loaded then. */
import type * as openid from 'openid-client';
import { HttpError } from '../../convention/index.ts';
import type { OidcSettings } from './options.ts';

export interface Ready {
	readonly openid: typeof openid;
	readonly configuration: openid.Configuration;
}

/** Milliseconds after a failure in which the provider is not asked again: those who wait must not add to its troubles. */
const PAUSE = 1000;

export class Provider {
	private readonly settings: OidcSettings;
	private finding: Promise<Ready> | null = null;
	private failed: { readonly at: number; readonly error: unknown } | null = null;

	constructor(settings: OidcSettings) {
		this.settings = settings;
	}

	/** Rejects with 503 while it cannot be reached. */
	async ready(): Promise<Ready> {
		const { failed } = this;
		if (failed !== null && performance.now() - failed.at < PAUSE) throw unreachable(failed.error);
		this.finding ??= this.find();
		try {
			return await this.finding;
		} catch (error) {
			throw unreachable(error);
		}
	}

	private async find(): Promise<Ready> {
		const { issuer, clientId, clientSecret, clientAuthentication, timeout, insecure } = this.settings;
		try {
			const client = await import('openid-client');
			const { ClientSecretBasic, ClientSecretPost, None, allowInsecureRequests, enableNonRepudiationChecks } = client;
			const authenticate = clientAuthentication === 'post' ? ClientSecretPost : ClientSecretBasic;
			const configuration = await client.discovery(
				issuer,
				clientId,
				{},
				clientSecret === null ? None() : authenticate(clientSecret),
				{
					timeout: timeout / 1000,
					// TLS alone would do for ID tokens that come from the token endpoint; their signature is checked all the same.
					execute: insecure ? [allowInsecureRequests, enableNonRepudiationChecks] : [enableNonRepudiationChecks],
				},
			);
			this.failed = null;
			return { openid: client, configuration };
		} catch (error) {
			this.failed = { at: performance.now(), error };
			this.finding = null;
			throw error;
		}
	}
}

export function unreachable(cause: unknown): HttpError {
	const message = 'The service that logs in cannot be reached';
	return new HttpError(503, { message, cause, fields: { 'retry-after': '5' }, expose: true });
}
