/** The three steps that a browser takes: to the provider, back from it, and out again (OpenID Connect Core section 3.1, RP-Initiated Logout 1.0). */
import type { Configuration } from 'openid-client';
import { type Context, HttpError, type RawRequest, respond } from '../../convention/index.ts';
import type { Session } from '../keys.ts';
import { Seal } from '../seal.ts';
import { type KeptLogin, keptLogin, type Tokens } from './kept-login.ts';
import { localPath } from './local-path.ts';
import type { OidcSettings } from './options.ts';
import { ownOrigin } from './own-origin.ts';
import { type PendingLogin, PendingLogins } from './pending-logins.ts';
import { type Provider, type Ready, unreachable } from './provider.ts';

export class Flow {
	private readonly settings: OidcSettings;
	private readonly provider: Provider;
	/** The session's value that is the login. */
	private readonly name: string;
	private readonly seal: Seal;

	constructor(settings: OidcSettings, provider: Provider, name: string) {
		this.settings = settings;
		this.provider = provider;
		this.name = name;
		this.seal = new Seal(settings.secrets, 'login');
	}

	/** Sends the browser to the provider. `back` is any text: what is no path of ours becomes `/`. The session is not touched. */
	async begin(request: RawRequest, context: Context, back: string | null): Promise<Response> {
		const ready = await this.provider.ready();
		const { openid, configuration } = ready;
		const { scope, parameters } = this.settings;
		const here = this.here(request, context, this.settings.redirectPath);
		const { login, lines } = this.pending(here).begin(ready, request.fields, this.backTo(context, back));
		const url = openid.buildAuthorizationUrl(configuration, {
			...parameters,
			scope,
			redirect_uri: here,
			state: login.state,
			nonce: login.nonce,
			code_challenge: await openid.calculatePKCECodeChallenge(login.verifier),
			code_challenge_method: 'S256',
		});
		return redirect(url.href, lines);
	}

	/** The browser comes back with a code, or with what went wrong. */
	async finish(request: RawRequest, context: Context, session: Session): Promise<Response> {
		const { target } = request;
		const mark = target.indexOf('?');
		const query = mark === -1 ? '' : target.slice(mark);
		const state = new URLSearchParams(query).get('state');
		// Bound to this browser: a state that was begun in another is unknown here, however good its code.
		const here = this.here(request, context, this.settings.redirectPath);
		const pending = this.pending(here);
		const login = state === null ? null : pending.find(request.fields, state);
		if (login === null) {
			const { loginPath } = this.settings;
			const message = `This login was not begun in this browser, or has taken too long: begin again at ${context.mount}${loginPath}`;
			throw new HttpError(400, { message });
		}
		const url = new URL(here + query);
		const kept = await this.exchange(await this.provider.ready(), url, login);
		await this.keep(session, kept);
		return redirect(login.back, [pending.over(login)]);
	}

	/** Out, here at once, and at the provider where it can be told. */
	async end(request: RawRequest, context: Context, session: Session): Promise<Response> {
		const login = (await session.get(this.name)) as KeptLogin | undefined;
		session.destroy();
		const { afterLogout } = this.settings;
		const { mount } = context;
		if (login === undefined) return redirect(mount + afterLogout);
		try {
			const { openid, configuration } = await this.provider.ready();
			if (!canEnd(configuration)) return redirect(mount + afterLogout);
			const back = this.here(request, context, afterLogout);
			const parameters = { id_token_hint: login.token, post_logout_redirect_uri: back };
			return redirect(openid.buildEndSessionUrl(configuration, parameters).href);
		} catch {
			// The session here is over all the same.
			return redirect(mount + afterLogout);
		}
	}

	private async exchange(ready: Ready, url: URL, { state, nonce, verifier }: PendingLogin): Promise<KeptLogin> {
		const { openid, configuration } = ready;
		try {
			const tokens: Tokens = await openid.authorizationCodeGrant(configuration, url, {
				expectedState: state,
				expectedNonce: nonce,
				pkceCodeVerifier: verifier,
			});
			const sub = tokens.claims()?.sub ?? '';
			const more = this.settings.userInfo ? await openid.fetchUserInfo(configuration, tokens.access_token, sub) : null;
			const kept = keptLogin(tokens, more);
			if (kept === null) throw new openid.ClientError('There is no ID token');
			return kept;
		} catch (error) {
			throw verdict(ready, error);
		}
	}

	/** Nothing of an earlier user is left to the next; and the session from before the login is not the one after it. */
	private async keep(session: Session, kept: KeptLogin): Promise<void> {
		const before = (await session.get(this.name)) as KeptLogin | undefined;
		if (before !== undefined && before.claims.sub !== kept.claims.sub) session.destroy();
		else session.rotate();
		session.set(this.name, kept);
	}

	private pending(here: string): PendingLogins {
		const { issuer, clientId } = this.settings;
		return new PendingLogins(this.seal, issuer.href, clientId, here);
	}

	private here(request: RawRequest, context: Context, path: string): string {
		return (this.settings.origin ?? ownOrigin(request, context)) + context.mount + path;
	}

	private backTo({ mount }: Context, back: string | null): string {
		const path = localPath(back) ?? `${mount}/`;
		const { redirectPath, loginPath, logoutPath } = this.settings;
		const own = [redirectPath, loginPath, logoutPath].map((one) => mount + one);
		return own.includes(path.replace(/[?#].*$/s, '')) ? `${mount}/` : path;
	}
}

const canEnd = (configuration: Configuration): boolean =>
	configuration.serverMetadata().end_session_endpoint !== undefined;

/** For one browser and one time. */
function redirect(location: string, cookies: readonly string[] = []): Response {
	const lines = cookies.flatMap((line) => ['set-cookie', line]);
	return respond(303, ['location', location, 'cache-control', 'no-store', ...lines]);
}

/** What the browser is told; what the provider or a forger has said is for the log alone. */
function verdict({ openid }: Ready, error: unknown): HttpError {
	if (error instanceof openid.AuthorizationResponseError)
		return new HttpError(403, { message: 'The login was refused', cause: error });
	if (error instanceof openid.ResponseBodyError && error.error === 'invalid_grant')
		return new HttpError(400, { message: 'This login is over already', cause: error });
	if (error instanceof openid.ClientError && error.code !== 'OAUTH_TIMEOUT')
		return new HttpError(400, { message: 'The login could not be verified', cause: error });
	// Among them what only the operator can mend, such as a wrong secret.
	return error instanceof openid.ResponseBodyError
		? new HttpError(502, { message: 'The provider has refused us', cause: error })
		: unreachable(error);
}
