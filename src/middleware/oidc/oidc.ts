/**
 * Login with an OpenID provider: code flow with PKCE, state and nonce, by `openid-client`. What came of it lives in the
 * session, never in a page; whoever stands within gets the identity.
 */
import {
	type App,
	type Context,
	type Explanation,
	type FieldNote,
	HttpError,
	type Key,
	key,
	known,
	type Layer,
	type LayerNote,
	layer,
	type RawRequest,
	raw,
	respond,
	statusLine,
} from '../../convention/index.ts';
import { quote } from '../../fields/index.ts';
import { identity, session } from '../keys.ts';
import { sessionsNote } from '../sessions-note.ts';
import { Flow } from './flow.ts';
import { identityOf, type KeptLogin } from './kept-login.ts';
import { type OidcOptions, type OidcSettings, settingsOf } from './options.ts';
import { Provider } from './provider.ts';
import { Renewal } from './renewal.ts';

/** For asking others in the user's name. It never belongs into a page. */
export interface OidcTokens {
	readonly accessToken: string;
	/** Milliseconds since 1970; null when the provider has not said. */
	readonly expires: number | null;
}

export interface OidcExtras {
	/** The access token of the exchange's user; null without a login. */
	tokens(context: Context): OidcTokens | null;
}

/** A login that everybody needs. */
export type Oidc = Layer<typeof identity, typeof session> & OidcExtras;
/** A login that one may have. */
export type OptionalOidc = Layer<never, typeof session> & OidcExtras;

const NEED = {
	key: session,
	because: 'put sessions(...) around it: the login is kept in the session',
};

/** A layer that knows its users by a provider. Throws TypeError or RangeError with the option's name and the reason; asks the provider nothing before the first login. */
export function oidc(options: OidcOptions & { readonly optional?: false }): Oidc;
export function oidc(options: OidcOptions): OptionalOidc;
export function oidc(options: OidcOptions): Oidc | OptionalOidc {
	const settings = settingsOf(options);
	const gate = new Gate(settings);
	const wrap =
		(next: App): App =>
		(request, context) =>
			gate.enter(next, request, context);
	const note = {
		name: 'oidc',
		needs: [NEED],
		proves: settings.required ? [identity] : [],
		refuses,
		explain: (request: RawRequest, context: Context) => explanation(settings, request, context),
	};
	return Object.assign(layer<typeof identity, typeof session>(note, wrap), {
		tokens: (context: Context) => gate.tokens(context),
	});
}

/**
 * Browsers hold a Strict cookie back from what another site has sent them to, redirects behind it included: who comes from the
 * provider would have no session at the page either, be sent to log in again, and so on.
 */
function refuses(outer: readonly LayerNote[]): string | null {
	if (sessionsNote(outer)?.sameSite !== 'Strict') return null;
	return "sessions has cookie.sameSite: 'Strict', which browsers do not send to whoever comes back from the provider: no login would ever end. Take 'Lax'";
}

class Gate {
	private readonly settings: OidcSettings;
	private readonly flow: Flow;
	private readonly renewal: Renewal;
	/** The session's value that is the login. */
	private readonly name: string;
	private readonly login: Key<KeptLogin> = key('login');

	constructor(settings: OidcSettings) {
		const provider = new Provider(settings);
		this.settings = settings;
		this.name = `oidc ${settings.clientId}`.slice(0, 200);
		this.flow = new Flow(settings, provider, this.name);
		this.renewal = new Renewal(provider, settings.refreshBefore);
	}

	async enter(next: App, request: Request, context: Context): Promise<Response> {
		const message = raw(request);
		const step = stepOf(this.settings, message, context);
		const own = known(context, session);
		if (step === 'begin') return this.flow.begin(message, context, backIn(message));
		if (step === 'finish') return this.flow.finish(message, context, own);
		if (step === 'end') return this.flow.end(message, context, own);
		if (step === 'wrong method') return wrongMethod(this.settings, message);
		const kept = (await own.get(this.name)) as KeptLogin | undefined;
		const login = kept === undefined ? null : await this.renewal.current(own, this.name, kept);
		if (login !== null) {
			context.set(this.login, login);
			context.set(identity, identityOf(login, this.settings.nameClaim));
		} else if (this.settings.required) {
			if (isNavigation(message, context)) return this.flow.begin(message, context, whole(message, context));
			throw new HttpError(401, { message: 'Log in first', fields: challenge(this.settings, context) });
		}
		return next(request, context, context);
	}

	tokens(context: Context): OidcTokens | null {
		const login = context.get(this.login);
		return login === undefined ? null : { accessToken: login.access, expires: login.expires };
	}
}

type Step = 'begin' | 'finish' | 'end' | 'wrong method' | 'pass';

/** What a request is, of those that the layer answers itself. */
function stepOf(settings: OidcSettings, { target, form, method }: RawRequest, { offers }: Context): Step {
	if (form !== 'origin' || offers.length > 0) return 'pass';
	const mark = target.indexOf('?');
	const path = mark === -1 ? target : target.slice(0, mark);
	if (path === settings.loginPath) return method === 'GET' ? 'begin' : 'wrong method';
	if (path === settings.redirectPath) return method === 'GET' ? 'finish' : 'wrong method';
	// A link or an image must not log anybody out.
	if (path === settings.logoutPath) return method === 'POST' ? 'end' : 'wrong method';
	return 'pass';
}

function wrongMethod({ logoutPath }: OidcSettings, { target }: RawRequest): Response {
	const allow = target.replace(/\?.*$/s, '') === logoutPath ? 'POST' : 'GET';
	return respond(405, { allow }, 'This path is for logging in and out\n');
}

/** Whether a person looks at a page that may become another one: nothing else could follow a redirect to a form. */
function isNavigation({ method, fields }: RawRequest, { offers }: Context): boolean {
	if (method !== 'GET' || offers.length > 0) return false;
	const mode = fields.get('sec-fetch-mode');
	if (mode !== null) return mode === 'navigate';
	return /\btext\/html\b/i.test(fields.get('accept') ?? '');
}

/** The path as the browser knows it. */
function whole({ target, form }: RawRequest, { mount }: Context): string | null {
	return form === 'origin' ? mount + target : null;
}

function backIn({ target }: RawRequest): string | null {
	const mark = target.indexOf('?');
	return mark === -1 ? null : new URLSearchParams(target.slice(mark)).get('back');
}

/** RFC 9110 section 11.6.1 wants one with each 401; there is none registered for logins by a page. */
function challenge({ loginPath }: OidcSettings, { mount }: Context): Record<string, string> {
	return { 'www-authenticate': `OIDC login=${quote(mount + loginPath)}` };
}

const LOCATION: FieldNote = { what: 'adds', name: 'Location', on: 'response', source: 'RFC 9110 section 10.2.2' };
const CHALLENGE: FieldNote = {
	what: 'adds',
	name: 'WWW-Authenticate',
	on: 'response',
	when: 'with 401 Unauthorized',
	source: 'RFC 9110 section 11.6.1',
};

function explanation(settings: OidcSettings, request: RawRequest, context: Context): Explanation {
	const { issuer, required } = settings;
	const provider = issuer.href;
	switch (stepOf(settings, request, context)) {
		case 'begin':
			return {
				does: [`Begins a login with ${provider}.`],
				fields: [LOCATION],
				answers: statusLine(303, 'to the provider'),
			};
		case 'finish':
			return {
				does: ['Ends a login: checks state, issuer, code, nonce and signature, and gives the session a new identity.'],
				fields: [LOCATION],
				answers: statusLine(303, 'to the page where the login began'),
			};
		case 'end':
			return {
				does: ['Destroys the session, and asks the provider to end its own.'],
				fields: [LOCATION],
				answers: statusLine(303),
			};
		case 'wrong method':
			return { does: ['The path is for logging in or out, by another method.'], answers: statusLine(405) };
		case 'pass':
			break;
	}
	const does = 'Looks for a login in the session, and renews its tokens when it is time.';
	if (!required) return { does: [does, 'Passes the request on, with the identity where there is one.'] };
	const sent = isNavigation(request, context);
	const refused = sent ? `303 See Other, to ${provider},` : '401 Unauthorized';
	return {
		does: [does, `Answers ${refused} when there is none.`, 'Passes the request on, with the identity.'],
		fields: [sent ? { ...LOCATION, when: 'with 303 See Other' } : CHALLENGE],
	};
}
