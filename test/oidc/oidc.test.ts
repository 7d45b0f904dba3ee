/** Login with a real provider, through its forms, over HTTP. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { type App, respond, stack } from '../../src/convention/index.ts';
import { csrf } from '../../src/middleware/csrf/index.ts';
import { identity } from '../../src/middleware/keys.ts';
import { type OidcOptions, oidc } from '../../src/middleware/oidc/index.ts';
import { memorySessions, type SessionsOptions, sessions } from '../../src/middleware/sessions/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { Browser, type Page } from './browser.ts';
import { CLIENT, type RunningProvider, realProvider } from './provider.ts';

interface Site {
	readonly origin: string;
	readonly provider: RunningProvider;
}

const insecureCookie = { secure: false } as const;

/** Plain HTTP on both sides: the browser of this test is none that would mind. */
async function site(
	t: TestContext,
	kept: SessionsOptions,
	options: Partial<OidcOptions> = {},
	accessSeconds?: number,
): Promise<Site> {
	let app: App = () => respond(503);
	const listener = await listen(t, (request, context) => app(request, context));
	const origin = `http://127.0.0.1:${portOf(listener)}`;
	const provider = await realProvider(t, origin, accessSeconds);
	const login = oidc({
		issuer: provider.issuer,
		clientId: CLIENT.id,
		clientSecret: CLIENT.secret,
		insecure: true,
		afterLogout: '/bye',
		...options,
	} as OidcOptions & { optional?: false });
	app = stack(
		sessions({ ...kept, cookie: insecureCookie }),
		csrf(),
		login,
	)((_request, context) => {
		const { name, claims } = context.get(identity);
		return respond(
			200,
			{},
			JSON.stringify({ name, email: claims['email'], token: login.tokens(context)?.accessToken }),
		);
	});
	return { origin, provider };
}

/** Through the forms for name and password, and for consent; no further than to `before`, where it is given. */
async function logIn(browser: Browser, page: Page, user = 'ada', before?: string): Promise<Page> {
	let at = await browser.submit(page, { login: user, password: 'any' }, before);
	if (/name="prompt" value="consent"/.test(at.text)) at = await browser.submit(at, {}, before);
	return at;
}

const ways: Readonly<Record<string, () => SessionsOptions>> = {
	'a store': () => ({ store: memorySessions() }),
	'the cookie': () => ({ secret: randomBytes(32) }),
};

for (const [way, kept] of Object.entries(ways)) {
	test(`from a page through the provider's forms and back, in and out, with the session in ${way}`, async (t) => {
		const { origin, provider } = await site(t, kept(), { userInfo: true, scopes: ['openid', 'email'] });
		const browser = new Browser();
		const form = await browser.open(`${origin}/page?x=1`);
		assert.equal(form.url.origin, provider.issuer);
		const page = await logIn(browser, form);
		assert.equal(page.url.href, `${origin}/page?x=1`);
		const { name, email } = JSON.parse(page.text) as Record<string, string>;
		assert.deepEqual([name, email], ['ada', 'ada@example.com']);

		// RP-initiated logout: the provider asks, and sends the browser back.
		const asked = await browser.open(`${origin}/logout`, new URLSearchParams());
		assert.equal(asked.url.origin, provider.issuer);
		const out = await browser.submit(asked, { logout: 'yes' });
		// `/bye` needs a login as every page does: the provider has forgotten the user, and asks again.
		assert.equal(out.url.origin, provider.issuer);
		assert.match(out.text, /name="login"/);
		assert.deepEqual(provider.failures, []);
	});

	test(`tokens are renewed for requests at the same time, and none comes twice, with the session in ${way}`, async (t) => {
		const options = { scopes: ['openid', 'offline_access'], parameters: { prompt: 'consent' }, refreshBefore: 60_000 };
		const { origin, provider } = await site(t, kept(), options, 30);
		const browser = new Browser();
		const page = await logIn(browser, await browser.open(`${origin}/`));
		assert.equal(page.url.href, `${origin}/`, page.text.slice(0, 500));
		const pages = await Promise.all([1, 2, 3].map((n) => browser.open(`${origin}/${n}`)));
		for (const { status, text } of pages)
			assert.deepEqual([status, (JSON.parse(text) as { name: string }).name], [200, 'ada']);
		assert.deepEqual(provider.failures, []);
		assert.ok(provider.grants.includes('refresh_token'), provider.grants.join());
	});
}

test('an answer of the provider that another browser has asked for ends nowhere', async (t) => {
	const { origin, provider } = await site(t, { store: memorySessions() });
	const attacker = new Browser();
	const form = await attacker.open(`${origin}/`);
	assert.equal(form.url.origin, provider.issuer);
	// Everything but the last step: the way back is kept for the victim.
	const way = await logIn(attacker, form, 'eve', `${origin}/login/callback`);
	assert.equal(way.url.pathname, '/login/callback');
	const victim = new Browser();
	await victim.open(`${origin}/`);
	assert.equal((await victim.open(way.url)).status, 400);
	// It was a good one: who began it is logged in by it.
	assert.equal((JSON.parse((await attacker.open(way.url)).text) as { name: string }).name, 'eve');
});

test('who says no at the provider is told so', async (t) => {
	const { origin } = await site(t, { store: memorySessions() });
	const browser = new Browser();
	const form = await browser.open(`${origin}/`);
	const abort = /href="([^"]*\/abort)"/.exec(form.text)?.[1] ?? '';
	const page = await browser.open(new URL(abort, form.url));
	assert.deepEqual([page.url.origin, page.status, page.text], [origin, 403, 'The login was refused\n']);
});
