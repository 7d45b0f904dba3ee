/**
 * The issuer's keys. Those of a URL are fetched by our own client, so that its bounds and guards hold, kept, and fetched
 * anew in time and when a token names a key that is not among them: keys rotate. A token cannot make us fetch often, and
 * never decides from where: `kid` is compared with what the keys say of themselves and used for nothing else.
 */
import type * as JoseModule from 'jose';
import type { CryptoKey as JoseKey, JSONWebKeySet, JWTVerifyGetKey, LocalJWKSet } from 'jose';
import { question, type Upstream, upstream } from '../../client/index.ts';
import { HttpError, UpstreamError } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import type { BearerSettings } from './options.ts';

export type Jose = typeof JoseModule;
type Header = Parameters<JWTVerifyGetKey>[0];
type Token = Parameters<JWTVerifyGetKey>[1];

/** Bytes of a key set, and keys in it. */
const LARGEST = 524_288;
const MOST_KEYS = 100;
/** Milliseconds between attempts while keys cannot be had. */
const RETRY = 1_000;

export class RemoteKeys {
	/** Grows when the keys have changed. */
	generation = 0;
	fetches = 0;
	failures = 0;
	private readonly server: Upstream;
	private readonly target: string;
	private readonly settings: BearerSettings;
	private set: LocalJWKSet | null = null;
	private text = '';
	private loadedAt = Number.NEGATIVE_INFINITY;
	private failedAt = Number.NEGATIVE_INFINITY;
	private loading: Promise<void> | null = null;

	constructor(url: URL, settings: BearerSettings) {
		const { timeout } = settings;
		this.settings = settings;
		this.target = `${url.pathname}${url.search}`;
		this.server = upstream(url.origin, {
			...settings.upstream,
			timeouts: { connect: timeout, firstByte: timeout, total: timeout, ...settings.upstream.timeouts },
		});
	}

	/** Rejects with HttpError 503 when the keys cannot be had, and with jose's error when there is none for this token. */
	async keyFor(jose: Jose, header: Header, token: Token): Promise<JoseKey> {
		const set = await this.current(jose);
		try {
			return await set(header, token);
		} catch (error) {
			if (!(error instanceof jose.errors.JWKSNoMatchingKey)) throw error;
			await this.loadForUnknown(jose);
			if (this.set === set || this.set === null) throw error;
			return this.set(header, token);
		}
	}

	close(): Promise<void> {
		return this.server.close();
	}

	private async current(jose: Jose): Promise<LocalJWKSet> {
		const age = performance.now() - this.loadedAt;
		if (this.set === null || age > this.settings.stale) await this.loadOrFail(jose);
		else if (age > this.settings.refresh) this.refresh(jose);
		if (this.set === null) throw unreachable();
		return this.set;
	}

	/** Requests go on meanwhile. A failure is told once, and not by each of them. */
	private refresh(jose: Jose): void {
		if (this.loading !== null || this.failedLately) return;
		this.load(jose).catch((error: Error) => this.settings.log(error));
	}

	private get failedLately(): boolean {
		return performance.now() - this.failedAt < RETRY;
	}

	/** The key may be newer than ours. Not asked again within the cool-down. */
	private async loadForUnknown(jose: Jose): Promise<void> {
		const { coolDown } = this.settings;
		if (this.failedAt > this.loadedAt) await this.loadOrFail(jose);
		else if (performance.now() - this.loadedAt >= coolDown) await this.loadOrFail(jose);
	}

	private async loadOrFail(jose: Jose): Promise<void> {
		try {
			await this.load(jose);
		} catch (cause) {
			throw unreachable(cause);
		}
	}

	private load(jose: Jose): Promise<void> {
		if (this.loading !== null) return this.loading;
		if (this.failedLately)
			return Promise.reject(new UpstreamError('destination_unavailable', { details: 'tried a moment ago' }));
		this.loading = this.fetch(jose)
			.catch((error: unknown) => {
				this.failures++;
				this.failedAt = performance.now();
				throw error;
			})
			.finally(() => {
				this.loading = null;
			});
		return this.loading;
	}

	private async fetch(jose: Jose): Promise<void> {
		this.fetches++;
		const fields = FieldList.of({ Accept: 'application/jwk-set+json, application/json' });
		const asked = { target: this.target, fields };
		const { status, body } = await question(this.server, asked, { mostBytes: LARGEST });
		if (status !== 200 || body === null)
			throw new UpstreamError('http_protocol_error', { details: `status ${status}` });
		const text = new TextDecoder().decode(body);
		if (text !== this.text || this.set === null) {
			this.set = localSet(jose, text);
			this.text = text;
			this.generation++;
		}
		this.loadedAt = performance.now();
	}
}

/** Keys that are no public ones are left to jose, which never verifies by them. */
function localSet(jose: Jose, text: string): LocalJWKSet {
	try {
		const set = JSON.parse(text) as JSONWebKeySet;
		if (set.keys.length > MOST_KEYS) throw new RangeError(`more than ${MOST_KEYS} keys`);
		return jose.createLocalJWKSet(set);
	} catch (cause) {
		throw new UpstreamError('http_protocol_error', { details: 'no set of keys', cause });
	}
}

/** Not 401: the token may well be good, and a client that is told otherwise throws it away. */
function unreachable(cause?: unknown): HttpError {
	return new HttpError(503, {
		message: 'The keys of the issuer cannot be had',
		expose: false,
		fields: ['Retry-After', '1'],
		...(cause !== undefined && { cause }),
	});
}
