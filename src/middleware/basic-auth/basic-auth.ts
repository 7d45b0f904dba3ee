/**
 * Authentication by name and password (RFC 7617). The password is in every request, hardly hidden: serve it over TLS.
 * Names that nobody has cost as much time as those that somebody has; what was accepted is remembered for a while under a
 * keyed digest, so that neither the password nor anything that helps to guess it stays in memory.
 */
import crypto from 'node:crypto';
import type { Context, Explanation, IncomingRequest, Layer, RawRequest } from '../../convention/index.ts';
import { ReloadedFile } from '../../reloaded/index.ts';
import {
	credentialsOf,
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
import { type Credentials, parseCredentials } from './credentials.ts';
import { type BasicAuthOptions, type BasicAuthSettings, basicAuthSettings } from './options.ts';
import { Ticket } from './ticket.ts';
import type { Users } from './users.ts';
import { Verifier } from './verifier.ts';

export interface BasicAuthStatistics {
	/** Passwords that were checked; a request whose credentials are remembered costs none. */
	readonly checks: number;
	readonly remembered: number;
	readonly waiting: number;
	/** Requests answered 503 because too many waited. */
	readonly refused: number;
}

export interface BasicAuth {
	/** Ends the thread of bcrypt, if there is one. */
	close(): Promise<void>;
	statistics(): BasicAuthStatistics;
}

/** Users that can be remembered at a time. */
const MOST_REMEMBERED = 10_000;

/**
 * Lets in whoever brings a user's name and password. Throws TypeError or RangeError with the option's name and the reason,
 * for a file with its line, and the system's error when the file cannot be read.
 */
export function basicAuth(
	options: BasicAuthOptions & { readonly optional?: false },
): Layer<typeof identity> & BasicAuth;
export function basicAuth(options: BasicAuthOptions): Layer & BasicAuth;
export function basicAuth(options: BasicAuthOptions): (Layer<typeof identity> | Layer) & BasicAuth {
	const settings = basicAuthSettings(options);
	const guard = new BasicGuard(settings);
	const note = { name: 'basicAuth', explain: (request: RawRequest) => guard.explain(request) };
	return Object.assign(guardLayer(guard, note, settings.optional), {
		close: () => guard.verifier.close(),
		statistics: () => guard.statistics(),
	});
}

class BasicGuard implements Guard {
	readonly verifier: Verifier;
	private readonly settings: BasicAuthSettings;
	private readonly words: RoleWords;
	private readonly challenge: string;
	private readonly secret: Uint8Array = crypto.randomBytes(32);
	private readonly known = new Remembered<Identity>(MOST_REMEMBERED);
	/** Checks under way, which requests with the same credentials share. */
	private readonly pending = new Map<string, SharedCheck>();
	private reads = 1;

	constructor(settings: BasicAuthSettings) {
		this.settings = settings;
		this.words = roleWords[settings.role];
		// RFC 7617 section 2.1.
		this.challenge = `Basic realm=${settings.realm}, charset="UTF-8"`;
		this.verifier = new Verifier(settings);
	}

	admit(request: IncomingRequest, context: Context): Passage | Promise<Passage> {
		const text = credentialsOf(request, this.words, 'basic');
		if (text === null) {
			if (this.settings.optional) return { identity: null, request };
			throw unauthorized(this.words, this.challenge, 'A name and a password are needed here.');
		}
		const { users } = this.settings;
		const look = users instanceof ReloadedFile ? users.look() : null;
		return look === null ? this.judge(text, request, context) : look.then(() => this.judge(text, request, context));
	}

	private judge(text: string, request: IncomingRequest, context: Context): Passage | Promise<Passage> {
		const credentials = parseCredentials(text);
		if (credentials === null) throw this.wrong();
		this.forgetOldFile();
		const digest = crypto.createHmac('sha256', this.secret).update(text).digest('base64');
		const known = this.known.get(digest, performance.now());
		if (known !== undefined) return this.passage(known, request);
		const { users } = this.settings;
		const asked =
			typeof users === 'function'
				? this.ask(credentials, context)
				: this.sharedCheck(digest, credentials, users, context);
		if (!(asked instanceof Promise)) return this.settle(asked, digest, request);
		return asked.then((found) => this.settle(found, digest, request));
	}

	private settle(found: Identity | null, digest: string, request: IncomingRequest): Passage {
		if (found === null) throw this.wrong();
		const { remember } = this.settings;
		if (remember > 0 && typeof this.settings.users === 'function')
			this.known.set(digest, found, performance.now() + remember);
		return this.passage(found, request);
	}

	private passage(found: Identity, request: IncomingRequest): Passage {
		return { identity: found, request: this.settings.pass ? request : withoutCredentials(request, this.words) };
	}

	/** Many requests with the same credentials at once, as browsers send them, are one check. */
	private sharedCheck(
		digest: string,
		credentials: Credentials,
		users: Users | ReloadedFile<Users>,
		context: Context,
	): Promise<Identity | null> {
		const under = this.pending.get(digest);
		if (under !== undefined && !under.ticket.abandoned) return whileThere(under, context);
		const ticket = new Ticket();
		const answer = this.check(digest, credentials, users, ticket).finally(() => {
			if (this.pending.get(digest) === check) this.pending.delete(digest);
		});
		const check = { ticket, answer };
		this.pending.set(digest, check);
		return whileThere(check, context);
	}

	private async check(
		digest: string,
		{ name, password }: Credentials,
		from: Users | ReloadedFile<Users>,
		ticket: Ticket,
	): Promise<Identity | null> {
		const users = from instanceof ReloadedFile ? from.value : from;
		const stored = users.hashFor(name);
		if (stored === null) return null;
		const matches = await this.verifier.matches(password, stored.hash, ticket);
		if (!matches || !stored.own) return null;
		const found = identityOf(name, {});
		// Not when the file has changed meanwhile: the user may have been taken out.
		const current = from instanceof ReloadedFile ? from.value : from;
		if (current === users && this.settings.remember > 0)
			this.known.set(digest, found, performance.now() + this.settings.remember);
		return found;
	}

	private ask({ name, password }: Credentials, context: Context): Identity | null | Promise<Identity | null> {
		const verify = this.settings.users;
		if (typeof verify !== 'function') return null;
		const ticket = new Ticket();
		ticket.joins(context);
		const asked = this.verifier.within(async () => {
			const said = await verify(name, password, context);
			// Anything but true and claims is no: a function that returns undefined has forgotten somebody.
			if (said !== true && (typeof said !== 'object' || said === null)) return null;
			return identityOf(name, said === true ? {} : said);
		}, ticket);
		return asked.finally(() => ticket.leaves(context));
	}

	/** What was accepted by the file as it was is asked again. */
	private forgetOldFile(): void {
		const { users } = this.settings;
		if (!(users instanceof ReloadedFile) || users.reads === this.reads) return;
		this.reads = users.reads;
		this.known.clear();
		this.pending.clear();
	}

	private wrong(): Error {
		return unauthorized(this.words, this.challenge, 'This name and password were not accepted.');
	}

	explain(request: RawRequest): Explanation {
		const { settings, words, challenge } = this;
		return explainedField(request, settings, 'basic', {
			what: `${words.credentials} with the Basic scheme`,
			check: ['Checks the name and the password (RFC 7617).'],
			challenge,
		});
	}

	statistics(): BasicAuthStatistics {
		const { checks, waiting, refused } = this.verifier;
		return { checks, remembered: this.known.size, waiting, refused };
	}
}

interface SharedCheck {
	readonly ticket: Ticket;
	readonly answer: Promise<Identity | null>;
}

/** For one more request that waits for it. */
function whileThere({ ticket, answer }: SharedCheck, context: Context): Promise<Identity | null> {
	ticket.joins(context);
	return answer.finally(() => ticket.leaves(context));
}

function identityOf(name: string, claims: Readonly<Record<string, unknown>>): Identity {
	return { name, by: 'basic', claims: Object.assign(Object.create(null), claims) as Record<string, unknown> };
}
