/** An app behind a login at the stub, and a browser that goes through it. */
import assert from 'node:assert/strict';
import { type App, type AppKnowing, raw, respond, stack } from '../../../src/convention/index.ts';
import type { MemoryAnswer } from '../../../src/engine/memory/index.ts';
import { type Identity, identity, session } from '../../../src/middleware/keys.ts';
import { type Oidc, type OidcOptions, oidc } from '../../../src/middleware/oidc/index.ts';
import { memorySessions, type SessionsOptions, sessions } from '../../../src/middleware/sessions/index.ts';
import { CookieJar } from '../../support/cookie-jar.ts';
import type { StubProvider } from './stub-provider.ts';

export const SECRET = 'client secret, of the test';

export const optionsFor = ({ issuer }: Pick<StubProvider, 'issuer'>): OidcOptions & { optional?: false } => ({
	issuer,
	clientId: 'client',
	clientSecret: SECRET,
	insecure: true,
});

/** Says who is there. `/keep/x` keeps x in the session, `/kept` says it. */
export function appAt(
	stub: StubProvider,
	options: Partial<OidcOptions> = {},
	kept: SessionsOptions = { store: memorySessions() },
): App {
	const login = oidc({ ...optionsFor(stub), ...options } as OidcOptions & { optional?: false });
	return stack(sessions(kept), login)(whoIsThere(login));
}

const whoIsThere =
	(login: Oidc): AppKnowing<typeof identity | typeof session> =>
	async (request, context) => {
		const { target } = raw(request);
		if (context.offers.length > 0)
			return respond(101, { upgrade: 'x' }, null, { tunnel: (stream) => stream.writable.end() });
		if (target.startsWith('/keep/')) context.get(session).set('kept', target.slice(6));
		const who = context.get(identity) as Identity | undefined;
		const body = { who: who?.name ?? null, claims: who?.claims, token: login.tokens(context)?.accessToken };
		return respond(200, {}, JSON.stringify({ ...body, kept: await context.get(session).get('kept') }));
	};

export const page = { fields: { accept: 'text/html' } };

/** Where the provider was asked to log in, and what for. */
export function asked(answer: MemoryAnswer): URLSearchParams {
	assert.equal(answer.status, 303, `status ${answer.status}, ${String(answer.error)}`);
	const url = new URL(answer.fields.get('location') ?? '');
	assert.equal(url.pathname, '/auth');
	return url.searchParams;
}

/** The path by which the provider sends the browser back. */
export function callback(stub: StubProvider, state: string | null, more: Record<string, string> = {}): string {
	const query = new URLSearchParams({ code: 'code', state: state ?? '', iss: stub.issuer, ...more });
	return `/login/callback?${query.toString()}`;
}

/** From a page to the provider and back. */
export async function logIn(
	app: App,
	stub: StubProvider,
	jar: CookieJar = new CookieJar(),
	path = '/',
): Promise<CookieJar> {
	const query = asked(await jar.ask(app, path, page));
	stub.nonce = query.get('nonce') ?? '';
	const back = await jar.ask(app, callback(stub, query.get('state')));
	assert.equal(
		back.status,
		303,
		`${back.status}: ${String(back.error)} ${String((back.error as Error | undefined)?.cause)}`,
	);
	return jar;
}

export async function who(app: App, jar: CookieJar): Promise<Record<string, unknown>> {
	const answer = await jar.ask(app, '/me');
	return answer.status === 200 ? ((await answer.json()) as Record<string, unknown>) : { status: answer.status };
}
