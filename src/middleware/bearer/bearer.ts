/**
 * Authentication by signed tokens (JWT, RFC 7519) of the Bearer scheme (RFC 6750). Issuer and audience are always checked,
 * algorithms are pinned, and keys are for one kind of algorithm alone. What was verified is remembered under a digest of
 * the token until it expires, or the issuer's keys change.
 */
import crypto from 'node:crypto';
import type { JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import type { Context, Explanation, IncomingRequest, Layer, RawRequest } from '../../convention/index.ts';
import {
	explainedField,
	type Guard,
	guardLayer,
	type Passage,
	type RoleWords,
	roleWords,
	unauthorized,
	withoutCredentials,
} from '../guard.ts';
import type { Identity, identity } from '../keys.ts';
import { Remembered } from '../remembered.ts';
import { tokenOf } from '../token-of.ts';
import { plainClaims } from './claims.ts';
import { type Jose, RemoteKeys } from './key-source.ts';
import { type BearerOptions, type BearerSettings, bearerSettings } from './options.ts';
import { grants, insufficientScope } from './scopes.ts';
import { reasonOf } from './verdict.ts';

export interface BearerStatistics {
	/** Signatures that were checked; a remembered token costs none. */
	readonly verified: number;
	readonly remembered: number;
	/** Of key sets; 0 where the keys were given. */
	readonly fetches: number;
	readonly failures: number;
}

export interface Bearer {
	/** Ends the connections to the server of the keys. */
	close(): Promise<void>;
	statistics(): BearerStatistics;
}

/** Tokens that can be remembered at a time. */
const MOST_REMEMBERED = 10_000;

/**
 * Lets in whoever brings a token that the issuer has signed for us. 401 for a token that is not good, 403 for one that
 * allows too little, 503 when the issuer's keys cannot be had. Throws TypeError or RangeError with the option's name and the reason.
 */
export function bearer(options: BearerOptions & { readonly optional?: false }): Layer<typeof identity> & Bearer;
export function bearer(options: BearerOptions): Layer & Bearer;
export function bearer(options: BearerOptions): (Layer<typeof identity> | Layer) & Bearer {
	const settings = bearerSettings(options);
	const guard = new BearerGuard(settings);
	const note = { name: 'bearer', explain: (request: RawRequest) => guard.explain(request) };
	return Object.assign(guardLayer(guard, note, settings.optional), {
		close: async () => guard.remote?.close(),
		statistics: () => guard.statistics(),
	});
}

/** A token that was verified. */
interface Known {
	readonly identity: Identity;
	/** It has the scopes that are asked for. */
	readonly sufficient: boolean;
}

class BearerGuard implements Guard {
	readonly remote: RemoteKeys | null;
	private readonly settings: BearerSettings;
	private readonly words: RoleWords;
	private readonly challenge: string;
	/** Challenges of other schemes. */
	private readonly others: readonly string[];
	private readonly known = new Remembered<Known>(MOST_REMEMBERED);
	private readonly verification: JWTVerifyOptions;
	/** Loaded with the first token: who checks none need not wait for it. */
	private jose: Jose | null = null;
	private key: JWTVerifyGetKey | crypto.KeyObject | null = null;
	private verified = 0;
	private generation = 0;

	constructor(settings: BearerSettings) {
		this.settings = settings;
		this.words = roleWords[settings.role];
		this.challenge = `Bearer realm=${settings.realm}`;
		this.others = settings.asUserName ? [`Basic realm=${settings.realm}`] : [];
		this.remote = settings.keys.kind === 'remote' ? new RemoteKeys(settings.keys.url, settings) : null;
		this.verification = {
			issuer: [...settings.issuer],
			audience: [...settings.audience],
			algorithms: [...settings.algorithms],
			clockTolerance: settings.clockTolerance,
			requiredClaims: ['exp', ...settings.require],
			...(settings.typ !== null && { typ: settings.typ }),
		};
	}

	admit(request: IncomingRequest, _context: Context): Passage | Promise<Passage> {
		const token = tokenOf(request, this.words, 'bearer', this.settings.asUserName);
		if (token === null) {
			if (this.settings.optional) return { identity: null, request };
			// RFC 6750 section 3.1: no error code for a request that has brought nothing.
			throw unauthorized(this.words, this.challenge, 'A token is needed here.', ...this.others);
		}
		if (token.length > this.settings.limit) throw this.invalid('it is too long');
		if (this.settings.remember === 0) return this.verify(token, null, request);
		if (this.remote !== null && this.remote.generation !== this.generation) {
			// A key may have been withdrawn.
			this.generation = this.remote.generation;
			this.known.clear();
		}
		const digest = crypto.hash('sha256', token, 'base64');
		const known = this.known.get(digest, Date.now());
		return known === undefined ? this.verify(token, digest, request) : this.passage(known, request);
	}

	private passage(known: Known, request: IncomingRequest): Passage {
		const { scopes, realm, pass } = this.settings;
		if (!known.sufficient) throw insufficientScope(this.words, realm, scopes);
		return { identity: known.identity, request: pass ? request : withoutCredentials(request, this.words) };
	}

	private async verify(token: string, digest: string | null, request: IncomingRequest): Promise<Passage> {
		const jose = this.jose ?? (await this.load());
		const generation = this.remote?.generation ?? 0;
		this.verified++;
		let payload: Readonly<Record<string, unknown>>;
		try {
			// One function for both kinds of key; jose tells them apart.
			({ payload } = await jose.jwtVerify(token, this.key as JWTVerifyGetKey, this.verification));
		} catch (error) {
			const reason = reasonOf(error);
			if (reason === null) throw error;
			// Without its cause, which holds the claims: nobody shall log them.
			throw this.invalid(reason);
		}
		const known = this.knownOf(payload);
		// Keys that have changed meanwhile may no longer hold the one that this token was signed with.
		if (digest !== null && generation === (this.remote?.generation ?? 0)) this.keep(digest, known, payload);
		return this.passage(known, request);
	}

	private keep(digest: string, known: Known, payload: Readonly<Record<string, unknown>>): void {
		const { remember, clockTolerance } = this.settings;
		const expires = (Number(payload['exp']) + clockTolerance) * 1_000;
		this.known.set(digest, known, Math.min(expires, Date.now() + remember));
	}

	private knownOf(payload: Readonly<Record<string, unknown>>): Known {
		const name = payload[this.settings.nameClaim];
		if (typeof name !== 'string' || name === '') throw this.invalid('it lacks a claim that is needed');
		const claims = plainClaims(payload);
		return { identity: { name, by: 'bearer', claims }, sufficient: grants(claims, this.settings.scopes) };
	}

	private async load(): Promise<Jose> {
		const jose = await import('jose');
		const { keys } = this.settings;
		const { remote } = this;
		if (remote !== null) this.key = (header, token) => remote.keyFor(jose, header, token);
		else if (keys.kind === 'secret') this.key = keys.secret;
		else if (keys.kind === 'set') this.key = jose.createLocalJWKSet(keys.set as never);
		this.jose = jose;
		return jose;
	}

	private invalid(reason: string): Error {
		const challenge = `${this.challenge}, error="invalid_token", error_description="The token was refused: ${reason}"`;
		return unauthorized(this.words, challenge, `This token was refused: ${reason}.`, ...this.others);
	}

	explain(request: RawRequest): Explanation {
		const { settings, words, challenge } = this;
		const { algorithms, issuer, audience, scopes } = settings;
		const what = `by ${issuer.join(' or ')} for ${audience.join(' or ')}, signed with ${algorithms.join(', ')}`;
		const asks =
			scopes.length === 0 ? [] : [`Answers 403 Forbidden when it does not grant the scopes ${scopes.join(', ')}.`];
		const search = {
			what: `${words.credentials} with the Bearer scheme`,
			check: [`Verifies the token (RFC 7519): ${what}.`, ...asks],
			challenge,
		};
		const isThere = (): boolean => tokenOf(request, words, 'bearer', settings.asUserName) !== null;
		return explainedField(request, settings, 'bearer', search, isThere);
	}

	statistics(): BearerStatistics {
		const { fetches = 0, failures = 0 } = this.remote ?? {};
		return { verified: this.verified, remembered: this.known.size, fetches, failures };
	}
}
