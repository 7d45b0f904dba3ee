/**
 * Renewing tokens, once for all who ask at the same time: providers take a refresh token that comes twice for a stolen one
 * (RFC 9700 section 4.14.2). What came of it is kept for a while, for requests that were on their way with the old one.
 */
import type { Session } from '../keys.ts';
import { type KeptLogin, renewedLogin } from './kept-login.ts';
import { type Provider, unreachable } from './provider.ts';

/** Milliseconds. */
const KEPT = 30_000;
const MOST_KEPT = 10_000;

interface Flight {
	readonly until: number;
	/** Null when the provider has ended the login. */
	readonly login: Promise<KeptLogin | null>;
}

export class Renewal {
	private readonly provider: Provider;
	private readonly before: number;
	private readonly flights: Map<string, Flight> = new Map();

	/** `before` in milliseconds: how long before its end a token is renewed. */
	constructor(provider: Provider, before: number) {
		this.provider = provider;
		this.before = before;
	}

	/** The login, renewed and kept in the session where it was time; null when the provider has ended it. Rejects with 503 when it is over and cannot be renewed now. */
	async current(session: Session, name: string, login: KeptLogin): Promise<KeptLogin | null> {
		const { refresh, expires } = login;
		if (refresh === null || expires === null || expires - Date.now() > this.before) return login;
		let renewed: KeptLogin | null;
		try {
			renewed = await this.flight(refresh, login);
		} catch (error) {
			if (expires > Date.now()) return login;
			throw unreachable(error);
		}
		if (renewed === null) session.delete(name);
		else session.set(name, renewed);
		return renewed;
	}

	private flight(refresh: string, login: KeptLogin): Promise<KeptLogin | null> {
		const under = this.flights.get(refresh);
		const now = performance.now();
		if (under !== undefined && under.until > now) return under.login;
		this.tidy(now);
		const renewing = this.renew(refresh, login);
		this.flights.delete(refresh);
		this.flights.set(refresh, { until: now + KEPT, login: renewing });
		// What failed for the time being is tried again by the next.
		renewing.catch(() => this.flights.delete(refresh));
		return renewing;
	}

	private async renew(refresh: string, login: KeptLogin): Promise<KeptLogin | null> {
		const { openid, configuration } = await this.provider.ready();
		try {
			return renewedLogin(login, await openid.refreshTokenGrant(configuration, refresh));
		} catch (error) {
			if (error instanceof openid.ResponseBodyError && error.error === 'invalid_grant') return null;
			throw error;
		}
	}

	private tidy(now: number): void {
		for (const [refresh, { until }] of this.flights) {
			if (until > now && this.flights.size < MOST_KEPT) return;
			this.flights.delete(refresh);
		}
	}
}
