/**
 * Logins that a browser has begun and not ended, each in a cookie of its own that only we can read: nothing is kept here, so
 * that those who only begin fill no store. What ends one is the state, which no other browser has. By `__Host-` a browser
 * takes such a cookie from this very host alone (RFC 6265bis section 4.1.3.2): a host beside it cannot plant a login that
 * somebody else has begun. The price is the path `/`; it also shows us how many a browser has.
 */
import { createHash } from 'node:crypto';
import { type CookieAttributes, cookieValue, type Fields, formatSetCookie, parseCookies } from '../../fields/index.ts';
import type { Seal } from '../seal.ts';
import type { Ready } from './provider.ts';

/** One that was begun. */
export interface PendingLogin {
	readonly state: string;
	readonly nonce: string;
	/** PKCE's (RFC 7636). */
	readonly verifier: string;
	/** The path to go back to. */
	readonly back: string;
	/** Milliseconds since 1970. */
	readonly begun: number;
}

export interface Begun {
	readonly login: PendingLogin;
	/** For Set-Cookie: the new one, and those that had to go for it. */
	readonly lines: readonly string[];
}

const MOST = 5;
/** Characters of them altogether: they come with every request while they live. */
const MOST_TEXT = 3000;
const LONGEST_BACK = 700;
const LONGEST_COOKIE = 2048;
/** Lines that take cookies away, in one answer: whoever brings more has not got them from us. */
const MOST_GONE = 16;
/** Milliseconds. */
const LIFE = 600_000;

interface Kept {
	readonly name: string;
	readonly length: number;
	readonly begun: number;
}

export class PendingLogins {
	private readonly seal: Seal;
	/** What all of them begin with: the provider's, the client's and the callback's; others on this host have theirs. */
	private readonly prefix: string;
	private readonly purpose: string;
	private readonly attributes: CookieAttributes;

	/** `here` is the whole URL that the provider sends the browser back to. */
	constructor(seal: Seal, issuer: string, clientId: string, here: string) {
		const secure = here.startsWith('https:');
		this.seal = seal;
		this.purpose = JSON.stringify([issuer, clientId, here]);
		this.prefix = `${secure ? '__Host-' : ''}login-${hash(this.purpose, 8)}-`;
		this.attributes = { path: '/', secure, httpOnly: true, sameSite: 'Lax' };
	}

	begin({ openid }: Pick<Ready, 'openid'>, fields: Fields, back: string): Begun {
		const login = {
			state: openid.randomState(),
			nonce: openid.randomNonce(),
			verifier: openid.randomPKCECodeVerifier(),
			back: back.length > LONGEST_BACK ? '/' : back,
			begun: Date.now(),
		};
		const name = this.nameOf(login.state);
		const { state, nonce, verifier, begun } = login;
		const value = this.seal.close(JSON.stringify([state, nonce, verifier, login.back, begun]), this.purposeOf(name));
		const line = formatSetCookie(name, value, { ...this.attributes, maxAge: LIFE / 1000 });
		return { login, lines: [...this.tooMany(fields, name.length + value.length), line] };
	}

	/** The login with that state, or null. */
	find(fields: Fields, state: string): PendingLogin | null {
		const name = this.nameOf(state);
		const login = this.open(name, cookieValue(fields, name));
		return login?.state === state ? login : null;
	}

	/** The line for Set-Cookie that takes it out of the browser. */
	over({ state }: PendingLogin): string {
		return this.gone(this.nameOf(state));
	}

	/** Lines that take away what is nothing any more, and the oldest until there is room for one of `length`. */
	private tooMany(fields: Fields, length: number): string[] {
		const gone: string[] = [];
		const kept: Kept[] = [];
		for (const [name, value] of parseCookies(fields)) {
			if (!name.startsWith(this.prefix)) continue;
			if (kept.length + gone.length === MOST_GONE) break;
			const login = this.open(name, value);
			if (login === null) gone.push(name);
			else kept.push({ name, length: name.length + value.length, begun: login.begun });
		}
		kept.sort((one, other) => other.begun - one.begun);
		let text = length;
		kept.forEach((one, at) => {
			text += one.length;
			if (at >= MOST - 1 || text > MOST_TEXT) gone.push(one.name);
		});
		return gone.map((name) => this.gone(name));
	}

	private gone(name: string): string {
		return formatSetCookie(name, '', { ...this.attributes, maxAge: 0 });
	}

	private open(name: string, value: string | null): PendingLogin | null {
		if (value === null || value.length > LONGEST_COOKIE) return null;
		const text = this.seal.open(value, this.purposeOf(name));
		if (text === null) return null;
		// Only we can have written it.
		const [state, nonce, verifier, back, begun] = JSON.parse(text) as [string, string, string, string, number];
		return Date.now() - begun < LIFE ? { state, nonce, verifier, back, begun } : null;
	}

	private nameOf(state: string): string {
		return this.prefix + hash(state, 16);
	}

	private purposeOf(name: string): string {
		return `${name} ${this.purpose}`;
	}
}

/** Characters that a cookie's name may have, as many as that. */
function hash(text: string, length: number): string {
	return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
