/** A provider that does what a test wants, lies included: discovery, keys, tokens, userinfo. It has no forms: tests make the codes. */
import type { TestContext } from 'node:test';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type App, respond } from '../../../src/convention/index.ts';
import { listen, portOf } from '../../support/engines.ts';

const { publicKey, privateKey } = await generateKeyPair('RS256');
const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };

/** What the next token answer is made of. */
export interface Answer {
	readonly claims?: JWTPayload;
	readonly status?: number;
	readonly body?: Record<string, unknown>;
	readonly expiresIn?: number;
	/** A whole ID token in place of a signed one. */
	readonly idToken?: string;
	/** Signed by a key that the provider has not. */
	readonly forged?: boolean;
}

export class StubProvider {
	readonly issuer: string;
	/** Requests to the token endpoint. */
	readonly asked: URLSearchParams[] = [];
	/** Nonce of the login under way. */
	nonce = '';
	sub = 'ada';
	answer: Answer = {};
	/** Held back until the promise settles. */
	gate: Promise<unknown> = Promise.resolve();
	discoveries = 0;
	down = false;
	userInfo: Record<string, unknown> = {};
	extra: Record<string, unknown> = {};
	private counter = 0;

	constructor(issuer: string) {
		this.issuer = issuer;
	}

	readonly app: App = async (request) => {
		const { pathname } = new URL(request.url);
		if (this.down) return respond(500, null, 'down');
		if (pathname === '/.well-known/openid-configuration') {
			this.discoveries++;
			return json(this.metadata());
		}
		if (pathname === '/jwks') return json({ keys: [jwk] });
		if (pathname === '/userinfo') return json(this.userInfo);
		if (pathname === '/token') return this.token(new URLSearchParams(await request.text()));
		return respond(404);
	};

	private metadata(): Record<string, unknown> {
		const { issuer } = this;
		return {
			issuer,
			authorization_endpoint: `${issuer}/auth`,
			token_endpoint: `${issuer}/token`,
			userinfo_endpoint: `${issuer}/userinfo`,
			jwks_uri: `${issuer}/jwks`,
			end_session_endpoint: `${issuer}/end`,
			authorization_response_iss_parameter_supported: true,
			id_token_signing_alg_values_supported: ['RS256'],
			...this.extra,
		};
	}

	private async token(form: URLSearchParams): Promise<Response> {
		this.asked.push(form);
		await this.gate;
		const { answer } = this;
		if (answer.status !== undefined) return json(answer.body ?? {}, answer.status);
		this.counter++;
		return json({
			access_token: `access-${this.counter}`,
			refresh_token: `refresh-${this.counter}`,
			token_type: 'Bearer',
			expires_in: answer.expiresIn ?? 3600,
			id_token: answer.idToken ?? (await this.idToken(form)),
			...answer.body,
		});
	}

	private async idToken(form: URLSearchParams): Promise<string> {
		const nonce = form.get('grant_type') === 'authorization_code' ? { nonce: this.nonce } : {};
		const claims = { iss: this.issuer, sub: this.sub, aud: 'client', ...nonce, ...this.answer.claims };
		const key = this.answer.forged ? (await generateKeyPair('RS256')).privateKey : privateKey;
		return new SignJWT(claims)
			.setProtectedHeader({ alg: 'RS256', kid: 'one' })
			.setIssuedAt()
			.setExpirationTime('5 minutes')
			.sign(key);
	}
}

const json = (body: unknown, status = 200): Response =>
	respond(status, { 'content-type': 'application/json' }, JSON.stringify(body));

/** Runs until the test is over. */
export async function stubProvider(t: TestContext): Promise<StubProvider> {
	let stub: StubProvider | null = null;
	const listener = await listen(t, (request, context) => (stub as StubProvider).app(request, context));
	stub = new StubProvider(`http://127.0.0.1:${portOf(listener)}`);
	return stub;
}
