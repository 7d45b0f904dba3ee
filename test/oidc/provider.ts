/** A real provider, `oidc-provider`, on a port of this machine, with its own development forms: any user, any password. */
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Provider } from 'oidc-provider';

export interface RunningProvider {
	readonly issuer: string;
	/** Refresh tokens that came a second time, and the like. */
	readonly failures: string[];
	readonly grants: string[];
}

export const CLIENT = { id: 'turnabout', secret: 'a secret that the provider and we know' };

/** Listens until the test is over. `origin` is the app's. */
export async function realProvider(t: TestContext, origin: string, accessSeconds = 3600): Promise<RunningProvider> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	t.after(() => stop(server));
	const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const provider = new Provider(issuer, {
		clients: [
			{
				client_id: CLIENT.id,
				client_secret: CLIENT.secret,
				redirect_uris: [`${origin}/login/callback`],
				post_logout_redirect_uris: [`${origin}/bye`],
				grant_types: ['authorization_code', 'refresh_token'],
			},
		],
		cookies: { keys: ['of the test'] },
		scopes: ['openid', 'offline_access', 'email'],
		claims: { openid: ['sub'], email: ['email'] },
		findAccount: (_context, id) => ({
			accountId: id,
			claims: () => Promise.resolve({ sub: id, email: `${id}@example.com` }),
		}),
		pkce: { required: () => true },
		rotateRefreshToken: true,
		ttl: { AccessToken: accessSeconds, Interaction: 600, Session: 600, Grant: 600 },
	});
	const failures: string[] = [];
	const grants: string[] = [];
	const note = (_context: unknown, error: Error): void => void failures.push(error.message);
	provider.on('authorization.error', note);
	provider.on('grant.error', note);
	provider.on('server_error', note);
	provider.on('grant.success', (context) => void grants.push(String(context.oidc.params?.['grant_type'])));
	const answer = provider.callback();
	server.on('request', (request, response) => void answer(request, response));
	return { issuer, failures, grants };
}

async function stop(server: Server): Promise<void> {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
}
