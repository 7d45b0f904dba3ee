/**
 * What `bearer` adds to jose's own verification: `node bench/micro/bearer.ts`. CPU of the whole process (jose verifies in
 * node's threads) for each token, in rounds by turns, the median of each; and the ratios that are held to a bar of 1.3.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, exportJWK, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import { type App, respond } from '../../src/convention/index.ts';
import { exchange } from '../../src/engine/memory/index.ts';
import { type BearerOptions, bearer } from '../../src/middleware/bearer/index.ts';

const issuer = 'https://issuer.example/';
const audience = 'https://api.example/';
const TOKENS = 1_000;
const ROUNDS = 15;
const answer = respond(204);
const app: App = () => answer;

interface Keys {
	readonly publicKey: KeyObject;
	readonly privateKey: KeyObject;
}

/** A call for each token. */
type Work = (token: string) => unknown;

/** Microseconds of CPU for each token. */
async function round(work: Work, tokens: readonly string[]): Promise<number> {
	const before = process.cpuUsage();
	for (const token of tokens) await work(token);
	const { user, system } = process.cpuUsage(before);
	return (user + system) / tokens.length;
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** The layer as an engine calls it; the request is made anew each time, as the token is another. */
function layered(options: Partial<BearerOptions>, jwks: JSONWebKeySet): Work {
	const guarded = bearer({ issuer, audience, jwks: jwks as never, ...options })(app) as App;
	return (token) => {
		const { request, context } = exchange(app, { fields: ['Authorization', `Bearer ${token}`] });
		return guarded(request, context, context);
	};
}

async function compare(alg: string, { publicKey, privateKey }: Keys): Promise<void> {
	const jwks: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg }] };
	const claims = { iss: issuer, aud: audience, scope: 'read write', exp: Math.floor(Date.now() / 1000) + 3_600 };
	const sign = (sub: string) =>
		new SignJWT({ ...claims, sub }).setProtectedHeader({ alg, kid: 'one' }).sign(privateKey);
	const tokens = await Promise.all(Array.from({ length: TOKENS }, (_, n) => sign(`user-${n}`)));
	const keySet = createLocalJWKSet(jwks);
	const works: Readonly<Record<string, Work>> = {
		'jose alone': (token) => jwtVerify(token, keySet, { issuer, audience, algorithms: [alg] }),
		'bearer, every token new': layered({ remember: 0 }, jwks),
		'bearer, tokens remembered': layered({}, jwks),
		'the request alone': (token) => exchange(app, { fields: ['Authorization', `Bearer ${token}`] }),
	};
	const took = new Map(Object.keys(works).map((name): [string, number[]] => [name, []]));
	for (const work of Object.values(works)) await round(work, tokens);
	for (let i = 0; i < ROUNDS; i++) {
		for (const [name, work] of Object.entries(works)) took.get(name)?.push(await round(work, tokens));
	}
	const medians = new Map([...took].map(([name, values]) => [name, median(values)]));
	const harness = medians.get('the request alone') ?? 0;
	const alone = medians.get('jose alone') ?? 0;
	for (const name of ['jose alone', 'bearer, every token new', 'bearer, tokens remembered']) {
		const cpu = (medians.get(name) ?? 0) - (name === 'jose alone' ? 0 : harness);
		console.log(`${alg}  ${name.padEnd(28)} ${cpu.toFixed(1).padStart(7)} µs CPU  ratio ${(cpu / alone).toFixed(2)}`);
	}
}

await compare('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }));
await compare('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }));
await compare('EdDSA', generateKeyPairSync('ed25519'));
